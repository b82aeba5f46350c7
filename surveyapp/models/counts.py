"""The tally: the only thing findings are made from. Raised as answers are sent, frozen when the round closes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ForeignKey, delete, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.analysis.disclosure import PublicEdition
from surveyapp.analysis.rules import RULES
from surveyapp.charts.turnout import FEW
from surveyapp.database import connection, db, upsert
from surveyapp.models.assessment import Batch, Round
from surveyapp.models.response import Answer, Response

# The row that counts people instead of answers: everyone who answered at least one question.
TOOK_PART = ("*", "people")

Cell = tuple[str, str]  # question key, category

# Batches whose answers make results: neither left out by the lead, nor staff trying a draft.
COUNTS = Batch.left_out.is_(None) & (Batch.channel != "trial")


class Tally(db.Model):
    __tablename__ = "tally"
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(
        ForeignKey("stakeholder_groups.id", ondelete="CASCADE"), primary_key=True
    )
    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]


class LanguageCount(db.Model):
    """How many answered in which language, per round and tied to nothing smaller."""

    __tablename__ = "language_counts"
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]


def cells(answers: Mapping[str, str]) -> list[Cell]:
    """What one person's answers add to the tally: their choices, and one for taking part."""
    return [*answers.items(), TOOK_PART] if answers else []


def raise_tally(round_id: int, group_id: int, batch_id: int, raised: Mapping[Cell, int]) -> None:
    """Adds to the counters, or takes from them where a number is negative; always in the same order of keys, so that
    two writers never deadlock. A counter that is back at nothing goes: nobody is to see that somebody withdrew."""
    rows = [
        {
            "round_id": round_id,
            "group_id": group_id,
            "batch_id": batch_id,
            "question": question,
            "category": category,
            "n": n,
        }
        for (question, category), n in sorted(raised.items())
    ]
    if rows:
        db.session.execute(upsert(Tally, "n", adding=True), rows)
    if min(raised.values(), default=0) < 0:
        place = (Tally.round_id == round_id, Tally.group_id == group_id, Tally.batch_id == batch_id)
        db.session.execute(delete(Tally).where(*place, Tally.n == 0))


RAISE_FROM_DRAFT = text(
    "INSERT INTO tally (round_id, group_id, batch_id, question, category, n)"
    " SELECT :round_id, :group_id, :batch_id, question, category, 1 FROM ("
    "SELECT question, choice AS category FROM draft_answers WHERE invitation_id = :invitation"
    " UNION ALL SELECT :everyone, :people"
    " WHERE EXISTS (SELECT 1 FROM draft_answers WHERE invitation_id = :invitation)"
    ") AS given WHERE true ORDER BY question, category"
    " ON CONFLICT (round_id, group_id, batch_id, question, category) DO UPDATE SET n = tally.n + 1"
)


def raise_tally_from_draft(invitation: int, round_id: int, group_id: int, batch_id: int) -> None:
    """Adds one person's draft to the counters, as `cells` would, in the database and in one order of keys."""
    everyone, people = TOOK_PART
    place = {"round_id": round_id, "group_id": group_id, "batch_id": batch_id}
    own = {"invitation": invitation, "everyone": everyone, "people": people}
    connection().execute(RAISE_FROM_DRAFT, {**own, **place})


def raise_language(round_id: int, language: str, n: int = 1) -> None:
    row = {"round_id": round_id, "language": language, "n": n}
    connection().execute(upsert(LanguageCount, "n", adding=True), row)


def tallied(round_id: int) -> dict[int, dict[Cell, int]]:
    """Counters of a round by group id, batches added up; one query whose cost never depends on the answers.

    A batch that the lead left out is not among them: this is what every result is made from.
    """
    rows = db.session.execute(
        select(Tally.group_id, Tally.question, Tally.category, func.sum(Tally.n))
        .join(Batch, Batch.id == Tally.batch_id)
        .where(Tally.round_id == round_id, COUNTS)
        .group_by(Tally.group_id, Tally.question, Tally.category)
    )
    counted: dict[int, dict[Cell, int]] = {}
    for group_id, question, category, n in rows:
        counted.setdefault(group_id, {})[question, category] = int(n)
    return counted


