"""The workbook, opened as a reader opens it: every cell against the findings."""

import io
import re
from datetime import datetime

import pytest
import time_machine
from flask import Flask
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from surveyapp.analysis.disclosure import TooFewAnswers
from surveyapp.analysis.perspective import Perspective
from surveyapp.analysis.question import Choice
from surveyapp.analysis.rounding import Share
from surveyapp.charts.words import Words
from surveyapp.database import db
from surveyapp.figures.packing import unpacked
from surveyapp.figures.workbook import figures_xlsx
from surveyapp.models.perspectives import RoundPerspectives, round_perspectives
from surveyapp.reports.actions import report_html
from tests.assessments.walking import seen
from tests.comparison.closed import closed_round
from tests.figures.rounds import at_random
from tests.moderation.said import say

# What page and report call a share that is no plain percentage
IN_WORDS = {
    "few": "few", "some": "some", "half": "about half", "most": "most", "nearly_all": "nearly all",
    "fewer_than_half": "fewer than half", "about_half": "about half", "more_than_half": "more than half",
}  # fmt: skip


@pytest.fixture
def closed(app: Flask) -> RoundPerspectives:
    return round_perspectives(closed_round())


def opened(told: RoundPerspectives, language: str = "en") -> Workbook:
    return load_workbook(io.BytesIO(figures_xlsx(told, language)))


def rows(sheet: Worksheet) -> list[tuple[object, ...]]:
    return list(sheet.iter_rows(values_only=True))


def as_told(share: Share | None) -> object:
    """In English, from the published text alone."""
    if share is None:
        return None
    text = str(share.text)
    if text in IN_WORDS:
        return IN_WORDS[text]
    number = text.strip("<>= %")
    if text.startswith("<="):
        return f"{number}% or less"
    return f"{number}% or more" if text.startswith(">=") else int(number) / 100


def answered(number: int | str) -> object:
    return number if isinstance(number, int) else number.replace("-", "–")


@pytest.mark.parametrize("seed", [None, 3, 4])
def test_every_cell_of_overview_and_factors_is_what_is_published(
    closed: RoundPerspectives, seed: int | None
) -> None:
    told = closed if seed is None else at_random(closed, seed)
    words, benchmark = Words(told.frozen, "en"), told.frozen.benchmark
    book = opened(told)
    head, names, *overview = rows(book["Overview"])
    assert head[0] == "Fully or mostly"
    assert list(names) == ["Factor", *map(words.group, told.groups)]
    assert len(overview) == 9
    _, *factors = rows(book["Factors"])
    assert len(factors) == 45
    for (key, found), row in zip(told.findings.factors.items(), overview, strict=True):
        assert row[0] == words.factor(key)
        for group, cell in zip(told.groups, row[1:], strict=True):
            view, line = found.groups[group], factors.pop(0)
            assert line[0] == words.factor(key)
            assert line[3].removesuffix(" · partial view") == words.group(group)
            if not benchmark.rates(key, group) or isinstance(view, TooFewAnswers):
                assert cell in ("not asked", "sees only traces", "too few answers", "no answers")
                assert line[4:] == (None, cell, *[None] * 6)
                continue
            assert isinstance(view, Perspective)
            assert cell == (as_told(view.in_place) if view.in_place else "most don’t know")
            assert line[4] == answered(view.answered)
            assert line[6:8] == (as_told(view.in_place), as_told(view.dont_know))
            assert line[8:] == tuple(map(as_told, reversed(view.chart or [None] * 4)))
            if view.in_place and view.median is not None:
                assert line[5] == " to ".join(
                    step if place == 0 else words.inside(step)
                    for place, step in enumerate(words.level(view.median, group))
                )
            else:
                assert line[5] == (None if view.in_place else "most don’t know")


def test_the_finding_of_a_factor_is_told_in_the_words_of_the_page(closed: RoundPerspectives) -> None:
    told = [row for row in rows(opened(closed)["Factors"])[1:] if row[1]]
    assert len(told) == 9
    assert told[1][:3] == (
        "A written plan",
        "Groups disagree: clear",
        "City administration rated this about one and a half steps higher than Course providers.",
    )
    assert told[5][1:3] == ("A group is split: clear", "Opinions inside this group are far apart: Learners.")


