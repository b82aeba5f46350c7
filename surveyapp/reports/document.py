"""A closed round as the content of its report: what every chapter says, before anything is laid out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from surveyapp.analysis.disclosure import TooFewAnswers
from surveyapp.analysis.overview import strongest_and_weakest
from surveyapp.analysis.rules import RULES, Rules
from surveyapp.charts.agenda import Agenda, Point, agenda
from surveyapp.charts.alone import Alone, alone
from surveyapp.charts.factor import FactorView, factor_view
from surveyapp.charts.matrix import Empty, Row, empty_states, matrix, pattern
from surveyapp.charts.words import Words
from surveyapp.models import Round
from surveyapp.models.comments import Released
from surveyapp.models.counts import LeftOut
from surveyapp.models.perspectives import round_perspectives
from surveyapp.models.translation import draft_for
from surveyapp.reports.queries import invited

Edition = Literal["public", "internal"]
EDITIONS: tuple[Edition, ...] = ("public", "internal")

MOST_IN_SUMMARY = 3
MOST_COMMENTS = 30
"""Of one question; the lead sees the others on the page of the factor."""


@dataclass(frozen=True)
class Voice:
    """One group in the chapter on who answered."""

    group: str
    invited: int | None
    """None where anyone could come, so that nobody knows."""
    people: int | str | TooFewAnswers

    @property
    def strength(self) -> Literal["enough", "few", "unheard"]:
        if isinstance(self.people, TooFewAnswers):
            return "unheard"
        return "few" if isinstance(self.people, str) and self.people.endswith("-9") else "enough"


@dataclass(frozen=True)
class Document:
    round_: Round
    words: Words
    edition: Edition
    snapshot: str
    """SHA-256 of all that is published, as hex."""
    voices: tuple[Voice, ...]
    agenda: Agenda
    biggest: tuple[Point, ...]
    """The differences of the summary."""
    strongest: tuple[str, ...]
    weakest: tuple[str, ...]
    rows: tuple[Row, ...]
    states: tuple[Empty, ...]
    pattern: tuple[tuple[str, ...], ...]
    factors: tuple[FactorView, ...]
    alone: Alone | None
    """Where only one group was asked: its own spread, in place of comparisons."""
    comments: Mapping[str, tuple[Released, ...]]
    """Factor or open question -> released comments, in random order."""
    left_out: tuple[LeftOut, ...]
    next_steps: str
    """The city's own words in the language of the report; empty where it gave none."""
    draft_translation: bool
    """No native speaker has read the texts of this language yet, as they are now."""
    asked_in_language: bool
    """Whether the round asked in the language of the report; else content stands in the pack's own."""
    rules: Rules = RULES

    @property
    def most_comments(self) -> int:
        return MOST_COMMENTS

    @property
    def short_snapshot(self) -> str:
        return f"{self.snapshot[:4]} {self.snapshot[4:8]}"


def document(round_: Round, language: str, edition: Edition) -> Document:
    """The content of the report. Raises RoundNotClosed until the results are shown."""
    told = round_perspectives(round_)
    benchmark, numbers = told.frozen.benchmark, invited(round_)
    rows, points = matrix(told.findings, benchmark), agenda(told.findings)
    only = alone(told.findings)
    strongest, weakest = (
        (only.strongest, only.weakest) if only else strongest_and_weakest(told.findings, MOST_IN_SUMMARY)
    )
    return Document(
        round_=round_,
        words=Words(told.frozen, language),
        edition=edition,
        snapshot=told.snapshot,
        voices=tuple(Voice(group, numbers.get(group), people) for group, people in told.took_part.items()),
        agenda=points,
        biggest=tuple(point for point in points.talk if point.found.tier <= 3)[:MOST_IN_SUMMARY],
        strongest=strongest,
        weakest=weakest,
        rows=rows,
        states=empty_states(rows),
        pattern=pattern(rows),
        factors=tuple(
            factor_view(found, told.short, benchmark, told.questions)
            for found in told.findings.factors.values()
        ),
        alone=only,
        comments=told.comments,
        left_out=told.left_out,
        next_steps=round_.texts.get("next_steps", {}).get(language, ""),
        draft_translation=draft_for(round_.city, language),
        asked_in_language=language in told.frozen.wording,
    )