@dataclass(frozen=True)
class LeftOut:
    """What the lead left out of one group's results, as everybody may read it."""

    group: str
    batches: int
    people: int | str
    """Banded like any number of answers; FEW below five."""
    reasons: tuple[str, ...]
    """In the lead's own words, each once."""


def left_out(round_: Round) -> tuple[LeftOut, ...]:
    """Batches with answers that no result holds, by group, in group order."""
    question, category = TOOK_PART
    rows = db.session.execute(
        select(Batch.group_id, Batch.left_out, func.sum(Tally.n))
        .join(Tally, Tally.batch_id == Batch.id)
        .where(Tally.round_id == round_.id, Tally.question == question, Tally.category == category)
        .where(Batch.left_out.is_not(None))
        .group_by(Batch.id, Batch.group_id, Batch.left_out)
        .order_by(Batch.id)
    ).all()
    told = []
    for group in round_.groups:
        own = [(reason, int(people)) for group_id, reason, people in rows if group_id == group.id]
        if own:
            reasons = tuple(dict.fromkeys(reason for reason, _ in own if reason))
            told.append(LeftOut(group.key, len(own), banded(sum(people for _, people in own)), reasons))
    return tuple(told)


def banded(people: int) -> int | str:
    """A number of people as it may be told to everybody: never exact below twenty."""
    least = RULES.persons_floor
    return FEW if people < least else PublicEdition(RULES).answered(people, least)


def recount(round_id: int) -> dict[tuple[int, int], dict[Cell, int]]:
    """The same counters from the answers themselves, by (group id, batch id): slow, for `surveyapp tally check`."""
    answered = (
        select(Response.group_id, Response.batch_id, Answer.question, Answer.choice, func.count())
        .join(Answer, Answer.response_id == Response.id)
        .where(Response.round_id == round_id)
        .group_by(Response.group_id, Response.batch_id, Answer.question, Answer.choice)
    )
    people = (
        select(Response.group_id, Response.batch_id, func.count(Answer.response_id.distinct()))
        .join(Answer, Answer.response_id == Response.id)
        .where(Response.round_id == round_id)
        .group_by(Response.group_id, Response.batch_id)
    )
    counted: dict[tuple[int, int], dict[Cell, int]] = {}
    for group_id, batch_id, question, choice, n in db.session.execute(answered):
        counted.setdefault((group_id, batch_id), {})[question, choice] = n
    for group_id, batch_id, n in db.session.execute(people):
        counted.setdefault((group_id, batch_id), {})[TOOK_PART] = n
    return counted


def stored(round_id: int) -> dict[tuple[int, int], dict[Cell, int]]:
    """The counters as they stand, by (group id, batch id)."""
    counted: dict[tuple[int, int], dict[Cell, int]] = {}
    for row in db.session.scalars(select(Tally).where(Tally.round_id == round_id)):
        counted.setdefault((row.group_id, row.batch_id), {})[row.question, row.category] = row.n
    return counted


@dataclass(frozen=True)
class Off:
    """A counter that does not agree with the answers."""

    group_id: int
    batch_id: int
    cell: Cell
    counter: int
    answers: int
    deleted: int
    """Answers of this batch that people deleted after the round had closed; counts stand then, so that many may be
    counted and not be there. Where there are any, a recount cannot tell what the counter was."""


def off(round_id: int) -> list[Off]:
    """Counters of a round that cannot be right."""
    counted, standing = recount(round_id), stored(round_id)
    rows = db.session.execute(select(Batch.id, Batch.withdrawn).where(Batch.withdrawn > 0))
    gone: dict[int, int] = {row[0]: row[1] for row in rows}
    found = []
    for place in sorted(counted.keys() | standing.keys()):
        answers, counters = counted.get(place, {}), standing.get(place, {})
        deleted = gone.get(place[1], 0)
        for cell in sorted(answers.keys() | counters.keys()):
            counter, there = counters.get(cell, 0), answers.get(cell, 0)
            if not 0 <= counter - there <= deleted:
                found.append(Off(*place, cell, counter, there, deleted))
    return found


def mend(round_id: int, wrong: Iterable[Off]) -> None:
    """Writes what the answers say in place of counters that are off, where nobody has deleted any."""
    for counter in wrong:
        if not counter.deleted:
            raised = {counter.cell: counter.answers - counter.counter}
            raise_tally(round_id, counter.group_id, counter.batch_id, raised)
