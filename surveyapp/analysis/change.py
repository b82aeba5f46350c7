"""How one group's answers moved between two rounds (M6), and when asking again would bring nothing new."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from surveyapp.analysis.contrast import certainty, cliffs_delta, gap
from surveyapp.analysis.counts import CountTable
from surveyapp.analysis.disclosure import PublicEdition, Rated, TooFewAnswers, hear
from surveyapp.analysis.distribution import Distribution, camps
from surveyapp.analysis.pairs import is_clear, is_early_sign
from surveyapp.analysis.perspective import spread_label
from surveyapp.analysis.rounding import certainty_of, decimal, steps_apart
from surveyapp.analysis.rules import RULES, Rules, at_least

MovementLabel = Literal["moved", "early_sign", "stable", "cannot_tell"]


@dataclass(frozen=True, slots=True)
class NotComparable:
    """The question or its scale changed, so the two rounds asked different things."""

    label: Literal["not_comparable"] = "not_comparable"


@dataclass(frozen=True, slots=True)
class Movement:
    """All that is told of a change; numbers are later minus earlier, as coarse as the smaller round."""

    label: MovementLabel
    direction: Literal["up", "down"] | None
    """Where the label says that something moved."""
    delta: float | None
    gap: float | None
    certainty: float | None
    consensus: bool
    """In the later round nearly all ratings lie on one side and close together (Diamond et al. 2014)."""
    settled: bool
    """Stable, with a consensus or with a split that lasts: a further round would bring nothing new."""


Change = Movement | TooFewAnswers | NotComparable


def changes(
    earlier: CountTable, later: CountTable, reworded: Collection[str] = (), rules: Rules = RULES
) -> dict[str, dict[str, Change]]:
    """factor -> group -> change, for the factors and groups of the later round, in its order.

    `reworded` names the factors whose question has another wording version than before. Public edition only.
    """
    return {
        factor: {
            group: NotComparable()
            if earlier.scale != later.scale or factor in reworded or factor not in earlier.factors
            else _change(earlier, later, factor, group, rules)
            for group in later.groups
        }
        for factor in later.factors
    }


def _change(
    earlier: CountTable, later: CountTable, factor: str, group: str, rules: Rules
) -> Movement | TooFewAnswers:
    new = _rated(later, factor, group, rules)
    if isinstance(new, TooFewAnswers):
        return new
    old = _rated(earlier, factor, group, rules)
    return old if isinstance(old, TooFewAnswers) else movement(new, old, rules)


def _rated(table: CountTable, factor: str, group: str, rules: Rules) -> Rated | TooFewAnswers:
    voice = hear(table, factor, group, PublicEdition(rules))
    if isinstance(voice, TooFewAnswers):
        return voice
    return voice.rated or TooFewAnswers("not_enough_answers")


def movement(later: Rated, earlier: Rated, rules: Rules) -> Movement:
    """Compare two rounds of one group, both visible."""
    new, old = later.ratings, earlier.ratings
    belief, precision = certainty(new, [old]), min(later.precision, earlier.precision)
    label: MovementLabel = "cannot_tell"
    if is_clear(new, old, belief, rules):
        label = "moved"
    elif is_early_sign(new, old, belief, rules):
        label = "early_sign"
    elif at_least(belief.of_likeness(rules.difference), rules.stable_certainty):
        label = "stable"
    steps = gap(new, old)
    agreed = has_consensus(new, rules)
    return Movement(
        label=label,
        direction=("up" if steps > 0 else "down") if label in ("moved", "early_sign") else None,
        delta=decimal(cliffs_delta(new, old), precision),
        gap=steps_apart(new, old, precision),
        certainty=certainty_of(belief.of_difference(rules.difference), precision),
        consensus=agreed,
        settled=label == "stable" and (agreed or _split_in_both(new, old, rules)),
    )


def has_consensus(ratings: Distribution, rules: Rules) -> bool:
    on_one_side = camps(ratings).larger / ratings.n
    return at_least(on_one_side, rules.consensus_share) and spread_label(ratings, rules) == "agreement"


def _split_in_both(new: Distribution, old: Distribution, rules: Rules) -> bool:
    # Delta compares levels only: a group that falls apart around its old average also counts as stable.
    return spread_label(new, rules) == spread_label(old, rules) == "split"
