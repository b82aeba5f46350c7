"""The one entry point: findings(count table, rules) -> Findings, which page, PDF, export and CLI all tell."""

from collections.abc import Mapping
from dataclasses import dataclass

from surveyapp.analysis.agenda import Standing, agenda_order
from surveyapp.analysis.awareness import AwarenessGap
from surveyapp.analysis.counts import CountTable
from surveyapp.analysis.disagreement import Evidence, FactorLabel, Reason, Verdict, gather, judge
from surveyapp.analysis.disclosure import Edition, ExactEdition, PublicEdition, TooFewAnswers, hear
from surveyapp.analysis.pairs import Contrast, HiddenPair, Pair
from surveyapp.analysis.perspective import Perspective
from surveyapp.analysis.rounding import Precision, decimal
from surveyapp.analysis.rules import RULES, Rules
from surveyapp.analysis.self_view import SelfView, stands_apart


@dataclass(frozen=True)
class FactorFindings:
    """One key factor. None marks what the smallest group's size does not allow to tell."""

    factor: str
    label: FactorLabel
    tier: int
    agenda_position: int
    """From 1."""
    reason: Reason
    reason_groups: tuple[str, ...]
    within: float | None
    between: float | None
    total: float | None
    groups: Mapping[str, Perspective | TooFewAnswers]
    """Every group of the round, in group order."""
    pairs: tuple[Pair | HiddenPair, ...]
    """All pairs in group order, but for groups that do not count on this factor."""
    awareness_gaps: tuple[AwarenessGap, ...]
    self_view: SelfView | None
    """None when no group is marked as the self view."""
    stands_apart: str | None
    """On a factor flagged by a pair: the group furthest from all the others together."""

    def as_json(self) -> dict[str, object]:
        return {
            "label": self.label,
            "tier": self.tier,
            "agenda_position": self.agenda_position,
            "reason": self.reason,
            "reason_groups": list(self.reason_groups),
            "W": self.within,
            "B": self.between,
            "T": self.total,
            "groups": {group: view.as_json() for group, view in self.groups.items()},
            "pairs": [pair.as_json() for pair in self.pairs],
            "awareness_gaps": [gap.as_json() for gap in self.awareness_gaps],
            "self_view": self.self_view.as_json() if self.self_view else None,
        }


@dataclass(frozen=True)
class Findings:
    """Everything a round may tell."""

    factors: Mapping[str, FactorFindings]
    """In the order of the count table."""
    agenda: tuple[str, ...]
    """Factor keys, most urgent first."""
    voices_missing: tuple[str, ...]
    """Groups that are shown on no factor."""

    def as_json(self) -> dict[str, object]:
        """The output of `surveyapp analyse`: plain values, keys always in the same order."""
        return {
            "factors": {key: factor.as_json() for key, factor in self.factors.items()},
            "agenda": list(self.agenda),
            "voices_missing": list(self.voices_missing),
        }


def findings(table: CountTable, rules: Rules = RULES) -> Findings:
    """What everybody may see of these counts, city leads included: suppressed, top-coded, rounded."""
    return _findings(table, PublicEdition(rules))


def exact_findings(table: CountTable, rules: Rules = RULES) -> Findings:
    """The same without top-coding and rounding, for counts that people bring themselves; never for a round.

    Groups under the threshold stay hidden. Numbers carry nine decimals: the rest is noise of the machine.
    """
    return _findings(table, ExactEdition(rules))


def _findings(table: CountTable, edition: Edition) -> Findings:
    rules = edition.rules
    evidence = {
        factor: gather(
            {group: hear(table, factor, group, edition) for group in table.groups}, table.self_group, rules
        )
        for factor in table.factors
    }
    verdicts = {factor: judge(found, rules) for factor, found in evidence.items()}
    agenda = agenda_order(
        [Standing(factor, verdicts[factor].tier, evidence[factor].partition.between) for factor in evidence]
    )
    return Findings(
        factors={
            factor: _told(factor, found, verdicts[factor], agenda.index(factor) + 1)
            for factor, found in evidence.items()
        },
        agenda=agenda,
        voices_missing=tuple(
            group
            for group in table.groups
            if all(isinstance(found.groups[group], TooFewAnswers) for found in evidence.values())
        ),
    )


def _told(factor: str, evidence: Evidence, verdict: Verdict, agenda_position: int) -> FactorFindings:
    within, between, total = _partition_told(evidence)
    flagged = verdict.reason in ("clear_difference", "early_sign")
    return FactorFindings(
        factor=factor,
        label=verdict.label,
        tier=verdict.tier,
        agenda_position=agenda_position,
        reason=verdict.reason,
        reason_groups=verdict.groups,
        within=within,
        between=between,
        total=total,
        groups=evidence.groups,
        pairs=tuple(pair.told if isinstance(pair, Contrast) else pair for pair in evidence.pairs),
        awareness_gaps=tuple(gap.told for gap in evidence.awareness),
        self_view=evidence.self_view,
        stands_apart=stands_apart(evidence.visible) if flagged else None,
    )


def _partition_told(evidence: Evidence) -> tuple[float | None, float | None, float | None]:
    """W, B and T by the smallest visible group. In public B stops at 0 and T is the sum of what is shown."""
    within, between = evidence.partition.within, evidence.partition.between
    if within is None:
        return None, None, None
    precision = min(rated.precision for rated in evidence.visible)
    told = decimal(within, precision)
    if between is None or told is None:
        return told, None, None
    if precision is Precision.EXACT:
        return told, decimal(between, precision), decimal(within + between, precision)
    shown = decimal(max(between, 0.0), precision) or 0.0
    return told, shown, decimal(told + shown, precision)
