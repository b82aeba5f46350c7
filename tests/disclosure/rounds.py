"""Random rounds: groups of every size, questions that many or few of them answer, written as counts into a database."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, pairwise

from sqlalchemy import delete, select

from surveyapp.analysis.counts import Counts
from surveyapp.analysis.disclosure import PublicEdition
from surveyapp.analysis.rules import RULES
from surveyapp.database import db
from surveyapp.models import Batch, Round, Tally
from surveyapp.models.content import content
from surveyapp.models.counts import TOOK_PART, Cell, raise_tally
from tests.builders import GROUPS, opened_round
from tests.moderation.said import say

# The town's rounds: all of one assessment, so that each is an earlier or later one of the others.
ROUNDS: dict[str, dict[str, object]] = {
    "spring": {"factors": ("f1", "f8")},
    "summer": {"factors": ("f1", "f8"), "threshold": 3},
    "autumn": {"factors": ("f1", "f8"), "threshold": 7, "self_group": None},
}
SIZES = ((0, 0), (1, 4), (1, 4), (5, 9), (10, 19), (20, 99), (100, 350))

Place = tuple[str, str]
"""Group, question."""


@dataclass(frozen=True)
class Answers:
    """What the people of a round said."""

    people: Mapping[str, int]
    counts: Mapping[Place, Counts]

    def changed(self, counts: Mapping[Place, Counts], **people: int) -> "Answers":
        return replace(self, people={**self.people, **people}, counts={**self.counts, **counts})


def closed(key: str) -> Round:
    """A closed round of ROUNDS in which one person of each group wrote a comment that was released."""
    round_ = opened_round(key=key, groups=GROUPS, **ROUNDS[key])
    for group in round_.groups:
        db.session.add(Batch(group=group, channel="codes"))
    round_.state, round_.closed_on, round_.shown_on = "closed", date(2026, 10, 30), date(2026, 10, 31)
    db.session.commit()
    for group in round_.groups:
        say(round_, group.key, {"f1": f"from {group.key}"}, state="kept")
    return round_


def places(round_: Round) -> dict[Place, int]:
    """Everything that is counted of a round, with its number of categories; statements before questions."""
    benchmark = content(round_).benchmark
    found = {}
    for group in round_.groups:
        for factor in benchmark.factors:
            if benchmark.rates(factor.key, group.key):
                found[group.key, factor.key] = benchmark.scale.size
            for asked in benchmark.asked(factor.key, group.key, group.short):
                options = benchmark.choices[asked.choices].options if asked.choices else None
                found[group.key, asked.key] = len(options) if options else benchmark.scale.size
    return found


def drawn(round_: Round, chance: random.Random, **sizes: int) -> Answers:
    """A random round; `sizes` sets the number of people of single groups."""
    people = {group.key: chance.randint(*chance.choice(SIZES)) for group in round_.groups} | sizes
    counts = {}
    for (group, question), categories in places(round_).items():
        many = chance.random() < 0.7
        answered = people[group] if many else chance.randint(0, min(people[group], 12))
        counts[group, question] = spread(chance, answered, categories)
    return Answers(people, counts)


def spread(chance: random.Random, answered: int, categories: int) -> Counts:
    """So many people over the categories and "I don't know", in any shape from agreement to two camps."""
    weights = [chance.gammavariate(0.8, 1) + 1e-9 for _ in range(categories)]
    dont_know = sum(chance.random() < 0.15 for _ in range(answered))
    chosen = chance.choices(range(categories), weights, k=answered - dont_know)
    return Counts(tuple(chosen.count(category) for category in range(categories)), dont_know)


def least(round_: Round, group: str) -> int:
    """So many answers a group needs to be shown."""
    kind = next(own.kind for own in round_.groups if own.key == group)
    return PublicEdition(RULES).threshold(
        round_.threshold, "persons" if kind == "persons" else "organisations"
    )


def hidden(round_: Round, answers: Answers) -> list[Place]:
    """Where too few answered, or where the group has too few people."""
    return [
        place
        for place, counts in answers.counts.items()
        if min(counts.answered, answers.people[place[0]]) < least(round_, place[0])
    ]


def said_otherwise(round_: Round, answers: Answers, chance: random.Random) -> Answers:
    """Everybody shown says the same as before, and all that is hidden is drawn anew: counts, and people of groups that
    are hidden in the whole round. Groups with enough answers and too few ratings rate differently."""
    people, counts = dict(answers.people), dict(answers.counts)
    for group, number in people.items():
        if 0 < number < least(round_, group):
            people[group] = chance.randint(1, least(round_, group) - 1)
    for group, question in hidden(round_, answers):
        most = min(people[group], least(round_, group) - 1)
        categories = len(counts[group, question].counts)
        counts[group, question] = spread(chance, chance.randint(0, most), categories)
    for (group, question), old in answers.counts.items():
        if old.rated < least(round_, group) <= min(old.answered, people[group]):
            rated = spread(chance, old.rated, len(old.counts))
            counts[group, question] = Counts(
                (rated.counts[0] + rated.dont_know, *rated.counts[1:]), old.dont_know
            )
    return Answers(people, counts)


def write(round_: Round, answers: Answers) -> None:
    """Puts these counts in place of those the round had."""
    db.session.execute(delete(Tally).where(Tally.round_id == round_.id))
    cells: dict[str, dict[Cell, int]] = {key: {TOOK_PART: n} for key, n in answers.people.items() if n}
    for (group, question), counts in answers.counts.items():
        told = {str(code): n for code, n in enumerate(counts.counts)} | {"dk": counts.dont_know}
        cells.setdefault(group, {}).update({(question, code): n for code, n in told.items() if n})
    for group in round_.groups:
        batch = db.session.scalars(select(Batch.id).where(Batch.group_id == group.id)).first()
        if batch and cells.get(group.key):
            raise_tally(round_.id, group.id, batch, cells[group.key])
    db.session.commit()


def all_tables(people: int, categories: int) -> Iterator[tuple[int, ...]]:
    """Every way in which so many people can spread over the categories."""
    for bars in combinations(range(people + categories - 1), categories - 1):
        ends = (-1, *bars, people + categories - 1)
        yield tuple(right - left - 1 for left, right in pairwise(ends))
