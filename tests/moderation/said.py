"""A closed round in which people wrote something: a response per person, its comments, and a row to decide each."""

from collections.abc import Mapping

from sqlalchemy import select

from surveyapp.database import db
from surveyapp.models import Batch, Comment, Moderation, Response, Round
from surveyapp.models.response import random_key
from tests.builders import group
from tests.comparison.closed import PEOPLE, closed_round


def commented_round(people: Mapping[str, int] = PEOPLE, **changes: object) -> Round:
    return closed_round(people=people, **changes)


def batch_of(round_: Round, key: str) -> Batch:
    return db.session.scalars(
        select(Batch).where(Batch.group_id == group(round_, key).id).order_by(Batch.id)
    ).first() or Batch(group=group(round_, key), channel="codes")


def say(
    round_: Round, key: str, texts: Mapping[str, str], state: str = "pending", batch: Batch | None = None
) -> dict[str, Moderation]:
    """One person of a group writes; what becomes of each comment by question."""
    batch = batch or batch_of(round_, key)
    db.session.add(batch)
    db.session.flush()
    response = Response(
        id=random_key(), round_id=round_.id, group_id=group(round_, key).id, batch_id=batch.id
    )
    db.session.add(response)
    db.session.flush()
    made = {}
    for question, text in texts.items():
        db.session.add(Comment(response_id=response.id, question=question, text=text))
        db.session.flush()
        shown = "[…]" if state == "shortened" else None
        made[question] = Moderation(response_id=response.id, question=question, state=state, shown=shown)
        db.session.add(made[question])
    db.session.commit()
    return made
