"""Who is heard (P1, P2, P8). Below the threshold a group becomes TooFewAnswers, and its numbers end here."""

from dataclasses import dataclass
from typing import Literal, Protocol

from surveyapp.analysis.counts import Counts, CountTable, Kind
from surveyapp.analysis.distribution import Distribution
from surveyapp.analysis.rounding import Precision
from surveyapp.analysis.rules import Rules

Silence = Literal["not_enough_answers", "no_answers"]


@dataclass(frozen=True, slots=True)
class TooFewAnswers:
    """A group that is not shown. It holds no number, so that none can be printed by mistake."""

    label: Silence

    @property
    def status(self) -> Silence:
        return self.label

    def as_json(self) -> dict[str, object]:
        return {"shown": False, "label": self.label}


@dataclass(frozen=True, slots=True)
class Rated:
    """The ratings of a visible group. Inner use, like Voice: raw numbers that rounding has still to pass."""

    group: str
    ratings: Distribution
    precision: Precision


@dataclass(frozen=True, slots=True)
class Voice:
    """A group that may be heard on one question."""

    group: str
    answered: int
    answered_as_told: int | str
    dont_know: int
    precision: Precision
    """For numbers about all who answered, don't knows among them."""
    rated: Rated | None
    """None when enough people answered but too few of them gave a rating."""
    counts: bool
    """False for a group that speaks from the outside: shown, compared with nobody."""


class Edition(Protocol):
    """The four decisions in which the public and the exact output differ."""

    @property
    def rules(self) -> Rules: ...
    def threshold(self, promised: int, kind: Kind) -> int: ...
    def ratings(self, counts: tuple[int, ...]) -> tuple[int, ...]: ...
    def precision(self, people: int, kind: Kind) -> Precision: ...
    def answered(self, people: int, threshold: int) -> int | str: ...


@dataclass(frozen=True, slots=True)
class PublicEdition:
    """What everybody sees, city leads included."""

    rules: Rules

    def threshold(self, promised: int, kind: Kind) -> int:
        """Three or four answers are enough only for organisations, whose invitation says so."""
        return max(promised, self.rules.persons_floor) if kind == "persons" else promised

    def ratings(self, counts: tuple[int, ...]) -> tuple[int, ...]:
        return top_coded(counts, self.rules)

    def precision(self, people: int, kind: Kind) -> Precision:
        if people >= self.rules.two_decimals_from:
            return Precision.TWO_DECIMALS
        if people >= self.rules.decimals_from:
            return Precision.ONE_DECIMAL
        if people >= self.rules.shares_from:
            return Precision.HALF_STEPS
        if people >= self.rules.quarters_from and kind == "organisations":
            return Precision.QUARTERS
        return Precision.WORDS

    def answered(self, people: int, threshold: int) -> int | str:
        """A band below twenty, cut at ten unless the threshold leaves next to nothing below ten."""
        tens, twenty = self.rules.shares_from, self.rules.decimals_from
        if people >= twenty:
            return people
        if threshold >= tens - 1:
            return f"{threshold}-{twenty - 1}"
        return f"{threshold}-{tens - 1}" if people < tens else f"{tens}-{twenty - 1}"


@dataclass(frozen=True, slots=True)
class ExactEdition:
    """Raw and unrounded, the same threshold for everyone: for `analyse --exact`, never for a round."""

    rules: Rules

    def threshold(self, promised: int, kind: Kind) -> int:
        return promised

    def ratings(self, counts: tuple[int, ...]) -> tuple[int, ...]:
        return counts

    def precision(self, people: int, kind: Kind) -> Precision:
        return Precision.EXACT

    def answered(self, people: int, threshold: int) -> int | str:
        return people


def top_coded(counts: tuple[int, ...], rules: Rules) -> tuple[int, ...]:
    """P8: where all chose one category, one of them moves to the neighbour towards the middle.

    "Everybody said this" tells what each single person said. Done before anything is computed, labels
    included, it makes that table and its neighbour the same in every output.
    """
    people = sum(counts)
    if people >= rules.top_coding_below or people not in counts:
        return counts
    chosen = counts.index(people)
    neighbour = chosen + 1 if 2 * chosen < len(counts) - 1 else chosen - 1
    coded = list(counts)
    coded[chosen] -= 1
    coded[neighbour] += 1
    return tuple(coded)


def hear(table: CountTable, factor: str, group: str, edition: Edition) -> Voice | TooFewAnswers:
    """The voice of one group of a round on one factor."""
    counts = group not in table.proxy.get(factor, ())
    return hear_question(table, group, table.of(factor, group), edition, counts)


def hear_question(
    table: CountTable, group: str, answers: Counts, edition: Edition, counts: bool = True
) -> Voice | TooFewAnswers:
    """The voice of one group on any question asked in the round of this table.

    Suppression counts people: a group with fewer than k of them in the round is hidden on every question,
    also where a table holds several answers of one organisation.
    """
    kind, took_part = table.kind(group), table.took_part(group)
    least = edition.threshold(table.threshold, kind)
    if took_part == 0:
        return TooFewAnswers("no_answers")
    if took_part < least or answers.answered < least:
        return TooFewAnswers("not_enough_answers")
    rated = None
    if answers.rated >= least:
        ratings = Distribution.of(edition.ratings(answers.counts))
        rated = Rated(group, ratings, edition.precision(answers.rated, kind))
    return Voice(
        group=group,
        answered=answers.answered,
        answered_as_told=edition.answered(answers.answered, least),
        dont_know=answers.dont_know,
        precision=edition.precision(answers.answered, kind),
        rated=rated,
        counts=counts,
    )
