"""Rounds at random: the content of a real one, with counts of every size."""

import random
from collections import Counter
from dataclasses import replace

from surveyapp.analysis.counts import Counts, CountTable
from surveyapp.analysis.findings import findings
from surveyapp.models.counts import Cell
from surveyapp.models.perspectives import RoundPerspectives, _people, _view

SIZES = ((0, 4), (5, 9), (10, 19), (20, 39), (40, 99), (100, 299), (300, 2000))


def at_random(told: RoundPerspectives, seed: int, smallest: int = 0) -> RoundPerspectives:
    """The round as if other people had answered it; from `smallest` = 200 on, W and B are told of every factor."""
    chance = random.Random(seed)
    benchmark, groups = told.frozen.benchmark, told.groups
    sizes = {
        group: chance.randint(smallest, 900) if smallest else chance.randint(*chance.choice(SIZES))
        for group in groups
    }
    table = CountTable(
        scale=benchmark.scale.size,
        groups=groups,
        factors={
            factor.key: {
                group: counts(chance, sizes[group]) for group in groups if benchmark.rates(factor.key, group)
            }
            for factor in benchmark.factors
        },
        kinds={group: chance.choice(("persons", "organisations")) for group in groups},
        people=sizes,
        self_group=told.round_.self_group,
    )
    asked = {
        (group, question.key): question
        for factor in benchmark.factors
        for group in groups
        for question in benchmark.asked(factor.key, group, group in told.short)
    }
    questions = {}
    for (group, key), question in asked.items():
        answered = counts(chance, sizes[group])
        cells: dict[Cell, int] = {(key, str(code)): n for code, n in enumerate(answered.counts)}
        cells[key, "dk"] = answered.dont_know
        questions[group, key] = _view(question, told.frozen, cells, table, group)
    return replace(
        told,
        findings=findings(table),
        took_part={group: _people(table, group) for group in groups},
        questions=questions,
    )


def counts(chance: random.Random, people: int) -> Counts:
    """Some skip, some do not know, the others spread over the scale."""
    weights = [chance.gammavariate(0.8, 1) + 1e-9 for _ in range(4)]
    weights += [chance.choice((0, 0.3, 3)) * sum(weights), chance.choice((0, 0.2)) * sum(weights)]
    drawn = Counter(chance.choices(range(6), weights, k=people))
    return Counts(tuple(drawn[step] for step in range(4)), drawn[4])