def test_every_row_of_the_questions_is_what_is_published(closed: RoundPerspectives) -> None:
    words, benchmark = Words(closed.frozen, "en"), closed.frozen.benchmark
    _, *told = rows(opened(closed)["Questions"])
    for factor in closed.findings.factors:
        for (group, key), view in closed.of_factor(factor):
            where = (words.factor(factor), words.group(group), words.text(key))
            mine = [row[3:] for row in told if row[:3] == where]
            question = next(one for one in benchmark.asked(factor, group) if one.key == key)
            if isinstance(view, TooFewAnswers):
                assert mine in ([(None, "too few answers", None)], [(None, "no answers", None)])
                continue
            number = answered(view.answered)
            unsure = (number, "I don’t know", as_told(view.dont_know))
            if isinstance(view, Choice):
                options = [(number, words.choice(question, code), as_told(share))
                           for code, share in enumerate(view.options or ())]  # fmt: skip
                assert mine == [*(options or [(number, "Few answers: not shown", None)]), unsure]
                continue
            steps = [(number, words.step(code, group), as_told(share))
                     for code, share in enumerate(view.chart or ())]  # fmt: skip
            level = words.top(group) if view.in_place else "most don’t know"
            assert mine == [(number, level, as_told(view.in_place)), *reversed(steps), unsure]
    assert {row[4] for row in told} >= {"Yes", "A little", "Fully", "1 to 3 months"}, (
        "as each group read them"
    )


@pytest.mark.parametrize(("language", "right_to_left"), [("en", False), ("ar", True)])
def test_the_sheets_open_cleanly(closed: RoundPerspectives, language: str, right_to_left: bool) -> None:
    book = opened(closed, language)
    assert len(book.sheetnames) == 5
    for sheet, frozen in zip(book, ("B3", "B2", "A2", "A2", "A2"), strict=True):
        assert bool(sheet.sheet_view.rightToLeft) == right_to_left
        assert sheet.freeze_panes == frozen
        assert sheet.auto_filter.ref is None
        assert all(cell.font.bold for cell in sheet[int(frozen[1:]) - 1] if cell.value)
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, float):
                    assert (cell.number_format, 0 < cell.value < 1) == ("0%", True)
                assert cell.data_type in ("s", "n")
                assert cell.value is None or sheet.column_dimensions[cell.column_letter].width >= 12
    assert book["Overview" if language == "en" else "نظرة عامة"]["B2"].value == Words(
        closed.frozen, language
    ).group("city")


def test_the_method_is_the_chapter_of_the_report(closed: RoundPerspectives) -> None:
    report = seen(report_html(closed.round_, "en", "public"))
    lines = rows(opened(closed)["Method"])
    assert lines[0][0] == "How we asked and counted"
    assert closed.snapshot in lines[1][0]
    assert len(lines) > 15
    for line in lines[2:]:
        assert all(cell in report for cell in line if cell), line
    assert any(line[0] == "Protecting people" for line in lines)


def test_what_people_wrote_is_text_whatever_it_begins_with(app: Flask) -> None:
    round_ = closed_round()
    dangerous = ["=1+1", "+1", "-1", "@SUM(A1)", "\tTab", "#N/A", "bell \x07 rings", "12"]
    for text in dangerous:
        say(round_, "learners", {"f5": text}, state="kept")
    short = say(round_, "city", {"x-best": "long"}, state="shortened")["x-best"]
    short.shown, short.translation, short.translation_language = "short […]", "=kurz", "de"
    db.session.commit()
    say(round_, "employers", {"x-best": "one more"}, state="kept")
    sheet = opened(round_perspectives(round_))["Comments"]
    cells = [cell for cell in sheet["C"][1:] if sheet.cell(cell.row, 1).value == "Getting into a course"]
    assert {cell.value for cell in cells} == {text.replace("\x07", "") for text in dangerous}
    assert {cell.data_type for cell in sheet["C"]} == {"s"}
    assert {cell.value for cell in cells if cell.quotePrefix} == {
        text for text in dangerous if text[0] in "=+-@\t"
    }
    assert ("What works best?", "Smaller groups · shortened", "short […]", "German: =kurz") in rows(sheet)
    assert b"<f>" not in b"".join(unpacked(figures_xlsx(round_perspectives(round_), "en")).values())


def test_the_same_figures_give_the_same_workbook(closed: RoundPerspectives) -> None:
    with time_machine.travel("2026-12-01T10:00:00Z"):
        first = figures_xlsx(closed, "en")
    with time_machine.travel("2031-01-01T10:00:00Z"):
        assert figures_xlsx(closed, "en") == first
    properties = load_workbook(io.BytesIO(first)).properties
    assert properties.created == properties.modified == datetime(2026, 10, 30)
    assert (properties.creator, properties.lastModifiedBy) == ("Testville", None)
    assert properties.title == "Testville: Language and introduction courses for newcomers, Autumn 2026"
    assert not re.search(rb"20(31|26-1[12])", b"".join(unpacked(first).values()))
