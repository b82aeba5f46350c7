"""The figures of a closed round as CSV: what the public edition shows, and nothing else."""

import csv
import io
from collections.abc import Iterator

from surveyapp.analysis.disclosure import TooFewAnswers
from surveyapp.analysis.findings import FactorFindings
from surveyapp.analysis.pairs import Pair
from surveyapp.analysis.perspective import Perspective
from surveyapp.analysis.question import Choice
from surveyapp.models.perspectives import QuestionView, RoundPerspectives

HEADER = ("about", "factor", "question", "group", "other_group", "measure", "value")

Value = str | float | None
Line = tuple[str, str, str, str, str, str, Value]

# A spreadsheet takes a cell that begins like this for a formula, and runs it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def figures_csv(told: RoundPerspectives) -> str:
    """One figure a line, in a fixed order; keys and codes as in `surveyapp findings`, never words.

    Figures that may not be told have no line.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for line in _lines(told):
        if line[-1] is not None:
            writer.writerow([_harmless(cell) for cell in line])
    return out.getvalue()


def _harmless(cell: Value) -> Value:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def _lines(told: RoundPerspectives) -> Iterator[Line]:
    for group, people in told.took_part.items():
        shown = people.label if isinstance(people, TooFewAnswers) else people
        yield "round", "", "", group, "", "people", shown
    for out in told.left_out:
        yield "round", "", "", out.group, "", "people_left_out", out.people
    for factor, found in told.findings.factors.items():
        for measure, value in _verdict(found):
            yield "factor", factor, "", "", "", measure, value
        for group, view in found.groups.items():
            for measure, value in _figures(view):
                yield "group", factor, "", group, "", measure, value
        for about, groups, measure, value in _comparisons(found):
            yield about, factor, "", *groups, measure, value
        for (group, question), answers in told.of_factor(factor):
            for measure, value in _figures(answers):
                yield "question", factor, question, group, "", measure, value


def _verdict(found: FactorFindings) -> Iterator[tuple[str, Value]]:
    yield "label", found.label
    yield "tier", found.tier
    yield "agenda_position", found.agenda_position
    yield "reason", found.reason
    yield "reason_groups", " ".join(found.reason_groups) or None
    yield "W", found.within
    yield "B", found.between
    yield "T", found.total


def _comparisons(found: FactorFindings) -> Iterator[tuple[str, tuple[str, str], str, Value]]:
    for pair in found.pairs:
        yield "pair", pair.groups, "label", pair.label
        if isinstance(pair, Pair):
            yield "pair", pair.groups, "higher", pair.higher
            yield "pair", pair.groups, "delta", pair.delta
            yield "pair", pair.groups, "gap", pair.gap
            yield "pair", pair.groups, "emd", pair.distance
            yield "pair", pair.groups, "p33", pair.certainty
    for unequal in found.awareness_gaps:
        yield "awareness_gap", unequal.groups, "higher", unequal.higher
        yield "awareness_gap", unequal.groups, "difference", unequal.difference
    if found.self_view:
        yield "self_view", ("", ""), "label", found.self_view.label
        yield "self_view", ("", ""), "gap", found.self_view.gap
        yield "self_view", ("", ""), "p33", found.self_view.certainty


def _figures(view: QuestionView) -> Iterator[tuple[str, Value]]:
    if isinstance(view, TooFewAnswers):
        yield "label", view.label
        return
    yield "answered", view.answered
    yield "dont_know", view.dont_know.text
    if isinstance(view, Choice):
        shares = view.options or ()
    else:
        yield from _levels(view)
        shares = view.chart or ()
    for code, share in enumerate(shares):
        yield f"share_{code}", share.text


def _levels(view: Perspective) -> Iterator[tuple[str, Value]]:
    yield "label", view.label
    yield "median", view.median
    yield "in_place", view.in_place.text if view.in_place else None
    yield "D", view.dispersion
    yield "many_dont_know", "yes" if view.many_dont_know else "no"
