"""One device handed round a class: each turn begins with nothing of the person before, whatever went wrong."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Stage, Watched
from tests.browser.steps import NEXT, START, clean, sent

IDLE, LEFT = 60, 20  # seconds until it warns, and until it is cleared then
WORDS = "What nobody else should read"


@pytest.fixture
def kiosk(watched: Watched, stage: Stage) -> Iterator[Page]:
    """A shared device whose clock the test moves, at the first questions."""
    page = watched.page(PHONE)
    page.clock.install()
    page.goto("/shared?language=en")
    clean(page)
    page.locator("button[name=shared][value=yes]").click()
    page.wait_for_url("**/join")
    begin(page, stage)
    yield page
    assert held(page) == []


def begin(page: Page, stage: Stage) -> None:
    page.locator("#code").fill(stage.links["code"])
    page.locator(START).click()
    page.wait_for_url("**/join/*")
    page.locator(START).click()
    page.wait_for_url("**/answer/f7")


def say(page: Page) -> None:
    """A choice and a text, kept by the service."""
    with page.expect_response(lambda reply: reply.request.method == "POST"):
        page.locator(".choice").nth(1).click()
    page.locator("textarea").fill(WORDS)


def held(page: Page) -> list[str]:
    return page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")


def back(page: Page) -> None:
    try:
        page.go_back()
    except Error as no_page:  # the answer to a form, which the browser shows only when it is sent again
        if "ERR_CACHE_MISS" not in str(no_page):
            raise


def nothing_of_before(page: Page, stage: Stage) -> None:
    """Neither Back nor an address shows what was said, and the next person starts with empty questions."""
    page.wait_for_url("**/join")
    expect(page.locator("#code")).to_have_value("")
    for _ in range(3):
        back(page)
        expect(page.locator("main", has_text=WORDS)).to_have_count(0)
        expect(page.locator("input:checked")).to_have_count(0)
    page.goto("/answer/f7")
    expect(page.locator("h1")).to_have_text("Please open your link again")
    page.goto("/answer/thanks")
    expect(page.locator("h1")).to_have_text("Please open your link again")
    page.goto("/join")
    begin(page, stage)
    expect(page.locator("input:checked")).to_have_count(0)
    expect(page.locator("textarea")).to_have_value("")


def test_the_button_ends_a_turn_on_every_page_of_it(kiosk: Page, stage: Stage) -> None:
    say(kiosk)
    expect(kiosk.locator("#turn button").first).to_be_visible()
    clean(kiosk)
    kiosk.locator("#turn button").first.click()
    nothing_of_before(kiosk, stage)


def test_after_sending_too(kiosk: Page, stage: Stage) -> None:
    say(kiosk)
    kiosk.locator(NEXT).click()
    kiosk.wait_for_url("**/answer/f6")
    kiosk.goto("/answer/review")
    sent(kiosk)
    kiosk.locator("#turn button").first.click()
    nothing_of_before(kiosk, stage)


def test_nobody_touches_it(kiosk: Page, stage: Stage) -> None:
    """It warns; a touch lets it wait again; without one it is cleared."""
    idle = kiosk.locator("#idle")
    say(kiosk)
    kiosk.clock.run_for((IDLE - 2) * 1000)
    expect(idle).to_be_hidden()
    kiosk.clock.run_for(3000)
    expect(idle).to_be_visible()
    expect(idle).to_be_focused()
    clean(kiosk)
    kiosk.keyboard.press("Tab")
    expect(kiosk.locator("#here")).to_be_focused()
    kiosk.keyboard.press("Enter")
    expect(idle).to_be_hidden()
    kiosk.clock.run_for((IDLE - 2) * 1000)
    expect(idle).to_be_hidden()
    expect(kiosk.locator("textarea")).to_have_value(WORDS)
    kiosk.clock.run_for(3000)
    expect(idle).to_be_visible()
    kiosk.clock.run_for((LEFT + 1) * 1000)
    nothing_of_before(kiosk, stage)


def test_a_receipt_is_not_left_for_the_next_one(kiosk: Page, stage: Stage) -> None:
    say(kiosk)
    kiosk.locator(NEXT).click()
    kiosk.wait_for_url("**/answer/f6")
    kiosk.goto("/answer/review")
    code = sent(kiosk)
    kiosk.clock.run_for((IDLE + LEFT + 2) * 1000)
    kiosk.wait_for_url("**/join")
    back(kiosk)
    expect(kiosk.locator("body", has_text=code)).to_have_count(0)


def test_without_a_network_it_shows_nothing_and_ends_the_turn_later(kiosk: Page, stage: Stage) -> None:
    """What waits on the device goes with its person, and is not sent as somebody else's."""
    kiosk.context.set_offline(True)
    kiosk.locator(".choice").nth(1).click()
    kiosk.locator("textarea").fill(WORDS)
    expect(kiosk.locator("#waiting")).to_be_visible()
    assert len(held(kiosk)) == 1
    kiosk.locator("#turn button").first.click()
    expect(kiosk.locator("#stuck")).to_be_visible()
    expect(kiosk.locator("main")).to_be_hidden()
    assert held(kiosk) == []
    kiosk.context.set_offline(False)
    kiosk.clock.run_for(6000)
    nothing_of_before(kiosk, stage)


def test_a_reload_without_the_script_does_not_help_either(watched: Watched, stage: Stage) -> None:
    page = watched.page(DESKTOP, javascript=False)
    page.goto("/shared?language=en")
    page.locator("button[name=shared][value=yes]").click()
    begin(page, stage)
    page.locator(".choice").nth(1).click()
    page.locator("textarea").fill(WORDS)
    page.locator(NEXT).click()
    page.wait_for_url("**/answer/f6")
    page.locator("#turn button").first.click()
    nothing_of_before(page, stage)


def test_its_owner_gets_it_back(kiosk: Page) -> None:
    kiosk.locator("#turn button").first.click()
    kiosk.wait_for_url("**/join")
    kiosk.goto("/shared")
    kiosk.locator("button[name=shared][value=no]").click()
    expect(kiosk.locator("button[name=shared][value=yes]")).to_be_visible()
    kiosk.goto("/join")
    expect(kiosk.locator("#turn")).to_have_count(0)


def test_a_phone_that_is_handed_on_once(watched: Watched, stage: Stage) -> None:
    """Without the mode for shared devices: the button below the receipt."""
    page = watched.page(PHONE)
    page.goto("/join?language=en")
    begin(page, stage)
    say(page)
    page.locator(NEXT).click()
    page.wait_for_url(re.compile("/answer/f6"))
    page.goto("/answer/review")
    with page.expect_request("**/answer/send") as sending:
        code = sent(page)
    page.locator("form[action$=next-person] button").click()
    nothing_of_before(page, stage)
    kind = {
        "Content-Type": "application/x-www-form-urlencoded"
    }  # as a browser sends once more that is asked to
    again = page.request.post("/answer/send", data=sending.value.post_data, headers=kind)
    assert code not in again.text()
