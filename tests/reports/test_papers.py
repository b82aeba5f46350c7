"""The leaflet and the sheets of the workshop: what they say, and that they never outgrow their paper."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from surveyapp.config import FOR_RESPONDENTS
from surveyapp.models import Round
from surveyapp.models.perspectives import RoundNotClosed
from surveyapp.pdf import to_pdf
from surveyapp.reports.actions import html_of
from surveyapp.reports.document import Edition, document
from surveyapp.reports.papers import MOST_SHEETS
from tests.assessments.walking import seen
from tests.builders import opened_round
from tests.comparison.closed import PEOPLE, STATEMENTS, closed_round
from tests.comparison.test_alone import alone
from tests.conftest import make_app, within
from tests.reports.checker import cut_off, faults, pages_of, qpdf_check, text_of
from tests.reports.scenes import full_round, strained_round

SHEET = re.compile(r'<section class="sheet.*?</section>', re.DOTALL)
JARGON = ("median", "share", "perspective", "spread", "suppress", "key factor", "snapshot")


def leaflet_html(round_: Round, language: str) -> str:
    return html_of(document(round_, language, "public"), "leaflet")


def workshop_html(round_: Round, language: str, edition: Edition) -> str:
    return html_of(document(round_, language, edition), "workshop")


@pytest.fixture
def everywhere(sqlite_url: str) -> Iterator[Flask]:
    """The application in all its languages."""
    yield from within(make_app(sqlite_url, languages=FOR_RESPONDENTS))


def calm_round() -> Round:
    """Everybody says the same: there is nothing to talk about."""
    same = {"city": (0, 1, 6, 1, 0), "providers": (0, 1, 12, 2, 0), "employers": (0, 1, 7, 1, 0)}
    return closed_round(dict.fromkeys(STATEMENTS, same), {"city": 8, "providers": 15, "employers": 9})


def test_the_leaflet_says_in_plain_words_what_came_out(app: Flask) -> None:
    told = seen(leaflet_html(full_round(), "en"))
    for words in (
        "Thank you!",
        "300 Learners",
        "5–9 Employers",
        "What is good In every group, more than half say “yes or mostly”. Finding your way in the city",
        "What is not good yet In most groups, fewer than half say “yes or mostly”. A written plan",
        "“It is easy to start a course here.” City administration found this better than Learners",
        "Opinions inside this group are far apart: Learners",
        "What happens next All five groups meet",
        "Integration office of Example City (invented), 0100 555 010",
        "We only show results of 5 people or more together.",
        "Sample: everything is invented.",
    ):
        assert words in told
    assert [word for word in JARGON if word in told.lower()] == []


def test_the_leaflet_of_a_small_group_shows_no_number(app: Flask) -> None:
    told = leaflet_html(closed_round(people=PEOPLE | {"employers": 2}), "en")
    assert "too few to show Employers" in seen(told)
    assert "City administration Fully or mostly: more than half" in seen(told)


def test_the_leaflet_without_words_of_the_city(app: Flask) -> None:
    told = seen(leaflet_html(closed_round(texts={"contact": {}, "next_steps": {}}), "en"))
    assert "Do you have a question?" not in told
    assert "What happens next The city talks about these results with all groups" in told


def test_papers_of_one_group_compare_nothing(app: Flask) -> None:
    round_ = alone()
    told = seen(leaflet_html(round_, "en"))
    assert "Opinions lie far apart: “A written plan”." in told
    assert "views differ" not in told
    sheets = seen(workshop_html(round_, "en", "internal"))
    assert "How the group answered" in sheets
    assert "How each group answered" not in sheets


def test_papers_of_a_round_without_a_difference(app: Flask) -> None:
    round_ = calm_round()
    told = document(round_, "en", "public")
    assert [point for point in told.agenda.talk if point.found.tier <= 4] == []
    assert "No disagreement shows in this round." in seen(leaflet_html(round_, "en"))
    sheets = SHEET.findall(workshop_html(round_, "en", "public"))
    assert len(sheets) == 3
    assert "What would bring this one step further for everyone?" in seen(sheets[0])


def test_a_sheet_for_every_point_of_the_agenda(app: Flask) -> None:
    round_ = full_round()
    told = document(round_, "en", "internal")
    html = workshop_html(round_, "en", "internal")
    sheets = [seen(sheet) for sheet in SHEET.findall(html)]
    assert [sheet.split(" “")[0] for sheet in sheets] == [
        told.words.factor(point.factor) for point in told.agenda.talk
    ]
    assert 3 < len(sheets) <= MOST_SHEETS
    for words in (
        "Groups disagree: clear City administration rated this about one step higher than Learners",
        "What does each of these groups see that the other does not: City administration and Learners",
        "The questions behind it City administration",
        "Was it easy to find information about courses?",
        "The evening course is good. More places are needed.",
        "What we see",
        "What we agree to do What Who By when",
    ):
        assert words in sheets[1]
    assert f"Internal edition, draft, 30 October 2026 , snapshot {told.short_snapshot}" in seen(html)
    assert "Public edition" in seen(workshop_html(round_, "en", "public"))


def test_no_paper_of_an_open_round(app: Flask) -> None:
    round_ = opened_round()
    with pytest.raises(RoundNotClosed):
        leaflet_html(round_, "en")
    with pytest.raises(RoundNotClosed):
        workshop_html(round_, "en", "internal")


def checked(pdf: bytes, language: str, pages: int, path: Path) -> None:
    path.write_bytes(pdf)
    assert pages_of(pdf) == pages, language
    assert cut_off(path) == [], language


def test_the_leaflet_is_one_sheet_in_every_language(everywhere: Flask, tmp_path: Path) -> None:
    round_ = full_round()
    for language in FOR_RESPONDENTS:
        checked(to_pdf(leaflet_html(round_, language)), language, 2, tmp_path / "leaflet.pdf")


def test_the_leaflet_bears_ten_groups_and_long_texts(everywhere: Flask, tmp_path: Path) -> None:
    round_ = strained_round()
    for language in ("fr", "fa", "ti", "so"):
        checked(to_pdf(leaflet_html(round_, language)), language, 2, tmp_path / "leaflet.pdf")


@pytest.mark.parametrize("language", ["en", "ar", "fi"])
def test_sheets_never_spill(everywhere: Flask, tmp_path: Path, language: str) -> None:
    html = workshop_html(full_round(), language, "public")
    checked(to_pdf(html), language, len(SHEET.findall(html)), tmp_path / "sheets.pdf")


@pytest.mark.parametrize("language", ["so", "ti"])
def test_sheets_bear_ten_groups(everywhere: Flask, tmp_path: Path, language: str) -> None:
    html = workshop_html(strained_round(), language, "public")
    checked(to_pdf(html), language, 3, tmp_path / "sheets.pdf")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_papers_are_sound_and_made_the_same_again(everywhere: Flask, tmp_path: Path, language: str) -> None:
    round_ = full_round()
    for html, tables in (
        (leaflet_html(round_, language), 4),
        (workshop_html(round_, language, "public"), 10),
    ):
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in html
        assert " style=" not in html
        pdf, path = to_pdf(html), tmp_path / "paper.pdf"
        path.write_bytes(pdf)
        assert faults(pdf, language, tables) == []
        assert "No syntax or stream encoding errors" in qpdf_check(path)
        assert to_pdf(html) == pdf
        assert text_of(path).strip()
