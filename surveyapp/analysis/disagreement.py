"""What one key factor shows: which label it carries, why, and through which groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from surveyapp.analysis.awareness import UnequalAwareness, compare_awareness
from surveyapp.analysis.disclosure import Rated, TooFewAnswers, Voice
from surveyapp.analysis.pairs import Contrast, HiddenPair, compare
from surveyapp.analysis.partition import Partition, partition
from surveyapp.analysis.perspective import Perspective, perspective
from surveyapp.analysis.rules import Rules, below, largest
from surveyapp.analysis.self_view import SelfView, self_view

FactorLabel = Literal[
    "groups_disagree",
    "split",
    "early_sign",
    "dont_know",
    "not_enough_groups",
    "mixed",
    "broad_agreement",
    "no_clear_pattern",
]
Reason = Literal[
    "clear_difference",
    "split_group",
    "early_sign",
    "possible_split",
    "many_dont_know",
    "awareness_gap",
    "mixed_group",
    "no_clear_pattern",
    "same_average",
    "similar_answers",
    "few_answers",
    "not_enough_groups",
]

TIERS: dict[FactorLabel, int] = {
    "groups_disagree": 1,
    "split": 2,
    "early_sign": 3,
    "dont_know": 4,
    "not_enough_groups": 5,
    "mixed": 5,
    "no_clear_pattern": 5,
    "broad_agreement": 6,
}


@dataclass(frozen=True, slots=True)
class Verdict:
    label: FactorLabel
    reason: Reason
    groups: tuple[str, ...] = ()
    """The groups that give the reason, in group order."""

    @property
    def tier(self) -> int:
        return TIERS[self.label]


@dataclass(frozen=True)
class Evidence:
    """One factor compared, before ranking and before rounding of W and B. Inner use."""

    groups: dict[str, Perspective | TooFewAnswers]
    visible: tuple[Rated, ...]
    pairs: tuple[Contrast | HiddenPair, ...]
    awareness: tuple[UnequalAwareness, ...]
    self_view: SelfView | None
    partition: Partition

    @property
    def contrasts(self) -> list[Contrast]:
        return [pair for pair in self.pairs if isinstance(pair, Contrast)]

    @property
    def counting(self) -> list[Perspective]:
        return [view for view in self.groups.values() if isinstance(view, Perspective) and view.counts]


def gather(voices: dict[str, Voice | TooFewAnswers], self_group: str | None, rules: Rules) -> Evidence:
    """Compare the groups of one factor; `voices` is in group order and holds every group."""
    heard = {group: voice for group, voice in voices.items() if isinstance(voice, Voice)}
    outside = {group for group, voice in heard.items() if not voice.counts}
    counting = [voice for voice in heard.values() if voice.counts]
    visible = {voice.group: voice.rated for voice in counting if voice.rated}
    awareness = (compare_awareness(x, y, rules) for x, y in combinations(counting, 2))
    others = [rated for group, rated in visible.items() if group != self_group]
    return Evidence(
        groups={
            group: perspective(voice, rules) if isinstance(voice, Voice) else voice
            for group, voice in voices.items()
        },
        visible=tuple(visible.values()),
        pairs=tuple(
            compare(visible[x], visible[y], rules) if x in visible and y in visible else HiddenPair((x, y))
            for x, y in combinations(voices, 2)
            if not {x, y} & outside
        ),
        awareness=tuple(gap for gap in awareness if gap),
        self_view=self_view(visible.get(self_group), others, rules) if self_group else None,
        partition=partition([rated.ratings for rated in visible.values()]),
    )


def judge(evidence: Evidence, rules: Rules) -> Verdict:
    """The first label that holds, from the sharpest disagreement to none."""
    return (
        _clear_difference(evidence)
        or _labelled(evidence, "split", "split", "split_group")
        or _early_difference(evidence)
        or _labelled(evidence, "possible_split", "early_sign", "possible_split")
        or _dont_know(evidence)
        or _not_enough_groups(evidence)
        or _calm(evidence, rules)
    )


def _clear_difference(evidence: Evidence) -> Verdict | None:
    clear = [pair for pair in evidence.contrasts if pair.told.label == "groups_disagree"]
    return Verdict("groups_disagree", "clear_difference", _surest(clear)) if clear else None


def _early_difference(evidence: Evidence) -> Verdict | None:
    early = [pair for pair in evidence.contrasts if pair.told.label == "early_sign"]
    return Verdict("early_sign", "early_sign", _surest(early)) if early else None


def _labelled(evidence: Evidence, group_label: str, label: FactorLabel, reason: Reason) -> Verdict | None:
    groups = tuple(view.group for view in evidence.counting if view.label == group_label)
    return Verdict(label, reason, groups) if groups else None


def _dont_know(evidence: Evidence) -> Verdict | None:
    unaware = tuple(view.group for view in evidence.counting if view.many_dont_know)
    if unaware:
        return Verdict("dont_know", "many_dont_know", unaware)
    if evidence.awareness:
        widest = largest(evidence.awareness, lambda gap: gap.size)
        return Verdict("dont_know", "awareness_gap", widest.told.groups)
    return None


def _not_enough_groups(evidence: Evidence) -> Verdict | None:
    return Verdict("not_enough_groups", "not_enough_groups") if len(evidence.visible) < 2 else None


def _calm(evidence: Evidence, rules: Rules) -> Verdict:
    """Nothing stands out between at least two visible groups. Equal means may still hide unlike opinions."""
    verdict = (
        _labelled(evidence, "mixed", "mixed", "mixed_group")
        or _broad_agreement(evidence, rules)
        or Verdict("no_clear_pattern", "no_clear_pattern")
    )
    crossing = [pair for pair in evidence.contrasts if pair.same_average]
    if not crossing:
        return verdict
    widest = largest(crossing, lambda pair: pair.distance)
    return Verdict(verdict.label, "same_average", widest.told.groups)


def _broad_agreement(evidence: Evidence, rules: Rules) -> Verdict | None:
    """Asked when no group is mixed or split and no pair flagged: only doubt about a pair is left."""
    if not all(below(pair.certainty, rules.no_doubt_of_agreement) for pair in evidence.contrasts):
        return None
    few = any(rated.ratings.n < rules.few_answers_below for rated in evidence.visible)
    return Verdict("broad_agreement", "few_answers" if few else "similar_answers")


def _surest(pairs: Sequence[Contrast]) -> tuple[str, ...]:
    return largest(pairs, lambda pair: pair.certainty).told.groups
