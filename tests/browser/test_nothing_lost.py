"""The plug is pulled at each step: what was answered is there in the end, all of it, and once it is sent, nothing of
it is left on the device."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests.browser.conftest import PHONE, Watched
from tests.browser.steps import NEXT, SEND, START, begun, go_on, invited, sent, until

SAVES = re.compile("/answer/(f[0-9]|closing|send)$")
WAITS = 12_000  # milliseconds: the page itself tries again every five seconds
TEXT = "Half a sentence, not yet se"


class Plug:
    """Something between the page and the service that goes wrong, and is mended."""

    def __init__(self, page: Page) -> None:
        self.page, self.held = page, []

    def pull(self) -> None:
        raise NotImplementedError

    def put_back(self) -> None:
        self.page.unroute_all(behavior="wait")


class NoNetwork(Plug):
    def pull(self) -> None:
        self.page.context.set_offline(True)

    def put_back(self) -> None:
        self.page.context.set_offline(False)


class Refused(Plug):
    """Nothing listens: the service is down."""

    def pull(self) -> None:
        self.page.route("**/*", lambda route: route.abort("connectionrefused"))


class Broken(Plug):
    """Every save ends in a fault of the server."""

    def pull(self) -> None:
        self.page.route(SAVES, lambda route: _unless_read(route, lambda: route.fulfill(status=500, body="")))


class NoReply(Plug):
    """Saves arrive, and the network is lost before the answer to them."""

    def pull(self) -> None:
        self.page.route(SAVES, lambda route: _unless_read(route, lambda: _arrive(route)))


def _unless_read(route: Route, otherwise: Callable[[], None]) -> None:
    route.continue_() if route.request.method == "GET" else otherwise()


def _arrive(route: Route) -> None:
    route.fetch(max_redirects=0)
    route.abort("connectionreset")


PLUGS = (NoNetwork, Refused, Broken, NoReply)


def choose(page: Page, question: int, place: int) -> None:
    page.locator("fieldset.question").nth(question).locator(".choice").nth(place).click()


def chosen_on(page: Page) -> dict[str, str]:
    """What the page shows as answered."""
    return dict(
        page.evaluate(
            "[...new FormData(document.getElementById('answers'))]"
            ".filter(([name, value]) => value && !['csrf_token', 'was'].includes(name))"
        )
    )


def kept(page: Page, key: str) -> dict[str, str]:
    """What the service has kept of a page: whoever opened it now would see this."""
    shown = page.request.get(f"/answer/{key}", max_retries=3).text()
    choices = re.findall(r'type="radio" name="([^"]+)" value="([^"]+)" checked', shown)
    texts = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', shown)
    return {**dict(choices), **{name: unescape(text) for name, text in texts if text}}


def waiting(page: Page) -> None:
    expect(page.locator("#waiting")).to_be_visible(timeout=WAITS)


def all_sent(page: Page) -> None:
    expect(page.locator("#waiting")).to_be_hidden(timeout=WAITS)
    until(page, lambda: waits_there(page) == 0)


def waits_there(page: Page) -> int | None:
    """How much the device holds; None while a page is on its way: the last look loads itself again."""
    try:
        return page.evaluate("Object.keys(localStorage).length")
    except Error:
        return None


def nothing_left(page: Page) -> None:
    left = page.evaluate(
        "async () => [...Object.keys(localStorage), ...Object.keys(sessionStorage), ...await caches.keys(),"
        " ...(await indexedDB.databases()).map(one => one.name)]"
    )
    assert left == []


@pytest.mark.parametrize("plug", PLUGS, ids=lambda plug: plug.__name__)
def test_the_plug_pulled_at_each_step_loses_nothing(watched: Watched, plug: type[Plug]) -> None:
    page = watched.page(PHONE)
    begun(page)
    given: dict[str, dict[str, str]] = {}
    connection = plug(page)

    # at a choice: the page says that it waits, and sends it by itself once it can
    connection.pull()
    choose(page, 0, 1)
    waiting(page)
    choose(page, 1, 2)
    connection.put_back()
    all_sent(page)
    given["f7"] = chosen_on(page)
    assert len(given["f7"]) == 2
    assert kept(page, "f7") == given["f7"]

    # while writing, then on the way on: the page stays, what is typed stays, and the same button works later
    connection.pull()
    page.locator("textarea").fill(TEXT)
    page.locator(NEXT).click()
    waiting(page)
    expect(page.locator("textarea")).to_have_value(TEXT)
    given["f7"] = chosen_on(page)
    connection.put_back()
    go_on(page)
    assert kept(page, "f7") == given["f7"]
    assert given["f7"]["f7:comment"] == TEXT

    # at the change of the language
    connection.pull()
    choose(page, 0, 3)
    page.locator(".switch summary").click()
    page.locator(".switch button[value=ar]").click()
    waiting(page)
    given["f6"] = chosen_on(page)
    connection.put_back()
    page.locator(".switch button[value=ar]").click()
    expect(page.locator("html")).to_have_attribute("lang", "ar")
    assert chosen_on(page) == given["f6"] == kept(page, "f6")
    go_on(page)

    # before the last look, which shows what waited as well
    connection.pull()
    choose(page, 0, 0)
    waiting(page)
    given["f5"] = chosen_on(page)
    connection.put_back()
    page.goto("/answer/review")
    all_sent(page)
    page.wait_for_load_state()
    lost = [key for key in given if kept(page, key) != given[key]]
    assert lost == []
    expect(page.locator(".answers .fill, .answers .unknown")).to_have_count(
        sum(key in answers for key, answers in given.items())
    )
    nothing_left(page)


@pytest.mark.parametrize("plug", [NoNetwork, Refused, NoReply], ids=lambda plug: plug.__name__)
def test_the_plug_pulled_at_sending(watched: Watched, plug: type[Plug]) -> None:
    """Whoever sends again is shown the receipt, though the answers may have arrived the first time."""
    page = watched.page(PHONE)
    begun(page)
    choose(page, 0, 1)
    go_on(page)
    page.goto("/answer/review")
    connection = plug(page)
    connection.pull()
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/answer/send")):
        page.locator(SEND).click()
    page.wait_for_load_state()
    connection.put_back()
    page.reload()  # as the browser's own page offers it: it sends again
    expect(page.locator(".ticket .code")).to_be_visible()
    expect(page.locator(".said dd")).to_have_count(1)
    nothing_left(page)


def test_a_slow_network_keeps_what_is_changed_meanwhile(watched: Watched) -> None:
    """Saves take their time; who goes on choosing and writing is neither held up nor overtaken."""
    page = watched.page(PHONE)
    begun(page)
    held: list[Route] = []
    hold = [True]
    page.route(SAVES, lambda route: held.append(route) if hold else route.continue_())
    with page.expect_request(SAVES):
        choose(page, 0, 0)
    for place in (1, 2, 3):
        choose(page, 0, place)
    page.locator("textarea").fill(TEXT)
    page.locator(NEXT).click()
    given = chosen_on(page)
    expect(page).to_have_url(re.compile("/answer/f7$"))
    assert len(held) == 1  # one after the other
    hold.clear()
    held[0].continue_()
    page.wait_for_url("**/answer/f6")
    assert kept(page, "f7") == given
    assert given["f7:comment"] == TEXT
    nothing_left(page)


def test_a_page_loaded_again_while_answers_wait(watched: Watched) -> None:
    """Without a network and after it is back: they are still chosen, and go out by themselves."""
    page = watched.page(PHONE)
    begun(page)
    saves = Broken(page)
    saves.pull()
    choose(page, 0, 2)
    page.locator("textarea").fill(TEXT)
    waiting(page)
    given = chosen_on(page)
    page.reload()
    waiting(page)
    assert chosen_on(page) == given
    page.context.set_offline(True)
    saves.put_back()
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        page.reload()
    page.context.set_offline(False)
    page.goto("/answer/f7")
    all_sent(page)
    assert chosen_on(page) == given == kept(page, "f7")


def test_answers_of_one_page_go_out_from_another(watched: Watched) -> None:
    page = watched.page(PHONE)
    begun(page)
    saves = Broken(page)
    saves.pull()
    choose(page, 0, 2)
    waiting(page)
    given = chosen_on(page)
    saves.put_back()
    page.goto("/answer/f6")
    all_sent(page)
    assert kept(page, "f7") == given


def test_a_lost_session_finds_its_answers_by_the_same_link(watched: Watched) -> None:
    """The cookie is gone or has run out: the page says so when it is left, and the link brings all of it back."""
    page = watched.page(PHONE)
    invited(page)
    link = page.url
    page.locator(START).first.click()
    page.wait_for_url("**/answer/f7")
    choose(page, 0, 1)
    all_sent(page)
    page.context.clear_cookies()
    choose(page, 1, 2)
    waiting(page)
    page.locator("textarea").fill(TEXT)
    given = chosen_on(page)
    assert len(given) == 3
    page.locator(NEXT).click()
    expect(page.locator("#answers")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()
    page.goto(link)
    page.locator(START).first.click()
    page.wait_for_url("**/answer/f7")
    all_sent(page)
    assert chosen_on(page) == given == kept(page, "f7")


def test_a_group_code_goes_on_in_the_browser_that_lost_its_cookie(watched: Watched, stage: object) -> None:
    """Only the device itself can tell whose draft it is: it keeps a secret for that until the answers are sent."""
    page = watched.page(PHONE)
    page.goto("/?language=en")
    code = page.locator("p .code").inner_text()

    def join() -> None:
        page.goto("/join")
        page.locator("#code").fill(code)
        page.locator(START).click()
        page.wait_for_url("**/join/*")
        page.locator(START).click()
        page.wait_for_url("**/answer/f7")

    join()
    choose(page, 0, 2)
    until(page, lambda: page.evaluate("Object.keys(localStorage).length === 1"))  # the secret alone
    given = chosen_on(page)
    page.context.clear_cookies()
    join()
    assert chosen_on(page) == given == kept(page, "f7")
    page.goto("/answer/review")
    sent(page)
    nothing_left(page)


def test_two_windows(watched: Watched) -> None:
    """Changes of different questions are both kept; of the same question a person decides which."""
    one = watched.page(PHONE)
    begun(one)
    two = one.context.new_page()
    two.goto("/answer/f7")
    choose(one, 0, 1)
    all_sent(one)
    choose(two, 1, 2)
    all_sent(two)
    [first, one_chose], [second, two_chose] = *chosen_on(one).items(), *chosen_on(two).items()
    assert first != second
    assert kept(one, "f7") == {first: one_chose, second: two_chose}
    go_on(two)

    choose(one, 1, 3)
    one.locator(NEXT).click()
    expect(one.locator("#met")).to_be_focused()
    expect(one.locator("#met li")).to_have_count(1)
    expect(one.locator("#met a")).to_have_attribute("href", f"#{second}")
    decided = chosen_on(one)
    assert decided[second] != two_chose
    assert kept(one, "f7") == {first: one_chose, second: two_chose}  # until a person decides
    go_on(one)
    assert kept(one, "f7") == decided
    nothing_left(one)


def test_after_sending_the_device_holds_and_shows_nothing(watched: Watched) -> None:
    page = watched.page(PHONE)
    begun(page)
    choose(page, 0, 1)
    page.locator("textarea").fill(TEXT)
    go_on(page)
    page.goto("/answer/review")
    sent(page)
    nothing_left(page)
    for _ in range(2):
        page.go_back()
        expect(page.locator("h1")).to_have_text("Thank you. Your answers have arrived.")
        expect(page.locator("body", has_text=TEXT)).to_have_count(0)
        expect(page.locator("input[type=radio], .ticket")).to_have_count(0)
    page.context.set_offline(True)
    for address in ("/answer/f7", "/answer/review", "/answer/send"):
        with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
            page.goto(address)
    page.context.set_offline(False)


def test_an_answer_is_kept_before_the_page_is_left_in_any_way(watched: Watched) -> None:
    """A window that is shut without a button pressed: the last choice and the half sentence are there again."""
    page = watched.page(PHONE)
    begun(page)
    choose(page, 0, 1)
    page.locator("textarea").fill(TEXT)
    given = chosen_on(page)
    page.close()
    again = watched.contexts[-1].new_page()
    again.goto("/answer/f7")
    all_sent(again)
    assert chosen_on(again) == given == kept(again, "f7")
