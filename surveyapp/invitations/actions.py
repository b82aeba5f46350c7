"""Issuing invitations and finding them again by what a person holds."""

import hmac

from sqlalchemy import select

from surveyapp.database import db
from surveyapp.invitations.tokens import link_token, short_code, token_hash
from surveyapp.models import Batch, Draft, Invitation, StakeholderGroup


def issue_links(batch: Batch, number: int, language: str | None = None) -> list[tuple[Invitation, str]]:
    """Adds personal invitations to a batch; returns each with its token, which is shown nowhere to staff."""
    return [_issue(batch, "personal", language) for _ in range(number)]


def issue_codes(batch: Batch, number: int, language: str | None = None) -> list[tuple[Invitation, str]]:
    """Adds one-time codes to a batch, to be printed on slips; returns each with its code."""
    return [_issue(batch, "code", language) for _ in range(number)]


def open_group_link(
    group: StakeholderGroup, label: str = "", language: str | None = None
) -> tuple[Batch, str]:
    """A code that many may use at once; each start becomes an invitation of its own."""
    batch = Batch(group=group, channel="group_link", label=label, language=language, token_hash="")
    db.session.add(batch)
    db.session.flush()
    code = _free_code("group", batch)
    return batch, code


def _issue(batch: Batch, kind: str, language: str | None) -> tuple[Invitation, str]:
    invitation = Invitation(batch=batch, language=language)
    db.session.add(invitation)
    db.session.flush()
    if kind == "code":
        return invitation, _free_code(kind, invitation)
    token = link_token(kind, invitation.id, invitation.version)
    invitation.token_hash = token_hash(token)
    return invitation, token


def _free_code(kind: str, row: Invitation | Batch) -> str:
    """Short codes can meet by chance: raise the version until this one is alone."""
    while True:
        code = short_code(kind, row.id, row.version)
        hashed = token_hash(code)
        if find_by_token(code) is None and find_group_link(code) is None:
            row.token_hash = hashed
            db.session.flush()
            return code
        row.version += 1


def find_by_token(token: str) -> Invitation | None:
    """The invitation of a personal link or a one-time code."""
    return db.session.scalar(select(Invitation).where(Invitation.token_hash == token_hash(token)))


def find_group_link(code: str) -> Batch | None:
    return db.session.scalar(select(Batch).where(Batch.token_hash == token_hash(code)))


def join_group(batch: Batch) -> Invitation:
    """One more person starts on a group link."""
    invitation = Invitation(batch=batch, language=batch.language)
    db.session.add(invitation)
    db.session.flush()
    return invitation


def open_draft(invitation: Invitation, browser_hash: str) -> bool:
    """Opens or resumes the draft; False where it was begun in another browser and may not be taken over.

    A personal link resumes anywhere: it came by mail to one person. A code or group link resumes only in
    the browser that began: on a shared sheet nothing else tells two people apart.
    """
    db.session.execute(select(Invitation.id).where(Invitation.id == invitation.id).with_for_update())
    db.session.refresh(invitation)
    if invitation.status == "invited":
        invitation.status = "started"
        db.session.add(Draft(invitation_id=invitation.id, browser_hash=browser_hash))
        db.session.flush()
    if invitation.batch.channel == "personal":
        return True
    draft = db.session.get(Draft, invitation.id)
    return draft is None or hmac.compare_digest(draft.browser_hash or "", browser_hash)
