"""Starting: from an invitation to a draft, within the limits of its batch."""

import hmac
import time

from sqlalchemy import func, insert, select
from sqlalchemy.orm.attributes import set_committed_value

from surveyapp.database import db
from surveyapp.models import Batch, Draft, Invitation, Round
from surveyapp.models.assessment import WHILE_OPEN


def hold_round(batch: Batch) -> None:
    """Holds the batch's round against closing while somebody starts, and reads it anew: nobody begins a draft in a
    round that has just closed. SQLite needs neither: it lets nobody else write from start_writing() on."""
    if db.engine.dialect.name == "sqlite":
        return
    held = {"of": Round, **WHILE_OPEN}
    group = batch.group
    round_ = db.session.get_one(Round, group.round_id, with_for_update=held, populate_existing=True)
    set_committed_value(group, "round", round_)


def is_full(batch: Batch) -> bool:
    """Whether as many have started on a group link as its cap allows."""
    if batch.cap is None or batch.channel != "group_link":
        return False
    started = select(func.count()).select_from(Invitation).where(Invitation.batch_id == batch.id)
    return (db.session.scalar(started) or 0) >= batch.cap


def join_group(batch: Batch, browser_hash: str) -> Invitation | None:
    """One more person starts on a group link; None where the last place was taken a moment ago, and then nothing
    is stored. Those who start on a link with a cap take turns at its row."""
    if batch.cap is not None:
        db.session.execute(select(Batch.id).where(Batch.id == batch.id).with_for_update(key_share=True))
        if is_full(batch):
            return None
    invitation = Invitation(batch=batch, language=batch.language, status="started")
    db.session.add(invitation)
    db.session.flush()
    _add_draft(invitation, browser_hash)
    return invitation


def joined_before(batch: Batch, browser_hash: str) -> Invitation | None:
    """The invitation that this browser has begun on a group link and not sent."""
    begun = (
        select(Invitation)
        .join(Draft, Draft.invitation_id == Invitation.id)
        .where(
            Invitation.batch_id == batch.id,
            Invitation.status == "started",
            Draft.browser_hash == browser_hash,
        )
    )
    return db.session.scalar(begun.limit(1)) if batch.channel == "group_link" else None


def open_draft(invitation: Invitation, browser_hash: str) -> bool:
    """Opens or resumes the draft; False where it was begun in another browser and may not be taken over.

    A personal link resumes anywhere: it came by mail to one person. A code or group link resumes only in
    the browser that began: on a shared sheet nothing else tells two people apart.
    """
    if db.engine.dialect.name != "sqlite":
        db.session.refresh(invitation, ["status"], with_for_update=True)
    if invitation.status == "invited":
        invitation.status = "started"
        _add_draft(invitation, browser_hash)
    if invitation.batch.channel == "personal":
        return True
    draft = db.session.get(Draft, invitation.id)
    return draft is None or hmac.compare_digest(draft.browser_hash or "", browser_hash)


def _add_draft(invitation: Invitation, browser_hash: str) -> None:
    # Haste is counted only where one person could answer again and again: of others no time is kept
    began = None if invitation.batch.channel == "personal" else int(time.time())
    db.session.execute(
        _ADD_DRAFT, {"invitation_id": invitation.id, "browser_hash": browser_hash, "began": began}
    )


_ADD_DRAFT = insert(Draft)
