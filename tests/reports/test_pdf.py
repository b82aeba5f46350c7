"""The finished file: read back, checked, and made twice."""

import logging
import re
import unicodedata
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale, gettext

from surveyapp import pdf
from surveyapp.charts.words import Words
from surveyapp.config import FOR_RESPONDENTS
from surveyapp.models import Round
from surveyapp.models.figures import figures_csv
from surveyapp.models.perspectives import round_perspectives
from surveyapp.pdf import PdfUnavailable, missing_glyphs, missing_libraries, to_pdf
from surveyapp.reports.actions import render_report, report_html
from tests.comparison.closed import STATEMENTS, closed_round
from tests.moderation.said import say
from tests.reports.checker import attached, cut_off, faults, qpdf_check, text_of

FULL = ("en", "ar", "ti", "uk")
OTHERS = tuple(language for language in FOR_RESPONDENTS if language not in FULL)
FACTORS = ("f1", "f2")
ROW = re.compile(r"<th[^>]*scope=\"row\"[^>]*>(.*?)</th>", re.DOTALL)
HEADING = re.compile(r"<h[1-3][^>]*>(.*?)</h[1-3]>", re.DOTALL)


@pytest.fixture(autouse=True)
def _no_complaint(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """WeasyPrint only logs what is missing for an accessible file, and what it does not understand."""
    yield
    complaints = [
        record.getMessage()
        for record in caplog.records
        if record.name == "weasyprint" and record.levelno >= logging.ERROR
    ]
    assert complaints == []


@pytest.mark.parametrize("language", FULL)
def test_the_whole_report_is_sound_and_can_be_read_back(app: Flask, language: str, tmp_path: Path) -> None:
    round_ = closed_round(languages=tuple(dict.fromkeys(["en", language])))
    pages = checked(round_, language, tmp_path)
    assert 20 < len(pages) < 45
    words = Words(round_perspectives(round_).frozen, language)
    text = plain(" ".join(pages))
    for factor in round_.factors:
        assert plain(words.factor(factor)) in text
    for message in (
        "On one page",
        "Where views differ most",
        "How we asked and counted",
        "Tables and wording",
    ):
        assert plain(worded(language, message)) in text


@pytest.mark.parametrize("language", OTHERS)
def test_a_report_of_two_factors_in_every_other_language(app: Flask, language: str, tmp_path: Path) -> None:
    statements = {factor: STATEMENTS[factor] for factor in FACTORS}
    round_ = closed_round(statements, languages=("en", language), factors=FACTORS)
    text = plain(" ".join(checked(round_, language, tmp_path)))
    words = Words(round_perspectives(round_).frozen, language)
    for told in (words.factor("f2"), worded(language, "What many cannot judge"), worded(language, "Limits")):
        assert plain(told) in text


def checked(round_: Round, language: str, folder: Path) -> list[str]:
    """The pages of a report that is sound, as text."""
    html = report_html(round_, language, "public")
    path = folder / "report.pdf"
    path.write_bytes(render_report(round_, language, "public"))
    assert faults(path.read_bytes(), language) == []
    assert attached(path.read_bytes()) == {
        f"{round_.key}-figures.csv": figures_csv(round_perspectives(round_))
    }
    assert "No syntax or stream encoding errors" in qpdf_check(path)
    assert cut_off(path) == []
    pages = text_of(path).rstrip("\f").split("\f")
    foot = plain("Testville"), round_perspectives(round_).snapshot[:4]
    for number, page in enumerate(pages[1:], 2):
        assert all(part in plain(page) for part in (*foot, str(number))), number
        assert not ends_with_heading(page, html), number
    return pages


def ends_with_heading(page: str, html: str) -> bool:
    """Whether the last line above the foot of the page is a heading that has lost what it stands over."""
    headings, rows = (
        {plain(re.sub("<[^>]+>", "", text)) for text in kind.findall(html)} for kind in (HEADING, ROW)
    )
    headings -= rows  # a factor also names a row, which may well stand last
    lines = [plain(line) for line in page.splitlines() if line.strip()]
    foot = next((place for place, line in enumerate(lines) if "Testville" in line and place > 0), len(lines))
    return lines[foot - 1] in headings


def plain(text: str) -> str:
    """pdftotext gives the letters in the order they are read; shaped forms fold back to plain letters, and the marks
    above letters and between directions are left out."""
    letters = unicodedata.normalize("NFKD", unescape(text))
    kept = "".join(letter for letter in letters if unicodedata.category(letter) not in ("Cf", "Mn"))
    return " ".join(kept.split())


def worded(language: str, message: str) -> str:
    with force_locale(language):
        return gettext(message)


def test_a_heading_left_alone_is_found() -> None:
    page = "words\nLimits\nTestville, Autumn 2026. 7"
    assert ends_with_heading(page, '<h2 class="x">Limits</h2>')
    assert not ends_with_heading("Limits\nwords\nTestville, Autumn 2026. 7", "<h2>Limits</h2>")


def test_tables_repeat_their_head(app: Flask, tmp_path: Path) -> None:
    html = report_html(closed_round(), "en", "public")
    table = html[html.index('<section class="chapter tables"') : html.index("</main>")]
    path = tmp_path / "report.pdf"
    path.write_bytes(to_pdf(html[: html.index("<main>") + 6] + table + "</main></body></html>"))
    pages = [page for page in text_of(path).split("\f") if "don’t know" in page]
    assert len(pages) > 1
    assert all("Factor and group" in page for page in pages)


def test_the_same_figures_give_the_same_bytes(app: Flask) -> None:
    html = report_html(closed_round(), "en", "public")
    short = html[: html.index('<section class="chapter factor"')] + "</main></body></html>"
    assert to_pdf(short) == to_pdf(short)
    assert "dcterms.created" in short


def test_comments_of_any_script_are_printed(app: Flask, tmp_path: Path) -> None:
    round_ = closed_round()
    for words in ("More places in the evening.", "المزيد من الأماكن", "Ще групи ввечері"):
        say(round_, "learners", {"x-best": words}, state="kept")
    html = report_html(round_, "en", "public")
    head, chapter = html[: html.index("<main>") + 6], html[html.index('<section class="chapter said"') :]
    path = tmp_path / "report.pdf"
    path.write_bytes(to_pdf(head + chapter))
    text = unicodedata.normalize("NFKC", text_of(path))
    for words in (
        "What people wrote at the end",
        "More places in the evening.",
        "Ще групи ввечері",
        "المزيد",
    ):
        assert words in text
    assert "Learners" in text


def test_a_report_fetches_nothing(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    secret = tmp_path / "secret.css"
    secret.write_text("h1::after { content: 'leaked' }")
    page = f'<html lang="en"><head><title>t</title><link rel="stylesheet" href="file://{secret}"></head><body><h1>x</h1></body></html>'
    path = tmp_path / "page.pdf"
    path.write_bytes(to_pdf(page))
    assert "leaked" not in text_of(path)
    assert "may not fetch" in caplog.text
    caplog.clear()


def test_missing_libraries_are_named_with_the_line_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing_libraries() == ""

    def without_pango() -> None:
        raise PdfUnavailable

    monkeypatch.setattr(pdf, "_weasyprint", without_pango)
    assert missing_libraries() == f"PDF libraries are missing; run: {pdf.INSTALL}"
    with pytest.raises(PdfUnavailable, match="apt-get install"):
        to_pdf("<p>x</p>")


def test_a_letter_without_a_glyph_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_drawable", lambda: frozenset(map(ord, "abcdefghijklmnopqrstuvwxyz")))
    assert "J" in missing_glyphs("en")
