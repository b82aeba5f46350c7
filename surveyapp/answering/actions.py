"""Keeping a draft and sending it, for a seat that was found for writing."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, bindparam, delete, insert, literal, select, text, update

from surveyapp.answering.merging import apart, fields
from surveyapp.answering.seat import Seat
from surveyapp.database import connection, upsert
from surveyapp.models import Batch, Draft, DraftAnswer, DraftComment, Invitation, Response
from surveyapp.models.counts import raise_language, raise_tally_from_draft
from surveyapp.models.response import random_key

# Nobody reads even the shortest form in this many seconds. Only counted, and only where anybody with the code can
# answer again and again: a personal link answers once.
HASTY_SECONDS = 40
OPEN_CHANNELS = ("codes", "group_link")


@dataclass(frozen=True)
class Kept:
    """Choices and texts by question key."""

    answers: Mapping[str, str]
    texts: Mapping[str, str]

    @property
    def fields(self) -> dict[str, str]:
        return fields(self.answers, self.texts)


def both(answers: Any, texts: Any) -> CompoundSelect[Any]:
    """Choices and texts of somebody in one query; `read_kept` tells them apart again."""
    return answers.add_columns(literal(0)).union_all(texts.add_columns(literal(1)))


def read_kept(query: CompoundSelect[Any], whose: int | str) -> Kept:
    answers: dict[str, str] = {}
    texts: dict[str, str] = {}
    for question, value, written in connection().execute(query, {"id": whose}).all():
        (texts if written else answers)[question] = value
    return Kept(answers, texts)


# Statements are built once: these run on every page
_KEPT = both(
    select(DraftAnswer.question, DraftAnswer.choice).where(DraftAnswer.invitation_id == bindparam("id")),
    select(DraftComment.question, DraftComment.text).where(DraftComment.invitation_id == bindparam("id")),
)


def kept(seat: Seat) -> Kept:
    """What the draft holds."""
    return read_kept(_KEPT, seat.invitation_id)


def save_answers(seat: Seat, changed: Mapping[str, str]) -> None:
    """Keeps fields of a form in the draft; what is not named stays as it was, an emptied one goes."""
    choices, texts = apart(changed)
    own = {"invitation_id": seat.invitation_id}
    store(DraftAnswer, "choice", own, choices)
    store(DraftComment, "text", own, texts)


def store(table: Any, column: str, own: Mapping[str, Any], values: Mapping[str, str]) -> None:
    """Writes values by question key beside the key of whoever owns them; an empty value takes the row away."""
    kept = [{**own, "question": key, column: value} for key, value in sorted(values.items()) if value]
    run = connection().execute
    if kept:
        run(upsert(table, column), kept)
    emptied = [key for key, value in values.items() if not value]
    if emptied:
        run(delete(table).filter_by(**own).where(table.question.in_(emptied)))


def send(seat: Seat, language: str, receipt_hash: str | None = None) -> str | None:
    """Copies the draft into a Response with a new random key, raises the tally and deletes the draft, all at once.

    Returns the key; None where the answers were sent before: marking the invitation takes its row, so of two browsers
    one waits and then finds it answered. The copying happens in the database, whatever the length of the
    questionnaire.
    """
    run = connection().execute
    own = {"invitation": seat.invitation_id}
    if not run(_MARK_ANSWERED, own).rowcount:
        return None
    response = random_key()
    run(_ADD_RESPONSE, {"id": response, "receipt_hash": receipt_hash, **seat.keys})
    moved = {"response": response, **own}
    run(_COPY_ANSWERS, moved)
    run(_COPY_TEXTS, moved)
    raise_tally_from_draft(seat.invitation_id, **seat.keys)
    raise_language(seat.round_id, language)
    began = run(_DELETE_DRAFT, own).scalar()
    if seat.channel in OPEN_CHANNELS and began and time.time() - began < HASTY_SECONDS:
        run(update(Batch).where(Batch.id == seat.batch_id).values(hasty=Batch.hasty + 1))
    return response


_MARK_ANSWERED = (
    update(Invitation)
    .where(Invitation.id == bindparam("invitation"), Invitation.status == "started")
    .values(status="answered")
)
_ADD_RESPONSE = insert(Response)
_COPY_ANSWERS = text(
    "INSERT INTO answers (response_id, question, choice)"
    " SELECT :response, question, choice FROM draft_answers WHERE invitation_id = :invitation"
)
_COPY_TEXTS = text(
    "INSERT INTO comments (response_id, question, text)"
    " SELECT :response, question, text FROM draft_comments WHERE invitation_id = :invitation"
)
# The draft's answers and texts go with it
_DELETE_DRAFT = delete(Draft).where(Draft.invitation_id == bindparam("invitation")).returning(Draft.began)
