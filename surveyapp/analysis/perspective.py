"""Perspective: how one stakeholder group sees one key factor, or answers one question of its own."""

import math
from dataclasses import dataclass, replace
from typing import Literal

from surveyapp.analysis.disclosure import Rated, Voice
from surveyapp.analysis.distribution import Distribution, camps, dispersion, in_place, mean_difference, median
from surveyapp.analysis.experts import agreement_a, consensus
from surveyapp.analysis.proportions import wilson
from surveyapp.analysis.rounding import Precision, Share, chart_of, decimal, exact, share_of
from surveyapp.analysis.rules import Rules, at_least, at_most, below

SpreadLabel = Literal["agreement", "mixed", "split", "possible_split"]
GroupLabel = SpreadLabel | Literal["not_enough_ratings"]


@dataclass(frozen=True, slots=True)
class ExpertMeasures:
    """Only in an exact output; they decide nothing."""

    agreement_a: float
    consensus: float
    mean_difference: float | None


@dataclass(frozen=True, slots=True)
class Perspective:
    """All that is told of one group. None marks what its size does not allow to tell."""

    group: str
    counts: bool
    """False: speaks about this factor from the outside, so it is shown here and compared nowhere."""
    answered: int | str
    """Answers including don't know: a band such as `5-9` below twenty."""
    label: GroupLabel
    dont_know: Share
    many_dont_know: bool
    median: float | None = None
    in_place: Share | None = None
    dispersion: float | None = None
    chart: tuple[Share, ...] | None = None
    experts: ExpertMeasures | None = None

    @property
    def status(self) -> Literal["shown", "not_enough_ratings"]:
        return "not_enough_ratings" if self.label == "not_enough_ratings" else "shown"

    def as_json(self) -> dict[str, object]:
        told: dict[str, object] = {
            "shown": True,
            "answered": self.answered,
            "label": self.label,
            "median": self.median,
            "in_place": self.in_place.text if self.in_place else None,
            "D": self.dispersion,
            "many_dont_know": self.many_dont_know,
            "chart": [share.text for share in self.chart] if self.chart else None,
        }
        if self.experts:
            told |= {
                "agreement_A": self.experts.agreement_a,
                "consensus": self.experts.consensus,
                "gmd": self.experts.mean_difference,
            }
        return told if self.counts else told | {"counts": False}


def perspective(voice: Voice, rules: Rules) -> Perspective:
    """Label a voice and round what is told of it."""
    unrated = Perspective(
        group=voice.group,
        counts=voice.counts,
        answered=voice.answered_as_told,
        label="not_enough_ratings",
        dont_know=share_of(voice.dont_know / voice.answered, voice.answered, voice.precision, rules),
        many_dont_know=many_dont_know(voice.dont_know, voice.answered, rules),
    )
    return unrated if voice.rated is None else _with_ratings(unrated, voice.rated, rules)


def _with_ratings(unrated: Perspective, rated: Rated, rules: Rules) -> Perspective:
    ratings, precision = rated.ratings, rated.precision
    return replace(
        unrated,
        label=spread_label(ratings, rules),
        median=None if precision is Precision.WORDS else median(ratings),
        in_place=share_of(in_place(ratings), ratings.n, precision, rules),
        dispersion=decimal(dispersion(ratings), precision),
        chart=chart_of(ratings, precision, rules),
        experts=_experts(ratings) if precision is Precision.EXACT else None,
    )


def spread_label(ratings: Distribution, rules: Rules) -> SpreadLabel:
    """Two camps, one opinion, or neither. One dissenter is never a camp."""
    if _has_two_camps(ratings, rules):
        return "possible_split" if ratings.n < rules.few_answers_below else "split"
    return "agreement" if _is_together(ratings, rules) else "mixed"


def _has_two_camps(ratings: Distribution, rules: Rules) -> bool:
    if not _has_second_camp(ratings, rules):
        return False
    spread, odd = dispersion(ratings), ratings.scale % 2
    allowance = rules.split_allowance / math.sqrt(ratings.n)
    if ratings.n < rules.few_answers_below:
        return at_least(spread, rules.split_odd + allowance if odd else rules.possible_split_even)
    if not odd:
        return at_least(spread, rules.split_even + allowance)
    sides = camps(ratings)
    hollow = at_least(sides.smaller, rules.wide_camp_share * ratings.n) and below(
        sides.middle, sides.smaller / 2
    )
    return hollow or at_least(spread, rules.split_odd + allowance)


def _is_together(ratings: Distribution, rules: Rules) -> bool:
    spread = dispersion(ratings)
    if ratings.scale % 2 == 0:
        return at_most(spread, rules.agreement_even)
    sides = camps(ratings)
    around_middle = not (_has_second_camp(ratings, rules) and sides.middle < sides.smaller)
    return at_most(spread, rules.agreement_odd) and around_middle


def _has_second_camp(ratings: Distribution, rules: Rules) -> bool:
    return at_least(camps(ratings).smaller, max(rules.camp_people, rules.camp_share * ratings.n))


def many_dont_know(dont_know: int, answered: int, rules: Rules) -> bool:
    """Enough people, a large share, and a share that is not just the luck of a small group."""
    return (
        dont_know >= rules.dont_know_people
        and at_least(dont_know / answered, rules.dont_know_share)
        and at_least(wilson(dont_know, answered, rules.dont_know_z)[0], rules.dont_know_lower_bound)
    )


def _experts(ratings: Distribution) -> ExpertMeasures:
    spread = mean_difference(ratings)
    return ExpertMeasures(
        agreement_a=exact(agreement_a(ratings)),
        consensus=exact(consensus(ratings)),
        mean_difference=None if spread is None else exact(spread),
    )
