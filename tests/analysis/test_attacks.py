"""What somebody could learn who knows every other number: hidden groups nothing, small groups too little."""

import json
import random
from collections import defaultdict
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveyapp.analysis.counts import Counts, CountTable
from surveyapp.analysis.findings import findings
from surveyapp.analysis.overview import mean_shares, strongest_and_weakest
from tests.analysis.count_tables import GROUPS, tables

SCALE = 4
VICTIM = "migrant_orgs"
SIZES = ((5, 9), (5, 9), (10, 19), (20, 99), (100, 350))


def all_tables(people):
    """Every way in which so many people can spread over the scale."""
    for bars in combinations(range(people + SCALE - 1), SCALE - 1):
        ends = (-1, *bars, people + SCALE - 1)
        yield tuple(right - left - 1 for left, right in pairwise(ends))


def random_counts(chance, people):
    weights = [chance.gammavariate(0.8, 1) + 1e-9 for _ in range(SCALE)]
    drawn = chance.choices(range(SCALE), weights, k=people)
    return Counts(tuple(drawn.count(category) for category in range(SCALE)))


def random_round(chance, groups, factors):
    """The attacker's knowledge: everything but the victim's answers to the first factor."""
    sizes = {group: chance.randint(*chance.choice(SIZES)) for group in groups} | {
        VICTIM: chance.randint(5, 9)
    }
    counts = {
        f"f{place}": {group: random_counts(chance, sizes[group]) for group in groups}
        for place in range(factors)
    }
    attacked = chance.choice(list(counts))
    kinds = {group: chance.choice(["persons", "organisations"]) for group in groups if group != VICTIM}
    self_group = chance.choice(groups)

    def with_victim(table):
        factors = counts | {attacked: counts[attacked] | {VICTIM: Counts(table)}}
        people = sizes | {VICTIM: 300}
        return CountTable(SCALE, tuple(groups), factors, kinds=kinds, people=people, self_group=self_group)

    return with_victim


def tables_by_output(with_victim):
    """All tables of a group of five to nine persons, gathered by everything the public may see of them."""
    alike = defaultdict(list)
    for people in range(5, 10):
        for table in all_tables(people):
            told = findings(with_victim(table))
            alike[repr((told, strongest_and_weakest(told), mean_shares(told)))].append(table)
    return list(alike.values())


def is_unanimous(table):
    return sum(table) in table


def test_an_attacker_who_knows_all_others_cannot_work_out_a_small_group():
    chance = random.Random(20_240)
    safe = []
    for others, factors in ((1, 1), (2, 1), (3, 1), (4, 1), (2, 2), (4, 2)):
        partners = chance.sample([group for group in GROUPS if group != VICTIM], others)
        groups = sorted([*partners, VICTIM], key=GROUPS.index)
        fitting = tables_by_output(random_round(chance, groups, factors))
        everything = sum(map(len, fitting))
        assert everything == 645
        safe.append(sum(len(alike) for alike in fitting if len(alike) >= 3) / everything)
        assert not any(all(map(is_unanimous, alike)) for alike in fitting)
    assert sum(safe) / len(safe) >= 0.95


@pytest.mark.parametrize("people", [5, 9, 10, 19, 20, 99, 100, 299])
@pytest.mark.parametrize("category", range(SCALE))
def test_unanimity_is_never_certain_below_three_hundred(people, category):
    chance = random.Random(people)
    with_victim = random_round(chance, GROUPS, 2)
    unanimous = tuple(people if place == category else 0 for place in range(SCALE))
    dissenter = category + 1 if 2 * category < SCALE - 1 else category - 1
    nearly = tuple(people - 1 if place == category else int(place == dissenter) for place in range(SCALE))
    assert repr(findings(with_victim(unanimous))) == repr(findings(with_victim(nearly)))


@given(tables(scale=SCALE), st.data())
def test_the_counts_of_a_hidden_group_change_not_one_byte(data, draw):
    factor = draw.draw(st.sampled_from(sorted(data["factors"])))
    group = draw.draw(st.sampled_from(data["groups"]))
    people = {group: draw.draw(st.sampled_from([4, 10_000]))}
    if people[group] == 4:
        data["factors"] = {
            key: cells | {group: {"counts": [0, 0, 1, 1], "dont_know": 1}}
            for key, cells in data["factors"].items()
        }

    def published(hidden):
        cells = data["factors"][factor] | {group: hidden}
        changed = data | {"people": people, "factors": data["factors"] | {factor: cells}}
        told = findings(CountTable.from_json(changed))
        return json.dumps(told.as_json()), repr(told), strongest_and_weakest(told), mean_shares(told)

    def few_answers():
        chosen = draw.draw(st.lists(st.integers(0, SCALE), max_size=4))
        cells = [chosen.count(category) for category in range(SCALE + 1)]
        return {"counts": cells[:SCALE], "dont_know": cells[SCALE]}

    assert published(few_answers()) == published(few_answers())
