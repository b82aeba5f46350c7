"""Keeping a draft and sending it. Every action locks the invitation's row first, so that two browsers take turns."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from surveyapp.database import db
from surveyapp.models import (
    Answer,
    Comment,
    Draft,
    DraftAnswer,
    DraftComment,
    Invitation,
    Response,
)
from surveyapp.models.counts import cells, raise_language, raise_tally
from surveyapp.models.response import random_key


def lock(invitation: Invitation) -> bool:
    """Takes the invitation for this transaction; True while its draft is open."""
    status = db.session.scalar(
        select(Invitation.status).where(Invitation.id == invitation.id).with_for_update()
    )
    return status == "started"


def save_answers(invitation: Invitation, choices: Mapping[str, str], texts: Mapping[str, str]) -> None:
    """Keeps choices and texts in the draft; what is not named stays as it was, an emptied text goes."""
    _keep(invitation, DraftAnswer, "choice", choices)
    _keep(invitation, DraftComment, "text", {question: text for question, text in texts.items() if text})
    emptied = [question for question, text in texts.items() if not text]
    if emptied:
        db.session.execute(
            delete(DraftComment).where(
                DraftComment.invitation_id == invitation.id, DraftComment.question.in_(emptied)
            )
        )


def _keep(invitation: Invitation, table: Any, column: str, values: Mapping[str, str]) -> None:
    if not values:
        return
    insert = sqlite_insert if db.engine.dialect.name == "sqlite" else postgresql_insert
    statement = insert(table)
    kept = statement.on_conflict_do_update(
        index_elements=["invitation_id", "question"], set_={column: statement.excluded[column]}
    )
    rows = [
        {"invitation_id": invitation.id, "question": q, column: value} for q, value in sorted(values.items())
    ]
    db.session.connection().execute(kept, rows)


def kept_answers(invitation: Invitation) -> dict[str, str]:
    rows = db.session.execute(
        select(DraftAnswer.question, DraftAnswer.choice).where(DraftAnswer.invitation_id == invitation.id)
    )
    return dict(rows.all())


def kept_texts(invitation: Invitation) -> dict[str, str]:
    rows = db.session.execute(
        select(DraftComment.question, DraftComment.text).where(DraftComment.invitation_id == invitation.id)
    )
    return dict(rows.all())


def send(invitation: Invitation, language: str) -> None:
    """Copies the draft into a Response with new keys, deletes the draft and marks the invitation, all at once.

    The caller holds the lock (see `lock`) and commits.
    """
    group = invitation.batch.group
    answers, texts = kept_answers(invitation), kept_texts(invitation)
    response = random_key()
    key = {"response_id": response}
    place = {"round_id": group.round_id, "group_id": group.id, "batch_id": invitation.batch_id}
    db.session.execute(db.insert(Response), [{"id": response, **place}])
    if answers:
        db.session.execute(
            db.insert(Answer), [{**key, "question": q, "choice": c} for q, c in answers.items()]
        )
    if texts:
        db.session.execute(db.insert(Comment), [{**key, "question": q, "text": t} for q, t in texts.items()])
    raise_tally(group.round_id, group.id, invitation.batch_id, Counter(cells(answers)))
    raise_language(group.round_id, language)
    for table in (DraftAnswer, DraftComment, Draft):
        db.session.execute(delete(table).where(table.invitation_id == invitation.id))
    db.session.execute(db.update(Invitation).where(Invitation.id == invitation.id).values(status="answered"))
