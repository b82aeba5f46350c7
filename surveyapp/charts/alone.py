"""A round that asked one group only: no comparison, but the spread of opinions inside it and what it cannot judge."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from surveyapp.analysis.findings import Findings
from surveyapp.analysis.perspective import Perspective
from surveyapp.charts.agenda import point

MOST = 3


@dataclass(frozen=True)
class Alone:
    """Factors of the only group, each sorted from published values alone."""

    group: str
    apart: tuple[str, ...]
    """Opinions lie far apart, clearly or possibly."""
    mixed: tuple[str, ...]
    together: tuple[str, ...]
    unsure: tuple[str, ...]
    """Many say that they do not know."""
    unheard: tuple[str, ...]
    """Too few rated it to say anything."""
    strongest: tuple[str, ...]
    weakest: tuple[str, ...]


def alone(findings: Findings) -> Alone | None:
    """None where the round asked more than one group."""
    groups = {group for found in findings.factors.values() for group in found.groups}
    if len(groups) != 1:
        return None
    [group] = groups
    views = {key: point(found).alone for key, found in findings.factors.items()}
    strongest, weakest = _ends(views)
    return Alone(
        group=group,
        apart=_labelled(views, ("split", "possible_split")),
        mixed=_labelled(views, ("mixed",)),
        together=_labelled(views, ("agreement",)),
        unsure=tuple(key for key, view in views.items() if view and view.many_dont_know),
        unheard=tuple(key for key, view in views.items() if view is None or view.in_place is None),
        strongest=strongest,
        weakest=weakest,
    )


def _labelled(views: dict[str, Perspective | None], labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(key for key, view in views.items() if view and view.label in labels)


def _ends(views: dict[str, Perspective | None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Up to three factors from each end, by the published share in place; none of them in the middle."""
    shares = {key: view.in_place.percent for key, view in views.items() if view and view.in_place}
    if not shares:
        return (), ()
    middle = statistics.median(shares.values())
    order = sorted(shares, key=lambda key: -shares[key])
    strongest = [key for key in order if shares[key] > middle]
    weakest = [key for key in reversed(order) if shares[key] < middle]
    return tuple(strongest[:MOST]), tuple(weakest[:MOST])
