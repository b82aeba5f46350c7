"""A closed round as the content of its report: what every chapter says, before anything is laid out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from surveyapp.analysis.overview import strongest_and_weakest
from surveyapp.analysis.rules import RULES, Rules
from surveyapp.charts.agenda import Agenda, Point, agenda
from surveyapp.charts.alone import Alone, alone
from surveyapp.charts.dots import DotPlot, dot_plot
from surveyapp.charts.factor import FactorView, factor_view
from surveyapp.charts.matrix import Empty, Row, empty_states, matrix, pattern
from surveyapp.charts.own_view import OwnView, own_views
from surveyapp.charts.turnout import Voice
from surveyapp.charts.unsure import Unsure, unsure
from surveyapp.charts.words import Words
from surveyapp.models import ReportVersion, Round
from surveyapp.models.comments import Released
from surveyapp.models.counts import LeftOut
from surveyapp.models.perspectives import RoundPerspectives, round_perspectives
from surveyapp.models.prose import Prose
from surveyapp.models.translation import draft_for
from surveyapp.models.turnout import LanguagesUsed

Edition = Literal["public", "internal"]
EDITIONS: tuple[Edition, ...] = ("public", "internal")

MOST_IN_SUMMARY = 3
MOST_COMMENTS = 30
"""Of one question; the lead sees the others on the page of the factor."""


@dataclass(frozen=True)
class Document:
    round_: Round
    words: Words
    edition: Edition
    snapshot: str
    """SHA-256 of all that is published, as hex."""
    version: ReportVersion | None
    """None: a draft."""
    prose: Prose
    voices: tuple[Voice, ...]
    languages: LanguagesUsed
    agenda: Agenda
    biggest: tuple[Point, ...]
    """The differences of the summary."""
    strongest: tuple[str, ...]
    weakest: tuple[str, ...]
    rows: tuple[Row, ...]
    states: tuple[Empty, ...]
    pattern: tuple[tuple[str, ...], ...]
    dots: DotPlot
    own_views: tuple[OwnView, ...]
    """The city's own view against the others', the most positive first."""
    unsure: tuple[Unsure, ...]
    factors: tuple[FactorView, ...]
    alone: Alone | None
    """Where only one group was asked: its own spread, in place of comparisons."""
    left_out: tuple[LeftOut, ...]
    draft_translation: bool
    """No native speaker has read the texts of this language yet, as they are now."""
    asked_in_language: bool
    """Whether the round asked in the language of the report; else content stands in the pack's own."""
    rules: Rules = RULES

    @property
    def most_comments(self) -> int:
        return MOST_COMMENTS

    @property
    def comments(self) -> Mapping[str, tuple[Released, ...]]:
        """Factor or open question -> released comments, in random order."""
        return self.prose.comments

    @property
    def next_steps(self) -> str:
        """The city's own words in the language of the report; empty where it gave none."""
        return self.prose.texts.get("next_steps", {}).get(self.words.language, "")

    @property
    def day(self) -> date:
        """When the version was made; of a draft, when the round closed, so that the same data are the same file."""
        closed_on = self.round_.closed_on
        assert closed_on is not None, "a round that has ended has its day"
        return self.version.made_on if self.version else closed_on

    @property
    def short_snapshot(self) -> str:
        return f"{self.snapshot[:4]} {self.snapshot[4:8]}"

    def view(self, factor: str) -> FactorView:
        return next(view for view in self.factors if view.key == factor)


def document(
    round_: Round, language: str, edition: Edition, version: ReportVersion | None = None
) -> Document:
    """The content of the report, as it stands now or as a version. Raises RoundNotClosed until the results are
    shown."""
    return document_of(round_perspectives(round_, version), language, edition)


def document_of(told: RoundPerspectives, language: str, edition: Edition) -> Document:
    benchmark = told.frozen.benchmark
    rows, points = matrix(told.findings, benchmark), agenda(told.findings)
    only = alone(told.findings)
    strongest, weakest = (
        (only.strongest, only.weakest) if only else strongest_and_weakest(told.findings, MOST_IN_SUMMARY)
    )
    return Document(
        round_=told.round_,
        words=Words(told.frozen, language),
        edition=edition,
        snapshot=told.snapshot,
        version=told.version,
        prose=told.prose,
        voices=told.voices,
        languages=told.languages,
        agenda=points,
        biggest=tuple(point for point in points.talk if point.found.tier <= 3)[:MOST_IN_SUMMARY],
        strongest=strongest,
        weakest=weakest,
        rows=rows,
        states=empty_states(rows),
        pattern=pattern(rows),
        dots=dot_plot(told.findings, rows, benchmark.scale.size),
        own_views=own_views(told.findings),
        unsure=unsure(rows),
        factors=tuple(
            factor_view(found, told.short, benchmark, told.questions)
            for found in told.findings.factors.values()
        ),
        alone=only,
        left_out=told.left_out,
        draft_translation=draft_for(told.round_.city, language),
        asked_in_language=language in told.frozen.wording,
    )
