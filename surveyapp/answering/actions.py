"""Keeping a draft and sending it. Every action locks the invitation's row first, so that two browsers take turns."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import bindparam, delete, select

from surveyapp.database import db, upsert
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
    key = {"invitation_id": invitation.id}
    if choices:
        rows = [
            {**key, "question": question, "choice": choice} for question, choice in sorted(choices.items())
        ]
        db.session.execute(upsert(DraftAnswer, "choice"), rows)
    kept = [{**key, "question": question, "text": text} for question, text in sorted(texts.items()) if text]
    if kept:
        db.session.execute(upsert(DraftComment, "text"), kept)
    emptied = [question for question, text in texts.items() if not text]
    if emptied:
        db.session.execute(
            delete(DraftComment).where(
                DraftComment.invitation_id == invitation.id, DraftComment.question.in_(emptied)
            )
        )


# Built once: these run on every page
_ANSWERS = select(DraftAnswer.question, DraftAnswer.choice).where(
    DraftAnswer.invitation_id == bindparam("id")
)
_TEXTS = select(DraftComment.question, DraftComment.text).where(DraftComment.invitation_id == bindparam("id"))


def kept_answers(invitation: Invitation) -> dict[str, str]:
    return dict(db.session.execute(_ANSWERS, {"id": invitation.id}).all())


def kept_texts(invitation: Invitation) -> dict[str, str]:
    return dict(db.session.execute(_TEXTS, {"id": invitation.id}).all())


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
    # the draft's answers and texts go with it
    db.session.execute(delete(Draft).where(Draft.invitation_id == invitation.id))
    db.session.execute(db.update(Invitation).where(Invitation.id == invitation.id).values(status="answered"))
