"""CountTable: how many people of each stakeholder group chose each category of each key factor.

It is all the analysis ever sees, so cost does not grow with the number of respondents.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["persons", "organisations"]

LEARNERS = "learners"
"""This group consists of persons whatever its table says: learners never answer for a body."""

SMALLEST_THRESHOLD = 3
DEFAULT_THRESHOLD = 5
SCALES = range(3, 8)
LARGEST_COUNT = 10**9
"""More people than any round has; beyond it floating-point numbers stop being exact."""


class InputError(ValueError):
    """Counts that cannot be read. The message is one line: where, then what."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(" ".join(f"{where}: {what}".split()))


@dataclass(frozen=True, slots=True)
class Counts:
    """One group on one question: people per category, lowest first, and people who said "I don't know"."""

    counts: tuple[int, ...]
    dont_know: int = 0

    @property
    def rated(self) -> int:
        return sum(self.counts)

    @property
    def answered(self) -> int:
        return self.rated + self.dont_know


@dataclass(frozen=True)
class CountTable:
    """Counts of one round. Built from rows it is trusted; outside data comes through `from_json`."""

    scale: int
    """K, the number of categories of every factor."""
    groups: tuple[str, ...]
    """Group keys in the order in which everything is listed."""
    factors: Mapping[str, Mapping[str, Counts]]
    """factor -> group -> Counts, in agenda tie order; a group may be absent, which means zeros."""
    threshold: int = DEFAULT_THRESHOLD
    """k: fewer answers than this are never shown."""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    people: Mapping[str, int] = field(default_factory=dict)
    """How many took part in the round; a group left out has its largest number of answers."""
    self_group: str | None = None
    """The group whose own view is held against the others'."""
    proxy: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """factor -> groups that speak about it only from the outside: shown, but in no comparison."""

    @classmethod
    def from_json(cls, data: object) -> "CountTable":
        """Read the input of `surveyapp analyse`, already parsed from JSON.

        An optional `"proxy": {"f2": ["learners"]}` names groups that do not count on a factor. Raises
        InputError at the first thing that is missing, unknown, or not a whole number in range.
        """
        return _read_table(data)

    def of(self, factor: str, group: str) -> Counts:
        return self.factors[factor].get(group) or Counts((0,) * self.scale)

    def kind(self, group: str) -> Kind:
        return "persons" if group == LEARNERS else self.kinds.get(group, "persons")

    def took_part(self, group: str) -> int:
        largest = max((self.of(factor, group).answered for factor in self.factors), default=0)
        return self.people.get(group, largest)


def _read_table(data: object) -> CountTable:
    document = _object(data, "input")
    optional = ("threshold", "self", "kinds", "people", "proxy")
    _known(document, ("scale", "groups", "factors", *optional), "input")
    scale = _whole(_required(document, "scale"), "scale", SCALES.start, SCALES.stop - 1)
    groups = _read_groups(_required(document, "groups"))
    factors = {
        factor: _read_factor(rows, groups, scale, f"factors.{factor}")
        for factor, rows in _object(_required(document, "factors"), "factors").items()
    }
    if not factors:
        raise InputError("factors", "no numbers: there is not one factor")
    table = CountTable(
        scale=scale,
        groups=groups,
        factors=factors,
        threshold=_whole(document.get("threshold", DEFAULT_THRESHOLD), "threshold", SMALLEST_THRESHOLD),
        kinds={group: _read_kind(kind, group) for group, kind in _by_group(document, "kinds", groups)},
        people={
            group: _whole(number, f"people.{group}")
            for group, number in _by_group(document, "people", groups)
        },
        self_group=_read_self(document.get("self"), groups),
        proxy=_read_proxy(_object(document.get("proxy", {}), "proxy"), factors, groups),
    )
    _check_people(table)
    return table


def _read_groups(value: object) -> tuple[str, ...]:
    names = _names(value, "groups")
    if not names:
        raise InputError("groups", "no groups")
    if len(set(names)) < len(names):
        raise InputError("groups", "a group is named twice")
    return names


def _read_factor(value: object, groups: tuple[str, ...], scale: int, where: str) -> dict[str, Counts]:
    rows = _object(value, where)
    _known(rows, groups, where, "group")
    return {group: _read_counts(row, scale, f"{where}.{group}") for group, row in rows.items()}


def _read_counts(value: object, scale: int, where: str) -> Counts:
    row = _object(value, where)
    _known(row, ("counts", "dont_know"), where)
    counts = row.get("counts")
    if not isinstance(counts, list):
        raise InputError(f"{where}.counts", "no numbers: expected a list, lowest category first")
    if len(counts) != scale:
        raise InputError(f"{where}.counts", f"{len(counts)} numbers, but the scale has {scale} categories")
    numbers = tuple(_whole(number, f"{where}.counts[{place}]") for place, number in enumerate(counts))
    return Counts(numbers, _whole(row.get("dont_know", 0), f"{where}.dont_know"))


def _read_kind(value: object, group: str) -> Kind:
    if value not in ("persons", "organisations"):
        raise InputError(f"kinds.{group}", f"{value!r} is neither persons nor organisations")
    return value


def _read_self(value: object, groups: tuple[str, ...]) -> str | None:
    if value is not None and value not in groups:
        raise InputError("self", f"{value!r} is not one of the groups")
    return value


def _read_proxy(
    value: dict[str, Any], factors: Mapping[str, object], groups: tuple[str, ...]
) -> dict[str, frozenset[str]]:
    _known(value, factors, "proxy", "factor")
    named = {factor: _names(names, f"proxy.{factor}") for factor, names in value.items()}
    for factor, names in named.items():
        _known(names, groups, f"proxy.{factor}", "group")
    return {factor: frozenset(names) for factor, names in named.items()}


def _check_people(table: CountTable) -> None:
    for group, people in table.people.items():
        for factor in table.factors:
            answered = table.of(factor, group).answered
            if people < answered:
                raise InputError(f"people.{group}", f"{people} took part, but {answered} answered {factor}")


def _by_group(document: dict[str, Any], key: str, groups: tuple[str, ...]) -> Iterable[tuple[str, object]]:
    entries = _object(document.get(key, {}), key)
    _known(entries, groups, key, "group")
    return entries.items()


def _object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(where, "expected an object with named entries")
    return value


def _names(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise InputError(where, "expected a list of names")
    return tuple(value)


def _known(found: Iterable[str], known: Iterable[str], where: str, what: str = "key") -> None:
    for name in found:
        if name not in known:
            raise InputError(where, f"unknown {what} {name!r}")


def _required(document: dict[str, Any], key: str) -> object:
    if key not in document:
        raise InputError("input", f"no {key}")
    return document[key]


def _whole(value: object, where: str, smallest: int = 0, largest: int = LARGEST_COUNT) -> int:
    # A bool is an int to Python and 3.0 a number to JSON; neither is a count of people.
    if type(value) is not int or not smallest <= value <= largest:
        raise InputError(where, f"{value!r} is not a whole number from {smallest} to {largest}")
    return value
