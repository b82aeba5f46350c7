"""Channels that anyone may use more than once: what looks odd in them, in counts, and leaving one out.

None of the signs proves anything: a class fills in together, one lesson answers alike, and a short form is quick.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from surveyapp.analysis.rounding import Precision, Share, share_of
from surveyapp.analysis.rules import RULES
from surveyapp.database import db
from surveyapp.models import Answer, Batch, Response, Round, StakeholderGroup, Tally
from surveyapp.models.counts import TOOK_PART

# Links, codes and files that reach many: a personal link counts once and belongs to one person.
OPEN = ("group_link", "codes", "paper", "import")
ALIKE_PEOPLE = 3
ALIKE_ANSWERS = 8


@dataclass(frozen=True)
class Signs:
    """One open channel in counts."""

    batch: Batch
    answered: int
    alike: Share | None
    """Of all who answered: those whose answers, at least eight, are the same as those of at least two others of this
    channel. None where there are none or it is not told."""

    @property
    def over(self) -> int:
        """How many came beyond the number the channel was made for."""
        return max(0, self.answered - self.batch.cap) if self.batch.cap is not None else 0

    @property
    def alike_told(self) -> bool:
        """It says what people answered, so it waits for the end of the round and for enough of them, and is rounded:
        "six of six" would say that all chose the same, and three sheets of one's own would find their like."""
        return self.batch.group.round.ended and self.answered >= RULES.shares_from

    @property
    def odd(self) -> bool:
        return bool(self.over or self.alike or self.batch.hasty)


class CannotLeaveOut(Exception):
    """The results have been shown, or it is no open channel of this round."""


def open_channels(round_: Round) -> list[Signs]:
    """Every open channel of the round, by group."""
    question, category = TOOK_PART
    people = (
        select(Tally.batch_id, Tally.n)
        .where(Tally.round_id == round_.id, Tally.question == question, Tally.category == category)
        .subquery()
    )
    found = db.session.execute(
        select(Batch, func.coalesce(people.c.n, 0))
        .join(StakeholderGroup, StakeholderGroup.id == Batch.group_id)
        .outerjoin(people, people.c.batch_id == Batch.id)
        .where(StakeholderGroup.round_id == round_.id, Batch.channel.in_(OPEN))
        .order_by(StakeholderGroup.position, Batch.id)
    ).all()
    alike = _alike([batch.id for batch, _ in found])
    return [_signs(batch, int(n), alike.get(batch.id, 0)) for batch, n in found]


def _signs(batch: Batch, answered: int, alike: int) -> Signs:
    signs = Signs(batch, answered, None)
    if not alike or not signs.alike_told:
        return signs
    return replace(signs, alike=share_of(alike / answered, answered, Precision.HALF_STEPS, RULES))


def open_channel(round_: Round, batch_id: int) -> Batch | None:
    return db.session.scalar(
        select(Batch)
        .join(StakeholderGroup, StakeholderGroup.id == Batch.group_id)
        .where(Batch.id == batch_id, StakeholderGroup.round_id == round_.id, Batch.channel.in_(OPEN))
    )


def leave_out(round_: Round, batch: Batch, reason: str) -> None:
    """Takes a channel's answers out of every result. The answers stay, and are counted apart."""
    _before_results(round_)
    batch.left_out = reason


def take_back(round_: Round, batch: Batch) -> None:
    _before_results(round_)
    batch.left_out = None


def _before_results(round_: Round) -> None:
    """Leaving out later would let readers subtract one report from another."""
    db.session.refresh(round_, with_for_update=True)  # waits for whoever is just showing the results
    if round_.shown_on is not None or round_.state == "draft":
        raise CannotLeaveOut(round_.key)


def _alike(batches: list[int]) -> dict[int, int]:
    """People by channel whose whole sheet of answers occurs three times or more. Counted in the database."""
    if not batches:
        return {}
    given = (
        select(
            Answer.response_id,
            Response.batch_id,
            Answer.question,
            (Answer.question + "=" + Answer.choice).label("answer"),
        )
        .join(Response, Response.id == Answer.response_id)
        .where(Response.batch_id.in_(batches))
        .order_by(Answer.response_id, Answer.question)
        .subquery()
    )
    sheets = (
        select(given.c.batch_id, _joined(given.c.answer, given.c.question).label("sheet"))
        .group_by(given.c.batch_id, given.c.response_id)
        .having(func.count() >= ALIKE_ANSWERS)
        .subquery()
    )
    same = (
        select(sheets.c.batch_id, func.count().label("people"))
        .group_by(sheets.c.batch_id, sheets.c.sheet)
        .having(func.count() >= ALIKE_PEOPLE)
        .subquery()
    )
    rows = db.session.execute(select(same.c.batch_id, func.sum(same.c.people)).group_by(same.c.batch_id))
    return {batch_id: int(n) for batch_id, n in rows}


def _joined(text: ColumnElement[str], by: ColumnElement[str]) -> ColumnElement[Any]:
    """All texts of a group of rows in one, in the order of `by`."""
    if db.engine.dialect.name == "postgresql":
        return func.string_agg(text, aggregate_order_by(literal(";"), by))
    return func.group_concat(text, ";")  # in the order of the rows, which the subquery has sorted
