"""What people do in the service, step by step: a lead in a browser, and those who answer in browsers of their own."""

import io
import re
from collections.abc import Callable, Iterable, Mapping
from html import unescape

from axe_playwright_python.base import AXE_FILE_PATH
from openpyxl import Workbook
from playwright.sync_api import APIRequestContext, Page, Response, expect

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
        form = {name: hidden_in(page.text(), name) for name in ("csrf_token", "receipt")}
        page = visitor.post("/answer/send", form=form)
        assert 'class="ticket"' in page.text(), page.url


def token_in(page: str) -> str:
    return hidden_in(page, "csrf_token")


def hidden_in(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
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
    expect(page.locator(".ticket .code")).to_be_visible()


AXE = AXE_FILE_PATH.read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NEXT = "button.button[name=go][value=next]"  # the one that is seen
START = SEND = "main form .button"  # the first, on the pages that have it


def clean(page: Page, but: tuple[str, ...] = ()) -> None:
    """No finding of axe, but of rules that are named, and nothing wider than the screen."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(
        "async tags => (await axe.run({runOnly: tags, resultTypes: ['violations']})).violations"
        ".map(found => [found.id, found.nodes.slice(0, 2).map(node => node.html)])",
        TAGS,
    )
    found = [finding for finding in found if finding[0] not in but]
    assert found == [], f"{page.url}: {found}"
    fits(page)


def fits(page: Page) -> None:
    """Nothing is wider than the screen."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def shown_by(page: Page, act: Callable[[], object]) -> Response:
    """The answer of the service that a step leads to, whether its page or the browser asks for it."""
    with page.expect_navigation() as led:
        act()
    return led.value


def invited(page: Page, group: str = "learners", language: str = "en") -> None:
    """From the stage to the start page of a fresh invitation."""
    page.goto("/")
    page.locator(f"form:has(input[value={group}]) button[value={language}]").click()
    page.wait_for_url("**/i/**")


def begun(page: Page, group: str = "learners", language: str = "en") -> None:
    """From the stage to the first questions."""
    invited(page, group, language)
    page.locator(START).first.click()
    page.wait_for_url("**/answer/*")


def go_on(page: Page) -> None:
    """To the next page, once everything is kept."""
    here = page.url
    page.locator(NEXT).click()
    page.wait_for_url(lambda address: address != here)


def sent(page: Page) -> str:
    """From the last look to the receipt; its code."""
    page.locator(SEND).first.click()
    code = page.locator(".ticket .code")
    expect(code).to_be_visible()
    return code.inner_text()
