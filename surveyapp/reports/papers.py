"""What two papers add to the report: a leaflet for everyone who was asked, and sheets for the workshop."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup

from surveyapp.analysis.overview import good_and_not_yet
from surveyapp.charts.drivers import OfGroup, of_groups
from surveyapp.charts.factor import FactorView
from surveyapp.models.comments import Released
from surveyapp.reports.document import Document

MOST_SHEETS = 9
MOST_QUESTIONS = 4
MOST_COMMENTS = 3
MOST_DIFFERENCES = 2
"""Beside the one that is the finding."""

# Paper does not grow: the more letters stand on it, the smaller they are. Most letters of each size but the last;
# papers.css has the sizes, from 1, the largest. A row of a table takes more room than its letters.
FIRST_SIDE = (1100, 1200, 1500, 2600)
SECOND_SIDE = (700, 1350, 1600, 2350)
SHEET = (2000, 2400, 2800, 3600)
LETTERS_OF_A_ROW = 50
# Lines of these scripts stand further apart, so that as many letters take more room.
TALL_SCRIPTS, TALLER = ("ar", "fa", "ti"), 1.3
LETTERS_OF_COMMENTS = 360
LETTERS_OF_QUESTIONS = 480


Item = TypeVar("Item")


@dataclass(frozen=True)
class TableSheet:
    """One point of the agenda on one sheet."""

    view: FactorView
    questions: tuple[OfGroup, ...]
    """Those behind the finding, in the words of each group."""
    comments: tuple[Released, ...]


def leaflet(content: Document) -> dict[str, object]:
    """What came out, on one sheet, for those who answered; in plain words, and the same for everyone."""
    words, plain = content.words, _plain_group(content)
    good, not_yet = good_and_not_yet(view.point.found for view in content.factors)
    return {
        "good": good,
        "not_yet": not_yet,
        "statements": {
            view.key: words.text(_statement(content, view.key, plain)) for view in content.factors
        },
        "top": words.inside(words.top(plain)),
        "contact": _said(content.prose.texts.get("contact", {}), words.language),
        "first_side": FIRST_SIDE,
        "second_side": SECOND_SIDE,
        "fits": fits,
    }


def workshop(content: Document) -> dict[str, object]:
    """A sheet to lay on a table (A3) for every point to talk about, in the order of the agenda."""
    return {
        "letters": SHEET,
        "sheets": table_sheets(content),
        "most_differences": MOST_DIFFERENCES,
        "fits": fits,
    }


def table_sheets(content: Document) -> tuple[TableSheet, ...]:
    """One sheet for each of the first points; where there is nothing to talk about, the weakest factors."""
    first = [view.key for view in content.factors][:3]
    keys = [point.factor for point in content.agenda.talk][:MOST_SHEETS] or content.weakest or first
    return tuple(_table_sheet(content, content.view(key)) for key in keys)


def _table_sheet(content: Document, view: FactorView) -> TableSheet:
    questions = [item for _, items in view.driving for item in items]
    asked = [len(content.words.text(item.key)) for item in questions]
    comments = content.comments.get(view.key, ())
    said = [len(comment.text) + len(comment.translation or "") for comment in comments]
    return TableSheet(
        view,
        questions=of_groups(_room_for(questions, asked, MOST_QUESTIONS, LETTERS_OF_QUESTIONS)),
        comments=tuple(_room_for(comments, said, MOST_COMMENTS, LETTERS_OF_COMMENTS)),
    )


def _room_for(items: Sequence[Item], letters: Sequence[int], most: int, room: int) -> Iterator[Item]:
    """The first items that fit, the longer ones left out; the report has them all."""
    for item, long in zip(items, letters, strict=True):
        if long <= room and most:
            most, room = most - 1, room - long
            yield item


def fits(told: Markup, rows: int, most: Iterable[int], language: str) -> int:
    """The size in which what is told fits, by its letters and the rows of its table."""
    letters = len(told.striptags()) * (TALLER if language in TALL_SCRIPTS else 1) + LETTERS_OF_A_ROW * rows
    return 1 + sum(letters > limit for limit in most)


def _plain_group(content: Document) -> str | None:
    """The group whose words everyone understands, if it was asked."""
    group = content.words.frozen.benchmark.group
    return next((voice.group for voice in content.voices if group(voice.group).voice == "plain"), None)


def _statement(content: Document, factor: str, plain: str | None) -> str:
    """Content key of what a factor means, in plain words where somebody was asked in them."""
    written = plain and content.words.frozen.benchmark.factor(factor).plain_statement
    return f"{factor}.plain_statement" if written else f"{factor}.statement"


def _said(texts: Mapping[str, str], language: str) -> str:
    """The city's words, in another language rather than not at all: a telephone number is read by everyone."""
    return texts.get(language) or next(iter(texts.values()), "")
