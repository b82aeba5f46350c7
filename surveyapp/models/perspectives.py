"""What a closed round may tell: its counts handed to the analysis, and nothing but published values handed on.

Pages, report, export and command line all start here, so their numbers cannot differ.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import cast

from surveyapp.analysis.counts import Counts, CountTable, Kind
from surveyapp.analysis.disclosure import PublicEdition, TooFewAnswers
from surveyapp.analysis.findings import Findings, findings
from surveyapp.analysis.perspective import Perspective
from surveyapp.analysis.question import Choice, choice_view, question_view
from surveyapp.analysis.rules import RULES
from surveyapp.benchmark.frozen import DONT_KNOW, Frozen
from surveyapp.benchmark.model import Question
from surveyapp.charts.turnout import Voice
from surveyapp.database import db
from surveyapp.models.assessment import Round
from surveyapp.models.comments import Released
from surveyapp.models.content import content
from surveyapp.models.counts import TOOK_PART, Cell, LeftOut, left_out, tallied
from surveyapp.models.prose import Prose, prose
from surveyapp.models.report import ReportVersion
from surveyapp.models.turnout import LanguagesUsed, languages_used, voices

QuestionView = Perspective | Choice | TooFewAnswers


class RoundNotClosed(ValueError):
    """Nobody sees results while people still answer: counts that grow by one tell what one person said."""

    def __init__(self, round_: Round) -> None:
        super().__init__(f"round {round_.key} is {round_.state}: results are shown once it is closed")


class ResultsNotShown(RoundNotClosed):
    """The round is closed, and the lead has not yet said that its results may be seen."""

    def __init__(self, round_: Round) -> None:
        ValueError.__init__(self, f"round {round_.key} is closed, and its results have not been shown yet")


def show_results(round_: Round) -> bool:
    """Opens the results for good; False where they have been open before. Raises RoundNotClosed.

    From here on the round takes no more answers and no batch is left out or taken back: whoever saw the
    results before and after could subtract.
    """
    db.session.refresh(round_, with_for_update=True)  # waits for whoever is just opening the round again
    if not round_.ended:
        raise RoundNotClosed(round_)
    if round_.shown_on is not None:
        return False
    round_.shown_on = datetime.now(UTC).date()
    return True


@dataclass(frozen=True)
class RoundPerspectives:
    """Everything published of one closed round."""

    round_: Round
    frozen: Frozen
    findings: Findings
    took_part: Mapping[str, int | str | TooFewAnswers]
    """Group -> people in the round, banded like any number of answers."""
    questions: Mapping[tuple[str, str], QuestionView]
    """(group, question key) -> that group's answers to the concrete questions."""
    left_out: tuple[LeftOut, ...]
    voices: tuple[Voice, ...]
    """Who was asked and how many came, in group order."""
    languages: LanguagesUsed
    prose: Prose
    """What people have written, and the only part that may still change."""
    version: ReportVersion | None
    """None: as it stands now, not made final."""

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(group.key for group in self.round_.groups)

    @property
    def comments(self) -> Mapping[str, tuple[Released, ...]]:
        return self.prose.comments

    @property
    def short(self) -> frozenset[str]:
        """Groups that got the short form."""
        return frozenset(group.key for group in self.round_.groups if group.short)

    def of_factor(self, factor: str) -> Iterator[tuple[tuple[str, str], QuestionView]]:
        """Questions asked about a factor, by group, in the order they were asked."""
        for group in self.groups:
            for question in self.frozen.benchmark.asked(factor, group, group in self.short):
                yield (group, question.key), self.questions[group, question.key]

    @cached_property
    def snapshot(self) -> str:
        """Names the state of everything a reader can see: SHA-256, as hex.

        Made of published values only. A hash of the counts would let anyone who knows most of them try the
        rest until the hash fits.
        """
        round_ = self.round_
        published = [
            [round_.key, str(round_.closed_on), round_.content_hash, round_.draft_languages],
            [round_.city.name, round_.city.invented],
            asdict(self.findings),
            [asdict(voice) for voice in self.voices],
            asdict(self.languages),
            [[*key, asdict(view)] for key, view in sorted(self.questions.items(), key=lambda item: item[0])],
            [asdict(one) for one in self.left_out],
            self.prose.to_data(),
        ]
        canonical = json.dumps(published, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def round_findings(round_: Round) -> Findings:
    """Findings of a round, exactly as everybody sees them. Raises RoundNotClosed until its results are shown."""
    return findings(count_table(round_, content(_shown(round_))))


def round_perspectives(round_: Round, version: ReportVersion | None = None) -> RoundPerspectives:
    """The findings with all that stands beside them, as it is now or as it was in a version of the report.

    Raises RoundNotClosed until the results are shown.
    """
    frozen = content(_shown(round_))
    counted = _by_group(round_)
    table = _table(round_, frozen, counted)
    took_part = {group: _people(table, group) for group in table.groups}
    set_aside = left_out(round_)
    return RoundPerspectives(
        round_=round_,
        frozen=frozen,
        findings=findings(table),
        took_part=took_part,
        questions={
            (group.key, question.key): _view(question, frozen, counted[group.key], table, group.key)
            for group in round_.groups
            for factor in round_.factors
            for question in frozen.benchmark.asked(factor, group.key, group.short)
        },
        left_out=set_aside,
        voices=voices(round_, took_part),
        languages=languages_used(round_, took_part, bool(set_aside)),
        prose=Prose.from_data(version.prose) if version else prose(round_, frozen, table.people),
        version=version,
    )


def count_table(round_: Round, frozen: Frozen) -> CountTable:
    """The overall statements of a closed round. A group that sees only traces of a factor has no counts there.

    Raises RoundNotClosed.
    """
    return _table(_shown(round_), frozen, _by_group(round_))


def _shown(round_: Round) -> Round:
    if not round_.ended:
        raise RoundNotClosed(round_)
    if round_.shown_on is None:
        raise ResultsNotShown(round_)
    return round_


def _by_group(round_: Round) -> dict[str, dict[Cell, int]]:
    counted = tallied(round_.id)
    return {group.key: counted.get(group.id, {}) for group in round_.groups}


def _table(round_: Round, frozen: Frozen, counted: Mapping[str, Mapping[Cell, int]]) -> CountTable:
    benchmark = frozen.benchmark
    return CountTable(
        scale=benchmark.scale.size,
        groups=tuple(counted),
        factors={
            factor.key: {
                group: _counts(cells, factor.key, benchmark.scale.size)
                for group, cells in counted.items()
                if benchmark.rates(factor.key, group)
            }
            for factor in benchmark.factors
        },
        threshold=round_.threshold,
        kinds={group.key: cast(Kind, group.kind) for group in round_.groups},
        people={group: cells.get(TOOK_PART, 0) for group, cells in counted.items()},
        self_group=round_.self_group,
    )


def _counts(cells: Mapping[Cell, int], question: str, categories: int) -> Counts:
    rated = tuple(cells.get((question, str(code)), 0) for code in range(categories))
    return Counts(rated, cells.get((question, DONT_KNOW), 0))


def _people(table: CountTable, group: str) -> int | str | TooFewAnswers:
    edition = PublicEdition(RULES)
    people, least = table.took_part(group), edition.threshold(table.threshold, table.kind(group))
    if people < least:
        return TooFewAnswers("not_enough_answers" if people else "no_answers")
    return edition.answered(people, least)


def _view(
    question: Question, frozen: Frozen, cells: Mapping[Cell, int], table: CountTable, group: str
) -> QuestionView:
    if question.choices:
        options = len(frozen.benchmark.choices[question.choices].options)
        return choice_view(table, group, _counts(cells, question.key, options))
    return question_view(table, group, _counts(cells, question.key, table.scale))
