"""Issuing links and codes, and finding again what they belong to: for whoever sends, prints or redeems them."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from surveyapp.database import db
from surveyapp.models import Batch, Invitation, StakeholderGroup
from surveyapp.tokens import link_token, short_code, token_hash


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


def codes_of(batch: Batch) -> list[str]:
    """Every one-time code of a batch, used or not: which ones are used would tell who has answered."""
    rows = select(Invitation.id, Invitation.version).where(Invitation.batch_id == batch.id)
    return [short_code("code", *row) for row in db.session.execute(rows.order_by(Invitation.id))]


def group_code(batch: Batch) -> str:
    """The code of a group link."""
    return short_code("group", batch.id, batch.version)


def class_token(batch: Batch) -> str:
    """The token of a batch's class page, whether it is given out or not."""
    return link_token("class", batch.id, batch.class_version)


def find_by_token(token: str) -> Invitation | None:
    """The invitation of a personal link or a one-time code."""
    return db.session.scalar(_BY_TOKEN, {"hash": token_hash(token)})


# With its round: whoever follows a link needs that, too
_BY_TOKEN = (
    select(Invitation)
    .options(joinedload(Invitation.batch).joinedload(Batch.group).joinedload(StakeholderGroup.round))
    .where(Invitation.token_hash == bindparam("hash"))
)


def find_group_link(code: str) -> Batch | None:
    return db.session.scalar(select(Batch).where(Batch.token_hash == token_hash(code)))


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
