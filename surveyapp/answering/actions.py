"""Keeping a draft and sending it. Each takes the invitation's row first, so that two browsers take turns."""

import time
from collections.abc import Mapping

from sqlalchemy import bindparam, delete, insert, select, text, update

from surveyapp.database import db, upsert
from surveyapp.models import Batch, Draft, DraftAnswer, DraftComment, Invitation, Response
from surveyapp.models.counts import raise_language, raise_tally_from_draft
from surveyapp.models.response import random_key

# Nobody reads even the shortest form in this many seconds. Only counted, and only where anybody with the code can
# answer again and again: a personal link answers once.
HASTY_SECONDS = 40
OPEN_CHANNELS = ("codes", "group_link")


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
    kept = [
        {**key, "question": question, "text": words} for question, words in sorted(texts.items()) if words
    ]
    if kept:
        db.session.execute(upsert(DraftComment, "text"), kept)
    emptied = [question for question, words in texts.items() if not words]
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


def send(invitation: Invitation, language: str) -> bool:
    """Copies the draft into a Response with a new random key, raises the tally and deletes the draft, all at once.

    False where the answers were sent before: marking the invitation takes its row, so of two browsers one waits
    and then finds it answered. The copying happens in the database, whatever the length of the questionnaire.
    """
    marked = db.session.execute(
        update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.status == "started")
        .values(status="answered")
    )
    if not marked.rowcount:  # type: ignore[attr-defined]
        return False
    group = invitation.batch.group
    response = random_key()
    place = {"round_id": group.round_id, "group_id": group.id, "batch_id": invitation.batch_id}
    db.session.execute(insert(Response), [{"id": response, **place}])
    moved = {"response": response, "invitation": invitation.id}
    db.session.execute(COPY_ANSWERS, moved)
    db.session.execute(COPY_TEXTS, moved)
    raise_tally_from_draft(invitation.id, **place)
    raise_language(group.round_id, language)
    # the draft's answers and texts go with it
    gone = delete(Draft).where(Draft.invitation_id == invitation.id).returning(Draft.began)
    began = db.session.scalar(gone, execution_options={"synchronize_session": False})
    if invitation.batch.channel in OPEN_CHANNELS and began and time.time() - began < HASTY_SECONDS:
        hasty = update(Batch).where(Batch.id == invitation.batch_id).values(hasty=Batch.hasty + 1)
        db.session.execute(hasty, execution_options={"synchronize_session": False})
    return True


COPY_ANSWERS = text(
    "INSERT INTO answers (response_id, question, choice)"
    " SELECT :response, question, choice FROM draft_answers WHERE invitation_id = :invitation"
)
COPY_TEXTS = text(
    "INSERT INTO comments (response_id, question, text)"
    " SELECT :response, question, text FROM draft_comments WHERE invitation_id = :invitation"
)
