"""From the stage to the receipt, on a phone and on a desktop, as people do."""

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Stage, Watched

AXE = AXE_FILE_PATH.read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def clean(page: Page) -> None:
    """No finding of axe, and nothing wider than the screen."""
    page.evaluate(AXE)
    found = page.evaluate(
        "async tags => (await axe.run({runOnly: tags, resultTypes: ['violations']})).violations"
        ".map(found => [found.id, found.nodes.slice(0, 2).map(node => node.html)])",
        TAGS,
    )
    assert found == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px too wide"


def start(page: Page, group: str, language: str) -> None:
    page.goto("/")
    page.locator(f"form:has(input[value={group}]) button[value={language}]").click()
    page.wait_for_url("**/i/**")


@pytest.mark.parametrize(
    ("group", "language", "direction", "viewport", "javascript"),
    [
        ("learners", "ar", "rtl", PHONE, True),
        ("learners", "ar", "rtl", PHONE, False),
        ("city", "en", "ltr", DESKTOP, True),
        ("employers", "de", "ltr", {"width": 320, "height": 640}, True),
    ],
)
def test_from_start_to_receipt(
    watched: Watched, group: str, language: str, direction: str, viewport: dict, javascript: bool
) -> None:
    page = watched.page(viewport, javascript)
    start(page, group, language)
    html = page.locator("html")
    expect(html).to_have_attribute("dir", direction)
    if javascript:
        clean(page)
    page.locator("main form .button").click()
    pages = 0
    while "/review" not in page.url:
        pages += 1
        expect(html).to_have_attribute("lang", language)
        if page.locator("input[type=radio]").count():
            page.locator(".choice").nth(1).click()
            expect(page.locator("input[type=radio]").nth(1)).to_be_checked()
        page.locator("textarea").first.fill("كلمات words Wörter")
        if javascript and pages in (1, 10):
            clean(page)
        page.locator(".buttons .button").first.click()
    assert pages == 10
    expect(page.locator(".answers > div")).to_have_count(10)
    if javascript:
        clean(page)
    page.locator("main form .button").click()
    page.wait_for_url("**/answer/thanks")
    if javascript:
        clean(page)
    page.go_back()
    page.wait_for_url("**/answer/thanks")


def test_the_keyboard_alone_answers_a_page(watched: Watched) -> None:
    page = watched.page(DESKTOP)
    start(page, "learners", "en")
    page.locator("main form .button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/answer/f7")
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[type=radio]").nth(1)).to_be_checked()
    page.keyboard.press("Enter")  # as in any form: the first button, which must be "go on"
    page.wait_for_url("**/answer/f6")
    page.go_back()
    expect(page.locator("input[type=radio]").nth(1)).to_be_checked()


def test_the_language_switch_keeps_what_was_typed(watched: Watched) -> None:
    page = watched.page(PHONE)
    start(page, "learners", "en")
    page.locator("main form .button").click()
    page.locator(".choice").nth(2).click()
    page.locator("textarea").fill("half a sentence")
    page.locator(".switch summary").click()
    page.locator(".switch button[value=ar]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("input[type=radio]").nth(2)).to_be_checked()
    expect(page.locator("textarea")).to_have_value("half a sentence")


def test_a_text_that_is_too_long_is_kept_and_explained(watched: Watched) -> None:
    page = watched.page(PHONE)
    start(page, "learners", "ar")
    page.locator("main form .button").click()
    page.locator(".choice").nth(0).click()
    page.locator("textarea").fill("كلمة " * 300)
    page.locator(".buttons .button").first.click()
    expect(page.locator(".problem")).to_be_visible()
    expect(page.locator("textarea")).to_have_value(("كلمة " * 300).strip())
    expect(page.locator("input[type=radio]").nth(0)).to_be_checked()
    clean(page)


def test_a_group_code_and_the_next_person(watched: Watched, stage: Stage) -> None:
    page = watched.page(PHONE)
    page.goto("/join?language=ar")
    clean(page)
    page.locator("#code").fill("wrongone")
    page.locator("main form .button").click()
    expect(page.locator(".problem")).to_be_visible()
    clean(page)
    page.locator("#code").fill(stage.links["code"].lower())
    page.locator("main form .button").click()
    page.locator("main form .button").click()
    page.wait_for_url("**/answer/f7")
    page.goto("/answer/review")
    page.locator("main form .button").click()
    page.locator("main form .button").click()
    page.wait_for_url("**/join")
    page.goto("/answer/f7")
    expect(page.locator("h1")).to_contain_text("افتح الرابط من جديد")
