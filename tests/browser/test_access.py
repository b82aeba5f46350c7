"""Without a pointer, with little sight, on a screen of 320 px or at 400 %, in the dark, in forced colours."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Watched
from tests.browser.steps import NEXT, START, begun, clean, fits, go_on, invited, sent

ZOOMED = {"width": 320, "height": 256}  # 1280 x 1024 at 400 %
MOST_TABS = 60

# What has the focus: a name for messages, where it stands, and what shows it. A radio button is shown by its label.
STOP = """(wanted) => {
  const here = document.activeElement, seen = here.closest('.choice') || here;
  if (here === document.body) return null;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(seen);
  const box = seen.getBoundingClientRect();
  return {
    name: `${here.tagName} ${here.name || here.getAttribute('href') || ''} ${seen.textContent.trim().slice(0, 30)}`,
    shown: (outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2) || boxShadow !== 'none',
    place: [...document.querySelectorAll('a, button, summary, input, textarea')].indexOf(here),
    reached: here === wanted,
    block: here.closest('nav.trail') ? 'trail' : 'page',
    top: box.top + scrollY, bottom: box.bottom + scrollY,
    inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0,
  };
}"""

# Everything that is pressed, chosen or typed into and is seen, with its size. Links within a sentence may be small.
TARGETS = """() => {
  const within = (link) => link.matches('a') && getComputedStyle(link).display === 'inline'
    && [...link.parentNode.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  return [...document.querySelectorAll('a[href], button, summary, select, textarea, input:not([type=hidden])')]
    .filter((one) => one.checkVisibility() && !one.matches('.hidden') && !within(one))
    .map((one) => {
      const { width, height } = (one.closest('.choice') || one).getBoundingClientRect();
      return [one.outerHTML.slice(0, 90), Math.round(width * 10) / 10, Math.round(height * 10) / 10];
    });
}"""

# The ratio of a colour of elements to what is around and within them, as WCAG reckons it
RATIOS = """([selector, property, inside]) => {
  const parsed = (text) => text.match(/[\\d.]+/g).map(Number);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const [r, g, b, a = 1] = parsed(getComputedStyle(node).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    throw Error('no ground');
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((part) => part / 255)
      .map((part) => part <= .04045 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + .05) / (low + .05);
  };
  return [...document.querySelectorAll(selector)].filter((one) => one.checkVisibility()).map((one) => {
    const line = parsed(getComputedStyle(one)[property]).slice(0, 3);
    return Math.min(ratio(line, ground(one.parentElement)), inside ? ratio(line, ground(one)) : 99);
  });
}"""


def pages_of_each_kind(page: Page, language: str, group: str = "learners") -> Iterator[str]:
    """Start, questions with a choice made, the last page with its texts, last look, receipt: opened one by one."""
    invited(page, group, language)
    yield "start"
    page.locator(START).first.click()
    page.wait_for_url("**/answer/*")
    page.locator(".choice").nth(1).click()
    page.locator(".why summary").click()
    yield "questions"
    page.goto("/answer/closing")
    page.locator("textarea").first.fill("x")
    yield "closing"
    go_on(page)
    yield "review"
    sent(page)
    page.locator(".all-said summary").click()
    yield "receipt"


def tab_to(page: Page, wanted: Locator, stops: list[dict] | None = None) -> None:
    """Presses Tab until it is reached. At each stop the focus is seen, and the next one comes after it."""
    stops = stops if stops is not None else []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        stop = wanted.evaluate(STOP)
        if stop is None:
            continue  # past the end, in the browser's own frame
        assert stop["shown"], f"no focus to be seen on {page.url}: {stop['name']}"
        assert stop["inside"], f"the focus is out of sight on {page.url}: {stop['name']}"
        if stops and stops[-1]["place"] < stop["place"] and stops[-1]["block"] == stop["block"]:
            assert stop["bottom"] > stops[-1]["top"], f"{stop['name']} stands above {stops[-1]['name']}"
        elif stops and stops[-1]["place"] > stop["place"]:
            assert stop["place"] <= min(one["place"] for one in stops), f"out of order: {stop['name']}"
        stops.append(stop)
        if stop["reached"]:
            return
    raise AssertionError(f"not reached by Tab: {[stop['name'] for stop in stops]}")


def press_key(page: Page, wanted: Locator, key: str = "Enter") -> None:
    tab_to(page, wanted)
    page.keyboard.press(key)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_keyboard_alone_from_start_to_receipt(watched: Watched, language: str) -> None:
    """With another language, a reason and larger text on the way; the focus is seen at each stop."""
    page = watched.page(PHONE)
    html = page.locator("html")
    other = "ar" if language == "en" else "en"
    invited(page, "learners", other)
    press_key(page, page.locator(f".languages a[hreflang={language}]"))
    expect(html).to_have_attribute("lang", language)
    press_key(page, page.locator(START).first)
    page.wait_for_url("**/answer/f7")

    for there in (other, language):
        press_key(page, page.locator(".switch summary"))
        press_key(page, page.locator(f".switch button[value={there}]"))
        expect(html).to_have_attribute("lang", there)
    press_key(page, page.locator(".tool"))
    expect(html).to_have_class("large")
    press_key(page, page.locator(".why summary"))
    expect(page.locator(".why p")).to_be_visible()

    chosen = 0
    while "/review" not in page.url:
        if page.locator("fieldset.question").count():
            first = page.locator("fieldset.question").first
            press_key(page, first.locator("input").first, "ArrowDown")
            expect(first.locator("input").nth(1)).to_be_checked()
            chosen += 1
        here = page.url
        press_key(page, page.locator(NEXT))
        page.wait_for_url(lambda address, here=here: address != here)
    press_key(page, page.locator("#send button"))
    expect(page.locator(".ticket .code")).to_be_visible()
    press_key(page, page.locator(".all-said summary"))
    expect(page.locator(".said dd")).to_have_count(chosen)


def test_every_stop_of_a_page_in_the_order_of_reading(watched: Watched) -> None:
    """Once around a page of questions, both ways of reading: each control has one stop, a group of choices too."""
    page = watched.page(DESKTOP)
    for language in ("en", "ar"):
        begun(page, "learners", language)
        page.locator(".choice").nth(1).click()
        page.reload()
        stops: list[dict] = []
        tab_to(page, page.locator(".foot a").last, stops)
        names = [stop["name"] for stop in stops]
        controls = page.evaluate(
            "[...document.querySelectorAll('a[href], button:not([tabindex]), summary, textarea')]"
            ".filter(one => one.checkVisibility()).length + document.querySelectorAll('fieldset').length"
        )
        assert len(names) == controls, names
        assert page.locator("[tabindex]:not([tabindex='-1'])").count() == 0


def test_the_skip_link_leads_past_the_header(watched: Watched) -> None:
    page = watched.page(DESKTOP)
    begun(page)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".why summary")).to_be_focused()


def test_enter_in_a_choice_goes_on_and_back_finds_it_again(watched: Watched) -> None:
    """As in any form: Enter presses the first button, which must be “go on” and no language."""
    page = watched.page(DESKTOP)
    begun(page)
    page.locator("input[type=radio]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/answer/f6")
    page.go_back()
    expect(page.locator("input[type=radio]").nth(1)).to_be_checked()


@pytest.mark.parametrize("language", ["en", "ar", "de", "ti"])
def test_nothing_sticks_out_at_320_pixels_and_at_400_percent(watched: Watched, language: str) -> None:
    """Plain and with larger text, with the languages opened, and with the distances that readers may set."""
    page = watched.page(ZOOMED)
    for kind in pages_of_each_kind(page, language):
        for viewport in (ZOOMED, {"width": 320, "height": 800}):
            page.set_viewport_size(viewport)
            fits(page)
            page.evaluate("document.documentElement.classList.add('large')")
            fits(page)
            if page.locator(".switch summary").count():
                page.locator(".switch summary").click()
                fits(page)
                last = page.locator(".switch .languages li").last
                last.scroll_into_view_if_needed()
                expect(last).to_be_in_viewport(ratio=1)  # what sticks out at the start cannot be scrolled to
                page.locator(".switch summary").click()
            page.evaluate("document.documentElement.classList.remove('large')")
        page.evaluate(SPACED)
        fits(page)
        assert page.evaluate(CUT_OFF) == [], kind


# WCAG 1.4.12, by a style sheet object: the content policy lets no other in
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
CUT_OFF = """() => [...document.querySelectorAll('body *')]
  .filter((one) => !one.closest('.hidden, svg, .languages') && one.checkVisibility())
  .filter((one) => getComputedStyle(one).overflowX !== 'visible' && one.scrollWidth > one.clientWidth + 1)
  .map((one) => one.outerHTML.slice(0, 90))"""


def test_the_larger_text_is_larger_and_stays(watched: Watched) -> None:
    page = watched.page(PHONE)
    begun(page)
    size = "node => parseFloat(getComputedStyle(node).fontSize)"
    before = page.locator("legend").first.evaluate(size)
    page.locator(".choice").nth(2).click()
    page.locator(".tool").click()
    expect(page.locator("html")).to_have_class("large")
    assert page.locator("legend").first.evaluate(size) >= 1.25 * before
    expect(page.locator("input[type=radio]").nth(2)).to_be_checked()
    go_on(page)
    expect(page.locator("html")).to_have_class("large")


@pytest.mark.parametrize("language", ["en", "ti"])
def test_every_target_is_large_enough_to_be_hit(watched: Watched, language: str) -> None:
    page = watched.page({"width": 320, "height": 640})
    for kind in ("join", *pages_of_each_kind(page, language)):
        if kind == "join":
            page.goto(f"/join?language={language}")
        if page.locator(".switch summary").count():
            page.locator(".switch summary").click()
        targets = page.evaluate(TARGETS)
        assert len(targets) > 3
        small = [target for target in targets if target[1] < 44 or target[2] < 44]
        assert small == [], kind


LINES = (  # kind of page, elements, property, and whether the line stands against what is within as well
    ("start", ".languages a, .languages b", "borderTopColor", True),
    ("start", ".button", "backgroundColor", False),
    ("questions", ".choice", "borderTopColor", True),
    ("questions", ".choice:has(:checked)", "outlineColor", True),
    ("questions", "textarea", "borderTopColor", True),
    ("closing", ".button.quiet", "borderTopColor", True),
    ("questions", ".progress i", "borderTopColor", True),
    ("questions", ".fill", "borderTopColor", True),
    ("receipt", ".ticket", "borderTopColor", True),
    ("receipt", ".button.quiet", "borderTopColor", True),
)
FOCUSED = (
    ("start", ".languages a"),
    ("start", ".button"),
    ("questions", ".choice input"),
    ("questions", "textarea"),
    ("questions", NEXT),
    ("questions", ".why summary"),
    ("questions", ".clear"),
    ("review", ".answers a"),
    ("receipt", ".ticket .button"),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_and_the_focus_stand_out(watched: Watched, scheme: str) -> None:
    """Three to one against what is beside them; and nothing for axe to find in either scheme."""
    page = watched.page(DESKTOP)
    page.emulate_media(color_scheme=scheme)
    grounds = set()
    for kind in pages_of_each_kind(page, "en"):
        clean(page)
        grounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        for _, selector, colour, inside in (line for line in LINES if line[0] == kind):
            ratios = page.evaluate(RATIOS, [selector, colour, inside])
            assert ratios, selector
            assert min(ratios) >= 3, f"{selector} {colour}: {min(ratios):.2f}"
        for _, selector in (stop for stop in FOCUSED if stop[0] == kind):
            page.keyboard.press("Tab")  # from now on the browser shows the focus
            control = page.locator(selector).first
            control.focus()
            outlined = ".choice:has(:focus-visible)" if "input" in selector else ":focus-visible"
            [ratio] = page.evaluate(RATIOS, [outlined, "outlineColor", False])
            assert ratio >= 3, f"focus of {selector}: {ratio:.2f}"
    assert grounds == {"rgb(251, 247, 240)" if scheme == "light" else "rgb(20, 25, 26)"}


def test_nothing_moves_for_those_who_asked_for_that(watched: Watched) -> None:
    moving = (
        "[...document.querySelectorAll('*')].filter(one => { const style = getComputedStyle(one);"
        " return style.animationName !== 'none' || style.transitionDuration.split(', ').some(time => time !== '0s')"
        " || style.scrollBehavior === 'smooth'; }).length"
    )
    page = watched.page(PHONE)
    page.emulate_media(reduced_motion="no-preference")
    begun(page)
    assert page.evaluate(moving) > 0  # so the question is well put
    page.emulate_media(reduced_motion="reduce")
    for _ in pages_of_each_kind(page, "en"):
        assert page.evaluate(moving) == 0


def test_in_forced_colours_the_choice_and_the_focus_are_still_seen(watched: Watched) -> None:
    page = watched.page(PHONE)
    page.emulate_media(forced_colors="active")
    begun(page)
    first, second = (page.locator(".choice").nth(place) for place in (0, 1))
    outline = "node => { const { outlineStyle, outlineWidth } = getComputedStyle(node);" + (
        " return outlineStyle === 'none' ? 0 : parseFloat(outlineWidth); }"
    )
    second.click()
    page.mouse.move(0, 0)
    page.locator("h1").click()  # the focus goes elsewhere
    assert second.evaluate(outline) >= 3
    assert first.evaluate(outline) == 0
    assert looks(first) != looks(second)
    page.keyboard.press("Tab")
    first.locator("input").focus()
    assert first.evaluate(outline) >= 3
    page.locator("textarea").focus()
    assert page.locator("textarea").evaluate(outline) >= 3


def looks(choice: Locator) -> bytes:
    """A picture of the button of a choice."""
    return choice.locator("input").screenshot()


def conflict(page: Page) -> None:
    """The same question answered in two windows."""
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".choice").nth(3).click()
    go_on(other)
    other.close()
    page.locator(".choice").nth(1).click()


def too_long(page: Page) -> None:
    page.locator("textarea").fill("word " * 300)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("wrong", "summary"), [(too_long, "#problem"), (conflict, "#met")])
def test_what_is_wrong_takes_the_focus(
    watched: Watched, javascript: bool, wrong: Callable[[Page], None], summary: str
) -> None:
    page = watched.page(PHONE, javascript)
    begun(page)
    wrong(page)
    page.locator(NEXT).click()
    expect(page.locator(summary)).to_be_focused()
    expect(page.locator(summary)).to_be_in_viewport()
    if javascript:
        clean(page)
    page.locator(f"{summary} a").first.click()
    expect(page.locator("fieldset:target, textarea:target")).to_be_in_viewport()
