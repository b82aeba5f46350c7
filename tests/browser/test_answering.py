"""From the stage to the receipt, on a phone and on a desktop, in every language, as people do."""

import pytest
from playwright.sync_api import expect

from surveyapp.config import FOR_RESPONDENTS
from surveyapp.i18n import direction
from tests.browser.conftest import DESKTOP, PHONE, Stage, Watched
from tests.browser.steps import NEXT, START, begun, clean, go_on, invited, sent, shown_by

SMALL = {"width": 320, "height": 640}
WALKED = ("en", "ar", "ti", "fi")
WORDS = {
    "en": "words, “quoted” & <kept>",
    "ar": "كلمات عن الدورة",
    "ti": "ቃላት ብዛዕባ ኮርስ",
    "fi": "sanoja äänestä",
}


@pytest.mark.parametrize(
    ("language", "group", "viewport", "javascript"),
    [
        ("en", "city", DESKTOP, True),
        ("en", "learners", PHONE, False),
        ("ar", "learners", PHONE, True),
        ("ar", "providers", DESKTOP, False),
        ("ti", "learners", PHONE, True),
        ("ti", "employers", DESKTOP, False),
        ("fi", "migrant_orgs", DESKTOP, True),
        ("fi", "learners", PHONE, False),
    ],
)
def test_from_start_to_receipt(
    watched: Watched, group: str, language: str, viewport: dict, javascript: bool
) -> None:
    page = watched.page(viewport, javascript)
    html = page.locator("html")
    invited(page, group, language)
    page.locator(START).first.click()
    pages = 0
    while "/review" not in page.url:
        pages += 1
        expect(html).to_have_attribute("lang", language)
        expect(html).to_have_attribute("dir", direction(language))
        if page.locator(".choice").count():
            page.locator(".choice").nth(1).click()
            expect(page.locator("input[type=radio]").nth(1)).to_be_checked()
        if pages in (1, 10):
            page.locator("textarea").first.fill(WORDS[language])
        go_on(page)
    assert pages == 10
    expect(page.locator(".answers > div")).to_have_count(10)
    sent(page)
    page.locator(".all-said summary").click()
    said = page.locator(".said dd")
    expect(said).to_have_count(9 + 2)
    expect(said.filter(has_text=WORDS[language])).to_have_count(2)
    expect(html).to_have_attribute("lang", language)
    expect(html).to_have_attribute("dir", direction(language))
    page.goto("/answer")
    page.wait_for_url("**/answer/thanks")


@pytest.mark.parametrize("language", FOR_RESPONDENTS)
def test_every_language_on_a_small_screen(watched: Watched, language: str) -> None:
    """A page of each kind: whole in its language, nothing for axe to find, nothing wider than the screen."""
    page = watched.page(SMALL)
    html = page.locator("html")
    invited(page, "learners", language)
    clean(page)
    page.locator(START).first.click()
    page.wait_for_url("**/answer/f7")
    page.locator("fieldset.question").first.locator(".choice").nth(1).click()
    expect(page.locator("fieldset.question").first.locator(".clear")).to_be_visible()
    page.locator(".why summary").click()
    clean(page)
    page.goto("/answer/review")
    if language in WALKED:
        clean(page)
    sent(page)
    page.locator(".all-said summary").click()
    clean(page)
    expect(html).to_have_attribute("lang", language)
    expect(html).to_have_attribute("dir", direction(language))
    assert len(page.locator(".said dd").all()) == 1


def test_the_language_switch_keeps_what_was_typed(watched: Watched) -> None:
    for javascript in (True, False):
        page = watched.page(PHONE, javascript)
        begun(page)
        page.locator(".choice").nth(2).click()
        page.locator("textarea").fill("half a sentence")
        for language in ("ar", "ti"):
            page.locator(".switch summary").click()
            page.locator(f".switch button[value={language}]").click()
            expect(page.locator("html")).to_have_attribute("lang", language)
            expect(page.locator("input[type=radio]").nth(2)).to_be_checked()
            expect(page.locator("textarea")).to_have_value("half a sentence")


def test_an_answer_can_be_cleared(watched: Watched) -> None:
    for javascript in (True, False):
        page = watched.page(PHONE, javascript)
        begun(page)
        one, two = (page.locator("fieldset.question").nth(place) for place in (0, 1))
        one.locator(".choice").nth(2).click()
        two.locator(".choice").nth(1).click()
        shown_by(page, one.locator(".clear").click)
        expect(one.locator("input:checked")).to_have_count(0)
        expect(two.locator("input").nth(1)).to_be_checked()


