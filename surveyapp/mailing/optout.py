"""Who wants no mail: kept per city as a keyed hash, which outlives the address and cannot be turned back into it."""

import hmac
import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, delete, exists, select

from surveyapp.database import db, upsert
from surveyapp.models import Batch, Contact, Invitation, OptOut, Round, StakeholderGroup
from surveyapp.tokens import link_token, opt_out_hasher

TOKEN = re.compile(r"([a-z2-7]{24})([0-9]{1,18})")


def stop_token(invitation_id: int) -> str:
    """What stands in every mail. It is no key to the questions, and stays the same when the link is renewed."""
    return f"{link_token('stop', invitation_id, 1)}{invitation_id}"


def find_by_stop_token(token: str) -> Invitation | None:
    parts = TOKEN.fullmatch(token)
    if parts is None or not hmac.compare_digest(stop_token(int(parts[2])), token):
        return None
    return db.session.get(Invitation, int(parts[2]))


def address_hash(city_id: int, email: str) -> str:
    return opt_out_hasher(city_id)(email)


def wants_none(city_id: int, email: str) -> bool:
    found = exists().where(OptOut.city_id == city_id, OptOut.address_hash == address_hash(city_id, email))
    return bool(db.session.scalar(select(found)))


def stop(city_id: int, email: str) -> None:
    """Safe to ask for twice."""
    mark = {"city_id": city_id, "address_hash": address_hash(city_id, email)}
    db.session.execute(upsert(OptOut, "address_hash"), [mark])


def resume(city_id: int, email: str) -> None:
    db.session.execute(
        delete(OptOut).where(OptOut.city_id == city_id, OptOut.address_hash == address_hash(city_id, email))
    )


def none_of(city_id: int, emails: Iterable[str]) -> set[str]:
    """Those of a few addresses that want no mail."""
    hashed = opt_out_hasher(city_id)
    by_hash = {hashed(email): email for email in emails}
    found = select(OptOut.address_hash).where(OptOut.city_id == city_id, OptOut.address_hash.in_(by_hash))
    return {by_hash[one] for one in db.session.scalars(found)}


def hashes_of(city_id: int) -> set[str]:
    return set(db.session.scalars(select(OptOut.address_hash).where(OptOut.city_id == city_id)))


def on_list_of(round_: Round) -> ColumnElement[bool]:
    """Invitations of a round. As a list of batches, of which there are few: a join makes SQLite walk all contacts."""
    batches = select(Batch.id).join(StakeholderGroup).where(StakeholderGroup.round_id == round_.id)
    return Invitation.batch_id.in_(list(db.session.scalars(batches)))


def opted_out(round_: Round) -> list[int]:
    """Invitations of a round whose address wants no mail. Hashes every address, so only where anybody opted out."""
    city_id = round_.assessment.city_id
    hashes = hashes_of(city_id)
    if not hashes:
        return []
    people = select(Contact.invitation_id, Contact.email).join(Invitation).where(on_list_of(round_))
    hashed = opt_out_hasher(city_id)
    return [key for key, email in db.session.execute(people) if hashed(email) in hashes]
