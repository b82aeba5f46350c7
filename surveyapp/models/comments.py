"""Comments that a person has released, and under which name they may stand.

A comment is a sentence in somebody's own words: it is shown under the name of its group only where ten people of
that group took part, or as many as the round asks for. Smaller groups stand together as "smaller groups", without a
name; where even those are fewer in all, nobody reads their comments, the lead included. A group that is shown nowhere
may stand in the pool and does not make it larger: else a pool that appears would tell how many the hidden group is.
Desk, page and report all start here.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from sqlalchemy import Select, func, select

from surveyapp.analysis.counts import Kind
from surveyapp.analysis.disclosure import PublicEdition
from surveyapp.analysis.rules import RULES
from surveyapp.benchmark.frozen import Frozen
from surveyapp.database import db
from surveyapp.models.assessment import Batch, Round
from surveyapp.models.counts import COUNTS, TOOK_PART, tallied
from surveyapp.models.response import Comment, Moderation, Response

SMALLER = ""  # stands for the pool where a group's name would stand; no group has an empty key
RELEASED = ("kept", "shortened")

Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])


@dataclass(frozen=True)
class Released:
    """A comment as everybody may read it. Nothing leads from here to another comment of the same person."""

    group: str
    """Key of the group; SMALLER where groups are pooled."""
    text: str
    shortened: bool
    translation: str | None
    translation_language: str | None

    @property
    def direction(self) -> str:
        return reading_direction(self.text)


@dataclass(frozen=True)
class Pools:
    """Which groups stand under their own name, by question."""

    asked: Mapping[str, frozenset[str]]
    """Question -> groups that could comment on it."""
    people: Mapping[str, int]
    """Group -> people who took part; 0 where they are too few to be shown."""
    least: int
    """As many people stand under a name at least."""

    def name(self, question: str, group: str) -> str | None:
        """The group's key, SMALLER, or None: then nobody reads the comment."""
        if self.people.get(group, 0) >= self.least:
            return group
        # Only groups that could comment on it hide one another: two departments do not hide behind learners
        # who never saw the question.
        pool = [people for key, people in self.people.items() if key in self.asked.get(question, ())]
        small = sum(people for people in pool if people < self.least)
        return SMALLER if small >= self.least else None


def comment_pools(round_: Round, frozen: Frozen, people: Mapping[str, int] | None = None) -> Pools:
    """`people` by group, where they have been counted already."""
    if people is None:
        counted = tallied(round_.id)
        people = {group.key: counted.get(group.id, {}).get(TOOK_PART, 0) for group in round_.groups}
    edition = PublicEdition(RULES)
    least = {
        group.key: edition.threshold(round_.threshold, cast(Kind, group.kind)) for group in round_.groups
    }
    shown = {key: number if number >= least[key] else 0 for key, number in people.items()}
    benchmark = frozen.benchmark
    pages = {group.key: set(benchmark.order(group.key, group.short)) for group in round_.groups}
    asked = {
        factor.key: frozenset(group for group, keys in pages.items() if factor.key in keys)
        for factor in benchmark.factors
    }
    asked |= {question.key: frozenset(pages) for question in benchmark.closing}
    return Pools(asked, shown, max(RULES.free_text_people, round_.threshold))


def released_comments(
    round_: Round, frozen: Frozen, people: Mapping[str, int] | None = None
) -> dict[str, tuple[Released, ...]]:
    """Released comments by factor or open question, in the order of what was asked.

    Within a question they stand in the order of their random keys: neither by time, nor by language or person.
    """
    rows = db.session.execute(
        of_round(select(Moderation, Comment.text, Response.group_id), round_)
        .where(Moderation.state.in_(RELEASED))
        .order_by(Moderation.key)
    ).all()
    if not rows:
        return {}
    pools = comment_pools(round_, frozen, people)
    names = {group.id: group.key for group in round_.groups}
    told: dict[str, list[Released]] = {question: [] for question in pools.asked}
    for moderation, text, group_id in rows:
        name = pools.name(moderation.question, names[group_id])
        if name is not None and moderation.question in told:
            told[moderation.question].append(
                Released(
                    group=name,
                    text=moderation.shown if moderation.shown is not None else text,
                    shortened=moderation.shown is not None,
                    translation=moderation.translation,
                    translation_language=moderation.translation_language,
                )
            )
    return {question: tuple(comments) for question, comments in told.items() if comments}


def undecided(round_: Round, frozen: Frozen) -> int:
    """How many comments wait for somebody to decide about them."""
    waiting = db.session.execute(
        of_round(select(Moderation.question, Response.group_id, func.count()), round_)
        .where(Moderation.state == "pending")
        .group_by(Moderation.question, Response.group_id)
    ).all()
    if not waiting:
        return 0
    pools, names = comment_pools(round_, frozen), {group.id: group.key for group in round_.groups}
    return sum(n for question, group_id, n in waiting if pools.name(question, names[group_id]) is not None)


def of_round(statement: Statement, round_: Round) -> Statement:
    """Narrows a statement on moderations to the round, without the batches that were left out."""
    return (
        statement.select_from(Moderation)
        .join(
            Comment,
            (Comment.response_id == Moderation.response_id) & (Comment.question == Moderation.question),
        )
        .join(Response, Response.id == Moderation.response_id)
        .join(Batch, Batch.id == Response.batch_id)
        .where(Response.round_id == round_.id, COUNTS)
    )


def reading_direction(text: str) -> str:
    """`rtl` or `ltr` by the first letter that has a direction: nobody knows in which language a comment is."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"
