"""What people do in the service, step by step: a lead in a browser, and those who answer in browsers of their own."""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from html import unescape

from openpyxl import Workbook
from playwright.sync_api import APIRequestContext, Page, expect

from tests.browser.conftest import Service

ROW = tuple[str, ...]
PATIENCE = 40_000  # milliseconds for what the worker does: it may be asleep for some seconds


def press(page: Page, name: str) -> None:
    """The button of this name, and the page it leads to without a fault of the server."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("main h1")).not_to_have_text(re.compile("went wrong|not right|out of date|not exist"))


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def said(page: Page, text: str) -> None:
    """What the page says about what was just done."""
    expect(page.locator("[role=status]", has_text=text).first).to_be_visible()


def until(page: Page, condition: Callable[[], object]) -> None:
    """Waits for something outside of the page, such as a mail."""
    for _ in range(PATIENCE // 100):
        if condition():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen in time")


def sign_in(page: Page, service: Service, email: str) -> None:
    """By the link in the mail."""
    before = len(letters(service, email))
    page.goto("/sign-in")
    page.get_by_label("Your e-mail address").fill(email)
    press(page, "Send me a link")
    expect(page.locator("h1")).to_have_text("Look into your mailbox")
    until(page, lambda: len(letters(service, email)) > before)
    page.goto(address_in(letters(service, email)[before], "sign-in"))
    press(page, "Sign in")
    expect(page.locator("h1")).to_have_text("Rounds")


def letters(service: Service, email: str) -> list[str]:
    """The texts of the mail that came to an address, in order."""
    return [
        message.get_body(("plain",)).get_content()
        for message in list(service.post.messages)
        if message["To"] == email
    ]


def address_in(letter: str, kind: str) -> str:
    """The address of a kind in a mail, such as `i` for a personal link."""
    found = re.search(rf"http\S+/{kind}/\S+", letter)
    assert found, letter
    return found[0]


def sheet(rows: Iterable[ROW]) -> bytes:
    """A list as a spreadsheet program saves it."""
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def answer(
    visitor: APIRequestContext,
    link: str,
    choice: int,
    texts: Mapping[str, str] | None = None,
    send: bool = True,
) -> None:
    """Opens an invitation, chooses the same step everywhere, writes the texts and sends; or stops before that."""
    page = visitor.get(link)
    page = visitor.post(link, form={"csrf_token": token_in(page.text()), "language": "en"})
    while not page.url.endswith("/answer/review"):
        assert page.ok, page.url
        asked = re.findall(r'type="radio" name="([^"]+)" value="(\d)"', page.text())
        given = {name: value for name, value in asked if int(value) <= choice}  # the last that fits wins
        written = {
            f"{key}:comment": text for key, text in (texts or {}).items() if f"{key}:comment" in page.text()
        }
        form = {"csrf_token": token_in(page.text()), "go": "next", **given, **written}
        page = visitor.post(page.url, form=form)
    if send:
        page = visitor.post("/answer/send", form={"csrf_token": token_in(page.text())})
        assert page.url.endswith("/answer/thanks"), page.url


def token_in(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page
    return unescape(found[1])


def answer_with_the_keyboard(page: Page, link: str, text: str) -> None:
    """A page a factor, the second answer everywhere, a text at the end: without a pointer."""
    page.goto(link)
    page.get_by_role("button", name="Start").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/answer/*")
    while not page.url.endswith("/review"):
        here = page.url
        for question in page.locator("fieldset.question").all():
            question.locator("input").first.focus()
            page.keyboard.press("ArrowDown")
            expect(question.locator("input").nth(1)).to_be_checked()
        if "closing" in here:
            page.locator("textarea").first.focus()
            page.keyboard.type(text)
            page.get_by_role("button", name="Save and go on").focus()
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address, here=here: address != here)
    page.get_by_role("button", name="Send my answers").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/answer/thanks")
