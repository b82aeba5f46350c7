"""The attacker: reads everything published, knows the program and can run it, and knows what all others said.

Each attack on a publisher returns what it learned, in words, or None.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import islice

from surveyapp.analysis.counts import Counts
from surveyapp.analysis.findings import findings
from surveyapp.analysis.overview import strongest_and_weakest
from surveyapp.models import Round
from surveyapp.models.content import content
from surveyapp.models.perspectives import count_table
from tests.disclosure.outputs import Publish, Published, Town
from tests.disclosure.rounds import Answers, all_tables, drawn, hidden, least, said_otherwise, write
from tests.disclosure.solving import Figure, bounds, figures

Learned = str | None
Table = tuple[int, ...]
Attack = Callable[[Publish, Town, random.Random], Learned]

VICTIM = "learners"
TRIED = 6
"""Whole outputs looked at: where so many tables with the same findings do not fit, some output tells more."""
NUMBER = re.compile(r"\d+(?:\.\d+)?")
EDITIONS = (("report, internal", "report, public"), (" (lead)", " (viewer)"))


def tell(publish: Publish, town: Town, round_: Round, answers: Answers) -> Published:
    write(round_, answers)
    return publish(town, round_)


def any_round(town: Town, chance: random.Random) -> Round:
    return chance.choice(list(town.rounds.values()))


def compare(publish: Publish, town: Town, chance: random.Random) -> Learned:
    """Lets hidden groups say something else: an output that changes tells of them."""
    round_ = any_round(town, chance)
    answers = drawn(round_, chance)
    other = said_otherwise(round_, answers, chance)
    return _differ(*(tell(publish, town, round_, one) for one in (answers, other)))


def compare_two_rounds(publish: Publish, town: Town, chance: random.Random) -> Learned:
    """The same, with an earlier and a later round at once: all of what both publish."""
    pair = chance.sample(list(town.rounds.values()), 2)
    one = [drawn(round_, chance) for round_ in pair]
    other = [said_otherwise(round_, answers, chance) for round_, answers in zip(pair, one, strict=True)]
    told = []
    for version in (one, other):
        for round_, answers in zip(pair, version, strict=True):
            write(round_, answers)
        told.append({f"{r.key}: {name}": text for r in pair for name, text in publish(town, r).items()})
    return _differ(*told)


def compare_unanimity(publish: Publish, town: Town, chance: random.Random) -> Learned:
    """Lets one member of a unanimous group dissent: an output that changes tells that all chose the same."""
    round_, people = any_round(town, chance), chance.choice([7, 9, 10, 19, 20, 99, 299])
    answers = drawn(round_, chance, **{VICTIM: people})
    chosen = chance.randrange(4)
    dissenter = chosen + 1 if chosen < 2 else chosen - 1
    tables = [[people if code == chosen else 0 for code in range(4)] for _ in range(2)]
    tables[1][chosen], tables[1][dissenter] = people - 1, 1
    told = (answers.changed({(VICTIM, "f1"): Counts(tuple(table))}) for table in tables)
    return _differ(*(tell(publish, town, round_, one) for one in told))


def subtract_editions(publish: Publish, town: Town, chance: random.Random) -> Learned:
    """Takes one edition from another: the numbers that are left must not depend on what people said."""
    round_ = any_round(town, chance)
    told = [tell(publish, town, round_, drawn(round_, chance)) for _ in range(2)]
    for more, less in EDITIONS:
        left = [numbers(one[more]) - numbers(one[less]) for one in told]
        if left[0] != left[1]:
            return f"{more} minus {less}: {sorted((left[0] - left[1]) + (left[1] - left[0]))}"
    return None


def solve(publish: Publish, town: Town, chance: random.Random) -> Learned:
    """Takes every figure for an equation whose only unknowns are the cells of one hidden group."""
    round_ = any_round(town, chance)
    answers = drawn(round_, chance, employers=chance.randint(1, 2))
    return _solved([figures(round_, tell(publish, town, round_, answers))], round_, [answers])


def solve_two_rounds(publish: Publish, town: Town, chance: random.Random) -> Learned:
    """The same for a group hidden in two rounds whose members are known to have said the same in both."""
    pair = chance.sample(list(town.rounds.values()), 2)
    few = chance.randint(1, 2)
    first, second = (drawn(round_, chance, employers=few) for round_ in pair)
    same = {place: counts for place, counts in first.counts.items() if place[0] == "employers"}
    answers = [first, second.changed(same)]
    told = [figures(r, tell(publish, town, r, one)) for r, one in zip(pair, answers, strict=True)]
    return _solved(told, pair[0], answers)


def _solved(told: list[list[Figure]], round_: Round, answers: list[Answers]) -> Learned:
    """`answers` of every round looked at; a place is attacked where they are the same in all of them, and hidden."""
    for group, factor in set.intersection(*(set(hidden(round_, one)) for one in answers)):
        if factor not in round_.factors or len({one.counts[group, factor] for one in answers}) > 1:
            continue
        known = [
            {other: one.counts[other, key] for other, key in one.counts if key == factor and other != group}
            for one in answers
        ]
        for cell, (low, high) in enumerate(bounds(told, factor, group, known, least(round_, group) - 1)):
            if low == high:
                return f"{group} on {factor}: {low} people in cell {cell}"
    return None


def enumerate_tables(publish: Publish, town: Town, chance: random.Random) -> Learned:
    """Tries every table of a shown group of five to nine persons, whose number is not known, until three fit."""
    round_ = town.rounds[chance.choice(["spring", "summer"])]  # both show persons from five on
    answers = drawn(round_, chance, **{VICTIM: 9})
    people = chance.randint(5, 9)
    tables = sorted(table for n in range(5, 10) for table in all_tables(n, 4))
    truth = chance.choice([table for table in tables if sum(table) == people])
    answers = answers.changed({(VICTIM, "f1"): Counts(truth)})
    told = tell(publish, town, round_, answers)
    fitting = [truth]
    nearest = sorted(tables, key=lambda table: sum(abs(a - b) for a, b in zip(table, truth, strict=True)))
    for table in islice(_with_the_same_findings(round_, truth, nearest[1:]), TRIED):
        if tell(publish, town, round_, answers.changed({(VICTIM, "f1"): Counts(table)})) == told:
            fitting.append(table)
        if len(fitting) >= 3 and not all(map(is_unanimous, fitting)):
            return None
    if all(map(is_unanimous, fitting)):
        return f"all chose the same: {fitting}"
    return f"only {len(fitting)} tables fit"


def _with_the_same_findings(round_: Round, truth: Table, tables: list[Table]) -> Iterator[Table]:
    """Those of the tables that give the findings of the truth: cheaper to look at than whole outputs."""
    base = count_table(round_, content(round_))

    def told(table: Table) -> str:
        cells = {**base.factors["f1"], VICTIM: Counts(table)}
        found = findings(replace(base, factors={**base.factors, "f1": cells}))
        return repr((found, strongest_and_weakest(found)))

    seen = told(truth)
    return (table for table in tables if told(table) == seen)


def is_unanimous(table: Table) -> bool:
    return sum(table) in table


def numbers(text: str) -> Counter[str]:
    """Every number of a page, in words, attributes and classes alike."""
    return Counter(NUMBER.findall(text))


def _differ(one: Mapping[str, str], other: Mapping[str, str]) -> Learned:
    names = [name for name in one if one[name] != other[name]]
    return f"differ: {names}" if names else None
