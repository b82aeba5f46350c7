"""The finished file: read back, checked, and made twice."""

import logging
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from surveyapp import pdf
from surveyapp.pdf import PdfUnavailable, missing_glyphs, missing_libraries, to_pdf
from surveyapp.reports.actions import render_report, report_html
from tests.comparison.closed import closed_round
from tests.moderation.said import say
from tests.reports.checker import faults, qpdf_check, text_of

CHAPTERS = (
    "On one page",
    "Who answered",
    "All factors, all groups",
    "Where views differ most",
    "Where the groups agree",
)


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


@pytest.fixture(params=["en", "ar"])
def report(request: pytest.FixtureRequest, app: Flask, tmp_path: Path) -> tuple[str, Path]:
    path = tmp_path / "report.pdf"
    path.write_bytes(render_report(closed_round(), request.param, "public"))
    return request.param, path


def test_the_report_is_sound_and_can_be_read_back(report: tuple[str, Path]) -> None:
    language, path = report
    assert faults(path.read_bytes(), language) == []
    assert "No syntax or stream encoding errors" in qpdf_check(path)
    pages = text_of(path).split("\f")
    assert 20 < len(pages) < 40
    if language == "en":
        text = " ".join(" ".join(pages).split())
        for words in (
            *CHAPTERS,
            "City administration rated this about one step higher than Learners",
            "How we asked and counted",
        ):
            assert words in text
        assert all(
            "Testville, Autumn 2026. Public edition, 30 October 2026, snapshot" in page
            for page in pages[1:-1]
        )
    else:
        # pdftotext gives the letters in the order they are read; shaped forms fold back to plain letters
        text = unicodedata.normalize("NFKC", " ".join(pages))
        assert "خطة مكتوبة" in text
        assert "المتعلمون" in text


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