def test_a_text_that_is_too_long_is_kept_and_explained(watched: Watched) -> None:
    """The summary takes the focus, with a script and without; its link leads to the text."""
    written = ("كلمة " * 300).strip()
    for javascript in (True, False):
        page = watched.page(PHONE, javascript)
        begun(page, "learners", "ar")
        page.locator(".choice").nth(0).click()
        page.locator("textarea").fill(written)
        shown = shown_by(page, page.locator(NEXT).click)
        assert shown.status == 422
        expect(page.locator("#problem")).to_be_focused()
        expect(page.locator("textarea")).to_have_value(written)
        expect(page.locator("input[type=radio]").nth(0)).to_be_checked()
        if javascript:
            clean(page)
        page.locator("#problem a").click()
        expect(page.locator("textarea")).to_be_in_viewport()
        page.locator("textarea").fill("قصير")
        go_on(page)
        page.goto("/answer/f7")
        expect(page.locator("textarea")).to_have_value("قصير")


def test_a_group_code_and_the_next_person(watched: Watched, stage: Stage) -> None:
    page = watched.page(PHONE)
    page.goto("/join?language=ar")
    clean(page)
    page.locator("#code").fill("wrongone")
    page.locator(START).click()
    expect(page.locator(".problem")).to_be_visible()
    clean(page)
    page.locator("#code").fill(stage.links["code"].lower())
    page.locator(START).click()
    page.wait_for_url("**/join/*")
    clean(page)
    page.locator(START).click()
    page.wait_for_url("**/answer/f7")
    page.goto("/answer/review")
    expect(page.locator("main > p.note")).to_be_visible()  # nothing was answered yet
    sent(page)
    page.locator("form[action$=next-person] button").click()
    page.wait_for_url("**/join")
    page.goto("/answer/f7")
    expect(page.locator("h1")).to_contain_text("افتح الرابط من جديد")
    clean(page)


def test_the_receipt_in_another_language_and_size_is_the_same_receipt(watched: Watched) -> None:
    page = watched.page(PHONE)
    begun(page)
    page.locator(".choice").nth(2).click()
    page.goto("/answer/review")
    code = sent(page)
    page.locator(".switch summary").click()
    page.locator(".switch button[value=ti]").click()
    expect(page.locator("html")).to_have_attribute("lang", "ti")
    expect(page.locator(".ticket .code")).to_have_text(code)
    page.locator(".tool").click()
    expect(page.locator("html")).to_have_class("large")
    expect(page.locator(".ticket .code")).to_have_text(code)
    clean(page)


def test_with_the_code_answers_are_read_changed_and_taken_back(watched: Watched) -> None:
    mine = watched.page(PHONE)
    begun(mine)
    mine.locator(".choice").nth(1).click()
    mine.locator("textarea").fill("first words")
    go_on(mine)
    mine.goto("/answer/review")
    code = sent(mine)
    with mine.expect_download() as saved:
        mine.locator(".ticket form button").click()
    assert saved.value.suggested_filename == "my-answers.pdf"

    page = watched.page(PHONE)  # another device, which has no invitation
    page.goto("/receipt?language=en")
    clean(page)
    page.locator("#code").fill("AAAA BBBB CCCC")
    page.locator(START).click()
    expect(page.locator("#problem")).to_be_focused()
    clean(page)
    page.locator("#code").fill(code.lower())
    page.locator(START).click()
    page.wait_for_url("**/receipt/answers")
    clean(page)
    expect(page.locator("#f7 dd", has_text="first words")).to_be_visible()
    page.locator("#f7 .do a").click()
    expect(page.locator("input[type=radio]").nth(1)).to_be_checked()
    clean(page)
    page.locator(".choice").nth(3).click()
    page.locator("textarea").fill("second words")
    page.locator(NEXT).click()
    page.wait_for_url("**/receipt/answers#f7")
    expect(page.locator("#f7 dd", has_text="second words")).to_be_visible()
    expect(page.locator("main", has_text="first words")).to_have_count(0)
    page.goto("/receipt/withdraw")
    clean(page)
    page.locator(START).first.click()
    expect(page.locator("h1")).to_have_text("Your answers are withdrawn")
    clean(page)
    page.goto("/receipt/answers")
    page.wait_for_url("**/receipt")
