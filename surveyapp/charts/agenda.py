"""What to talk about first, and what the groups share: findings sorted into what a page says."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from surveyapp.analysis.disagreement import Reason
from surveyapp.analysis.findings import FactorFindings, Findings
from surveyapp.analysis.pairs import Pair
from surveyapp.analysis.perspective import Perspective
from surveyapp.analysis.self_view import SelfLabel

StepsApart = Literal["half", "one", "one_and_half", "two", "more"]
Sureness = Literal["clear", "early"]

STEPS_APART: tuple[tuple[float, StepsApart], ...] = (
    (2.25, "more"),
    (1.75, "two"),
    (1.25, "one_and_half"),
    (0.75, "one"),
    (0.25, "half"),
)

SURENESS_TOLD: frozenset[Reason] = frozenset(
    {"clear_difference", "split_group", "early_sign", "possible_split", "few_answers", "not_enough_groups"}
)
"""Reasons that say themselves how sure they are."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two groups of which one clearly or possibly rates higher."""

    higher: str
    lower: str
    steps: StepsApart | None
    """How far apart, in words; None where the smaller group does not allow to tell."""
    sure: Sureness


@dataclass(frozen=True)
class Point:
    """One factor as a point to talk about."""

    found: FactorFindings
    differences: tuple[Difference, ...]
    """Flagged pairs: the one that gives the reason first, then clear ones before early signs."""
    few: bool
    """A group that gives a reason other than a difference, or any group where none does, has fewer than ten answers."""

    @property
    def factor(self) -> str:
        return self.found.factor

    @property
    def reason(self) -> Reason:
        return self.found.reason

    @property
    def groups(self) -> tuple[str, ...]:
        """Who should talk: the groups that give the reason and those that differ, in group order."""
        differing = {group for told in self.differences for group in (told.higher, told.lower)}
        return tuple(
            group for group in self.found.groups if group in differing.union(self.found.reason_groups)
        )

    @property
    def alone(self) -> Perspective | None:
        """The view of the only group of a round that asked no other."""
        views = list(self.found.groups.values())
        return views[0] if len(views) == 1 and isinstance(views[0], Perspective) else None

    @property
    def named(self) -> Difference | None:
        """The difference that gives the reason, if a pair does."""
        return self.differences[0] if self.reason in ("clear_difference", "early_sign") else None


@dataclass(frozen=True)
class Agenda:
    """Every factor of a round in exactly one of `talk`, `agreement` and `calm`, in agenda order."""

    talk: tuple[Point, ...]
    """Differences, splits, early signs, many don't knows, and factors that too few groups rated."""
    agreement: tuple[Point, ...]
    calm: tuple[Point, ...]
    """Nothing stands out, which is not the same as agreement."""
    missing: tuple[str, ...]
    """Groups heard on no factor."""
    shared_strengths: tuple[str, ...]
    shared_needs: tuple[str, ...]
    self_higher: tuple[str, ...]
    """Factors that the group with the self view sees more positively than the others do."""
    self_maybe_higher: tuple[str, ...]
    self_lower: tuple[str, ...]
    self_maybe_lower: tuple[str, ...]


def agenda(findings: Findings) -> Agenda:
    points = [point(findings.factors[key]) for key in findings.agenda]
    talk = tuple(one for one in points if one.found.tier <= 4 or one.reason == "not_enough_groups")
    agreement = tuple(one for one in points if one.found.label == "broad_agreement")
    undisputed = [one for one in points if one.found.tier >= 4]
    return Agenda(
        talk=talk,
        agreement=agreement,
        calm=tuple(one for one in points if one not in talk and one not in agreement),
        missing=findings.voices_missing,
        shared_strengths=_seen_as("shared_strength", undisputed),
        shared_needs=_seen_as("shared_need", undisputed),
        self_higher=_seen_as("more_positive", points),
        self_maybe_higher=_seen_as("possibly_more_positive", points),
        self_lower=_seen_as("more_critical", points),
        self_maybe_lower=_seen_as("possibly_more_critical", points),
    )


def _seen_as(label: SelfLabel, points: Iterable[Point]) -> tuple[str, ...]:
    return tuple(one.factor for one in points if one.found.self_view and one.found.self_view.label == label)


def point(found: FactorFindings) -> Point:
    return Point(found, differences(found), _few_answers(found))


def differences(found: FactorFindings) -> tuple[Difference, ...]:
    """Flagged pairs of a factor, the one that gives its reason first."""
    flagged = [pair for pair in found.pairs if isinstance(pair, Pair) and pair.higher]
    flagged.sort(key=lambda pair: (pair.groups != found.reason_groups, pair.label != "groups_disagree"))
    return tuple(_difference(pair) for pair in flagged)


def _difference(pair: Pair) -> Difference:
    first, second = pair.groups
    return Difference(
        higher=first if pair.higher == first else second,
        lower=second if pair.higher == first else first,
        steps=None if pair.gap is None else steps_apart(pair.gap),
        sure="clear" if pair.label == "groups_disagree" else "early",
    )


def steps_apart(gap: float) -> StepsApart | None:
    """Words for a published gap. None below a quarter step: rounding may have brought two means together."""
    return next((word for least, word in STEPS_APART if abs(gap) >= least), None)


def _few_answers(found: FactorFindings) -> bool:
    if found.reason in SURENESS_TOLD:
        return False
    speaking = [
        view
        for group, view in found.groups.items()
        if isinstance(view, Perspective) and (group in found.reason_groups or not found.reason_groups)
    ]
    return any(isinstance(view.answered, str) and view.answered.endswith("-9") for view in speaking)
