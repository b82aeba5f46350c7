"""A receipt: its code finds one sent answer again, and only who holds it knows it.

The code is made for the last page before sending and travels in that page's form, sealed so that nobody can put a
code of their own in its place. What is stored is its hash. Whoever holds the code may correct or withdraw while the
round is open, and the counts follow; afterwards the counts stand, and what is held of this person can be deleted.
"""

import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import bindparam, delete, select, update

from surveyapp.answering.actions import Kept, both, read_kept, store
from surveyapp.answering.merging import apart
from surveyapp.answering.seat import HOLD, PLACE, Place, placed
from surveyapp.database import connection, db
from surveyapp.models import Answer, Batch, Comment, Response
from surveyapp.models.counts import Cell, cells, raise_tally
from surveyapp.tokens import ALPHABET, keyed_hash

LETTERS = 12  # 54 bits, by the thousand millions more than anybody can try


@dataclass(frozen=True)
class Held(Place):
    """A sent answer, found by its receipt."""

    response_id: str


_HELD = placed(
    select(*PLACE, Response.id)
    .select_from(Response)
    .join(Batch, Batch.id == Response.batch_id)
    .where(Response.receipt_hash == bindparam("hash"))
)
_HELD_FAST = _HELD.with_for_update(**HOLD)

_KEPT = both(
    select(Answer.question, Answer.choice).where(Answer.response_id == bindparam("id")),
    select(Comment.question, Comment.text).where(Comment.response_id == bindparam("id")),
)


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))


def code_hash(code: str) -> str:
    """What is stored of a code."""
    return keyed_hash("receipt", code)


def seal(code: str, invitation_id: int | None = None) -> str:
    """A code as a form carries it, good for this invitation alone."""
    return str(_seals().dumps([code, invitation_id]))


def unseal(sealed: str, invitation_id: int | None = None) -> str | None:
    """The code that was sealed for this invitation; None for anything else."""
    try:
        code, owner = _seals().loads(sealed)
    except (BadSignature, ValueError, TypeError):
        return None
    return str(code) if owner == invitation_id else None


def _seals() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="receipt")


def find(code: str, writing: bool = False) -> Held | None:
    """The answer of a receipt; while `writing`, its round can neither close nor open."""
    query = _HELD_FAST if writing else _HELD
    row = connection().execute(query, {"hash": code_hash(code)}).one_or_none()
    return None if row is None else Held(*row)


def held(seat: Place, response_id: str) -> Held:
    """What was sent a moment ago from a seat."""
    return Held(**{field.name: getattr(seat, field.name) for field in fields(Place)}, response_id=response_id)


def kept(held: Held) -> Kept:
    """What was sent, as it stands now."""
    return read_kept(_KEPT, held.response_id)


def lock(held: Held) -> bool:
    """Takes the answer for this transaction; False where it was withdrawn a moment ago."""
    mine = select(Response.id).where(Response.id == held.response_id).with_for_update()
    return db.session.scalar(mine) is not None


def correct(held: Held, changed: Mapping[str, str]) -> None:
    """Stores changed fields in place of the old ones, and moves the tally along. The round must be open."""
    before = dict(kept(held).answers)
    choices, texts = apart(changed)
    after = {name: value for name, value in {**before, **choices}.items() if value}
    own = {"response_id": held.response_id}
    store(Answer, "choice", own, choices)
    store(Comment, "text", own, texts)
    _move_tally(held, before, after)


def withdraw(held: Held) -> None:
    """Deletes the answer. While the round is open it leaves the counts too; afterwards they stand, and the channel
    remembers that one answer fewer can be counted again."""
    if held.open:
        _move_tally(held, kept(held).answers, {})
    else:
        batch = update(Batch).where(Batch.id == held.batch_id).values(withdrawn=Batch.withdrawn + 1)
        db.session.execute(batch, execution_options={"synchronize_session": False})
    gone: Any = delete(Response).where(Response.id == held.response_id)
    db.session.execute(gone, execution_options={"synchronize_session": False})


def _move_tally(held: Held, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    moved: Counter[Cell] = Counter(cells(after))
    moved.subtract(cells(before))
    raise_tally(**held.keys, raised={cell: n for cell, n in moved.items() if n})
