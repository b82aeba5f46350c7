"""The figures of a closed round as CSV and JSON: what the public edition shows, and nothing else.

Keys and codes only, never words: the codebook has those. `surveyapp findings` prints the same bytes.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence

from surveyapp.analysis.disclosure import TooFewAnswers
from surveyapp.analysis.findings import FactorFindings, Findings
from surveyapp.analysis.overview import mean_shares, strongest_and_weakest
from surveyapp.analysis.pairs import Pair
from surveyapp.analysis.perspective import Perspective
from surveyapp.analysis.question import Choice
from surveyapp.charts.alone import alone
from surveyapp.models.perspectives import QuestionView, RoundPerspectives

HEADER = ("about", "factor", "question", "group", "other_group", "measure", "value")

Value = str | float | None
Line = tuple[str, str, str, str, str, str, Value]

# A spreadsheet takes a cell that begins like this for a formula, and runs it.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def figures_csv(told: RoundPerspectives) -> str:
    """One figure a line, in a fixed order. Figures that may not be told have no line."""
    return table([HEADER, *(line for line in _lines(told) if line[-1] is not None)])


def table(rows: Sequence[Sequence[Value]]) -> str:
    """Rows as CSV that no spreadsheet runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def _harmless(cell: Value) -> Value:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def figures_json(told: RoundPerspectives) -> str:
    """The same figures as one document, keys always in the same order.

    It begins as the output of `surveyapp analyse` does. `round` and `details` hold what only a round has.
    """
    document = told.findings.as_json() | {
        "round": _round(told),
        "details": {factor: _details(told, factor) for factor in told.findings.factors},
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def ends(findings: Findings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The strongest and the weakest factors, as the report names them on its first page."""
    only = alone(findings)
    return (only.strongest, only.weakest) if only else strongest_and_weakest(findings)


def _round(told: RoundPerspectives) -> dict[str, object]:
    round_, benchmark = told.round_, told.frozen.benchmark
    strongest, weakest = ends(told.findings)
    return {
        "key": round_.key,
        "benchmark": f"{benchmark.key}-{benchmark.version}",
        "closed_on": round_.closed_on.isoformat() if round_.closed_on else None,
        "snapshot": told.snapshot,
        "scale": benchmark.scale.size,
        "threshold": round_.threshold,
        "self_group": round_.self_group,
        "people": {group: _people(people) for group, people in told.took_part.items()},
        "invited": {voice.group: voice.invited for voice in told.voices},
        "expected": {voice.group: voice.expected for voice in told.voices},
        "people_left_out": {out.group: out.people for out in told.left_out},
        "strongest": list(strongest),
        "weakest": list(weakest),
    }


def _people(people: int | str | TooFewAnswers) -> int | str:
    return people.label if isinstance(people, TooFewAnswers) else people


def _details(told: RoundPerspectives, factor: str) -> dict[str, object]:
    found, mean = told.findings.factors[factor], mean_shares(told.findings).get(factor)
    questions: dict[str, dict[str, object]] = {}
    for (group, question), answers in told.of_factor(factor):
        questions.setdefault(group, {})[question] = dict(_figures(answers))
    return {
        "mean_in_place": mean.text if mean else None,
        "stands_apart": found.stands_apart,
        "dont_know": {
            group: view.dont_know.text
            for group, view in found.groups.items()
            if isinstance(view, Perspective)
        },
        "questions": questions,
    }


def _lines(told: RoundPerspectives) -> Iterator[Line]:
    facts = _round(told)
    for measure in ("key", "benchmark", "closed_on", "snapshot", "scale", "threshold", "self_group"):
        yield "round", "", "", "", "", measure, facts[measure]
    for group, people in told.took_part.items():
        yield "round", "", "", group, "", "people", _people(people)
    for voice in told.voices:
        yield "round", "", "", voice.group, "", "invited", voice.invited
        yield "round", "", "", voice.group, "", "expected", voice.expected
    for out in told.left_out:
        yield "round", "", "", out.group, "", "people_left_out", out.people
    for group in told.findings.voices_missing:
        yield "round", "", "", group, "", "voice_missing", "yes"
    means, (strongest, weakest) = mean_shares(told.findings), ends(told.findings)
    for position, (factor, found) in enumerate(told.findings.factors.items(), 1):
        yield "factor", factor, "", "", "", "position", position
        for measure, value in _verdict(found):
            yield "factor", factor, "", "", "", measure, value
        yield "factor", factor, "", "", "", "mean_in_place", means[factor].text if factor in means else None
        yield "factor", factor, "", "", "", "strongest", _place(factor, strongest)
        yield "factor", factor, "", "", "", "weakest", _place(factor, weakest)
        for group, view in found.groups.items():
            for measure, value in _figures(view):
                yield "group", factor, "", group, "", measure, value
        for about, groups, measure, value in _comparisons(found):
            yield about, factor, "", *groups, measure, value
        for (group, question), answers in told.of_factor(factor):
            for measure, value in _figures(answers):
                yield "question", factor, question, group, "", measure, value


def _place(factor: str, order: Sequence[str]) -> int | None:
    return order.index(factor) + 1 if factor in order else None


def _verdict(found: FactorFindings) -> Iterator[tuple[str, Value]]:
    yield "label", found.label
    yield "tier", found.tier
    yield "agenda_position", found.agenda_position
    yield "reason", found.reason
    yield "reason_groups", " ".join(found.reason_groups) or None
    yield "stands_apart", found.stands_apart
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
