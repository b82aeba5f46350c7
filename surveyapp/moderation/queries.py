"""Reads of the moderation pages. Nothing of them leads to a person: a comment is known by its random key alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import func, select

from surveyapp.benchmark.frozen import Frozen
from surveyapp.database import db
from surveyapp.models import Comment, Moderation, Response, Round
from surveyapp.models.comments import Pools, comment_pools, of_round, reading_direction
from surveyapp.models.response import COMMENT_STATES
from surveyapp.moderation.hints import pieces

PER_PAGE = 20


@dataclass(frozen=True)
class Item:
    """One comment before whoever decides."""

    moderation: Moderation
    text: str
    group: str
    """Key of the group; SMALLER where it has too few people to stand under its name."""

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        return pieces(self.text)

    @property
    def direction(self) -> str:
        return reading_direction(self.text)


@dataclass
class Progress:
    """How much is decided, of a question and of them all."""

    total: int = 0
    decided: int = 0
    states: dict[str, int] = field(default_factory=dict)
    groups: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Desk:
    """What there is to decide in a round: comments that could be shown, under the names they would stand under."""

    pools: Pools
    groups: dict[int, str]
    """Group id -> key."""
    questions: dict[str, Progress]
    """Every question with comments, in the order it was asked."""
    withheld: bool
    """There are comments that nobody reads, because the groups they come from are too small even together."""

    @property
    def total(self) -> int:
        return sum(one.total for one in self.questions.values())

    @property
    def decided(self) -> int:
        return sum(one.decided for one in self.questions.values())

    @property
    def first(self) -> str:
        """The question to begin with: the first with something to decide."""
        waiting = [key for key, one in self.questions.items() if one.decided < one.total]
        return (waiting or list(self.questions))[0]


def desk(round_: Round, frozen: Frozen) -> Desk:
    pools = comment_pools(round_, frozen)
    names = {group.id: group.key for group in round_.groups}
    rows = db.session.execute(
        of_round(select(Moderation.question, Response.group_id, Moderation.state, func.count()), round_)
        .group_by(Moderation.question, Response.group_id, Moderation.state)
    ).all()  # fmt: skip
    counted = {question: Progress() for question in pools.asked}
    withheld = False
    for question, group_id, state, n in rows:
        name = pools.name(question, names[group_id])
        withheld = withheld or name is None
        if name is not None and question in counted:
            progress = counted[question]
            progress.total += n
            progress.decided += n if state != "pending" else 0
            progress.states[state] = progress.states.get(state, 0) + n
            progress.groups.add(name)
    return Desk(pools, names, {question: one for question, one in counted.items() if one.total}, withheld)


def comments_page(round_: Round, desk: Desk, question: str, state: str, group: str | None) -> Pagination:
    """Comments of one question, in the order of their random keys.

    One question a page: a person has at most one comment there, so no page shows two of the same person.
    """
    statement = of_round(select(Moderation, Comment.text, Response.group_id), round_).where(
        Moderation.question == question, Response.group_id.in_(_ids(desk, question, group))
    )
    if state in COMMENT_STATES:
        statement = statement.where(Moderation.state == state)
    return Rows(
        select=statement.order_by(Moderation.key),
        page=None,
        per_page=PER_PAGE,
        max_per_page=PER_PAGE,
        error_out=False,
    )


class Rows(Pagination):
    """Pages of whole rows; Flask-SQLAlchemy's own takes the first column only."""

    def _query_items(self) -> list[object]:
        rows = self._query_args["select"]
        return list(db.session.execute(rows.limit(self.per_page).offset(self._query_offset)))

    def _query_count(self) -> int:
        rows = self._query_args["select"].order_by(None).with_only_columns(Moderation.key)
        return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _ids(desk: Desk, question: str, group: str | None) -> Iterable[int]:
    """Groups that stand under this name, or under any."""
    names = {group_id: desk.pools.name(question, key) for group_id, key in desk.groups.items()}
    return [group_id for group_id, name in names.items() if name is not None and group in (None, name)]


def one_comment(round_: Round, frozen: Frozen, key: str) -> Item | None:
    """One comment of the round; None also for one that nobody may read."""
    found = db.session.execute(
        of_round(select(Moderation, Comment.text, Response.group_id), round_).where(Moderation.key == key)
    ).one_or_none()
    return item(comment_pools(round_, frozen), round_, *found) if found else None


def item(pools: Pools, round_: Round, moderation: Moderation, text: str, group_id: int) -> Item | None:
    [key] = (group.key for group in round_.groups if group.id == group_id)
    name = pools.name(moderation.question, key)
    return None if name is None else Item(moderation, text, name)
