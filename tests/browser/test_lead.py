"""What a city lead sees, on a desktop in English and on a phone in Arabic."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Stage, Watched
from tests.browser.steps import clean


def signed_in(page: Page, stage: Stage, path: str) -> None:
    page.goto(f"/stage/lead?next={path}")
    page.locator("main form .button").click()
    page.wait_for_url(f"**{path}")


@pytest.mark.parametrize(("language", "viewport"), [("en", DESKTOP), ("de", DESKTOP), ("ar", PHONE)])
def test_comparison_and_factor_pages(watched: Watched, stage: Stage, language: str, viewport: dict) -> None:
    page = watched.page(viewport)
    path = f"/rounds/{stage.links['closed_round']['id']}"
    signed_in(page, stage, path)
    page.goto(f"{path}?language={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator(".matrix tbody tr")).to_have_count(9)
    expect(page.locator(".agenda > li").first).to_be_visible()
    clean(page)
    for factor in ("f2", "f6", "f8"):
        page.goto(f"{path}/factors/{factor}")
        expect(page.locator(".bar").first).to_be_visible()
        clean(page)


def test_results_are_printed_as_tables_with_their_shades(watched: Watched, stage: Stage) -> None:
    """On A4, which is narrower than a screen that has room for tables."""
    page = watched.page({"width": 680, "height": 960})
    path = f"/rounds/{stage.links['closed_round']['id']}"
    signed_in(page, stage, path)
    head = page.locator(".matrix thead th").first
    assert head.evaluate("e => getComputedStyle(e.closest('thead')).position") == "absolute"
    page.emulate_media(media="print")
    assert head.evaluate("e => getComputedStyle(e.closest('thead')).position") == "static"
    assert page.locator(".bar").first.evaluate("e => getComputedStyle(e).printColorAdjust") == "exact"
    expect(page.locator(".tools")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 680


def test_an_open_round_shows_who_answered_and_no_result(watched: Watched, stage: Stage) -> None:
    page = watched.page(PHONE)
    path = f"/rounds/{stage.links['round']['id']}"
    signed_in(page, stage, path)
    expect(page.locator(".matrix")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("Course providers")
    clean(page)
    page.goto("/rounds")
    clean(page)
    assert page.goto(f"{path}/factors/f1").status in (403, 404)


def test_both_reports_arrive(watched: Watched, stage: Stage) -> None:
    page = watched.page(DESKTOP)
    for language in ("en", "ar"):
        for _ in range(120):
            answer = page.request.get(f"/stage/report-{language}.pdf")
            if answer.ok:
                break
            page.wait_for_timeout(500)
        assert answer.body().startswith(b"%PDF-")
    page.goto("/")
    expect(page.locator("a[href$='.pdf']")).to_have_count(2)


def test_the_worker_makes_a_report_that_was_asked_for(watched: Watched, stage: Stage) -> None:
    page = watched.page(DESKTOP)
    path = f"/rounds/{stage.links['closed_round']['id']}/report"
    signed_in(page, stage, path)
    page.locator("select[name=report_language]").select_option("de")
    page.locator("form:has(select[name=report_language]) .button").click()
    page.wait_for_url("**/reports/*")
    download = page.locator("a[href$='/download']")
    expect(download).to_be_visible(timeout=90_000)
    answer = page.request.get(download.get_attribute("href"))
    assert answer.body().startswith(b"%PDF-")
    clean(page)
