"""Waves of mail: who gets a mail in one, and when it is over."""

from datetime import UTC, datetime

from sqlalchemy import CursorResult, Select, delete, exists, func, insert, literal, select

from surveyapp.database import db
from surveyapp.mailing.optout import on_list_of, opted_out
from surveyapp.models import Batch, Contact, Delivery, Invitation, Mailing, Round


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def start_invitations(round_: Round) -> Mailing | None:
    """A wave to everybody on the list who was never sent an invitation; None where there is nobody."""
    mailing = Mailing(round_id=round_.id, kind="invitation", state="sending")
    db.session.add(mailing)
    db.session.flush()
    already = exists().where(
        Delivery.invitation_id == Contact.invitation_id,
        Delivery.mailing_id == Mailing.id,
        Mailing.kind == "invitation",
    )
    if not _add_deliveries(mailing, round_, reachable(round_).where(~already)):
        db.session.delete(mailing)
        db.session.flush()
        return None
    return mailing


def start_reminder(mailing: Mailing, round_: Round) -> int:
    """Writes to those who were invited, have not answered and can be reached; returns how many."""
    reached = exists().where(
        Delivery.invitation_id == Contact.invitation_id, Delivery.status.in_(("sent", "perhaps"))
    )
    refused = exists().where(Delivery.invitation_id == Contact.invitation_id, Delivery.status == "refused")
    silent = reachable(round_).where(Invitation.status.in_(("invited", "started")), reached, ~refused)
    if mailing.group_id is not None:
        silent = silent.join(Batch).where(Batch.group_id == mailing.group_id)
    mailing.state = "sending"
    return _add_deliveries(mailing, round_, silent)


def reachable(round_: Round) -> Select[int]:
    """Invitations of those on the list to whom mail may go."""
    return (
        select(Contact.invitation_id)
        .join(Invitation)
        .where(
            on_list_of(round_),
            Invitation.status != "revoked",
            Contact.bounced.is_(None),
        )
    )


def _add_deliveries(mailing: Mailing, round_: Round, people: Select[int]) -> int:
    none = opted_out(round_)
    people = people.where(Contact.invitation_id.not_in(none)) if none else people
    row = people.with_only_columns(
        literal(mailing.id), Contact.invitation_id, literal("waiting"), literal(0), literal(now())
    )
    names = ["mailing_id", "invitation_id", "status", "tries", "not_before"]
    added = db.session.execute(insert(Delivery.__table__).from_select(names, row))
    assert isinstance(added, CursorResult)
    return added.rowcount


def finish(mailing_id: int) -> None:
    """Ends a wave that has nothing left to send. Of a reminder only the number of mails stays."""
    of_it = Delivery.mailing_id == mailing_id
    left = exists().where(of_it, Delivery.status.in_(("waiting", "sending")))
    mailing = db.session.get(Mailing, mailing_id, populate_existing=True)
    if mailing is None or mailing.state != "sending" or db.session.scalar(select(left)):
        return
    mailing.state = "done"
    mailing.sent = (
        db.session.scalar(select(func.count()).select_from(Delivery).where(of_it, Delivery.status == "sent"))
        or 0
    )
    if mailing.kind == "reminder":
        db.session.execute(
            delete(Delivery).where(of_it, Delivery.status == "sent"),
            execution_options={"synchronize_session": False},
        )


def drop_ended() -> None:
    """Rounds that no longer take answers send nothing more: what waits goes back to "not sent"."""
    for mailing in db.session.scalars(
        select(Mailing)
        .join(Round, Round.id == Mailing.round_id)
        .where(Mailing.state.in_(("planned", "sending")), Round.state.not_in(("draft", "open")))
    ).all():
        db.session.execute(
            delete(Delivery).where(Delivery.mailing_id == mailing.id, Delivery.status == "waiting"),
            execution_options={"synchronize_session": False},
        )
        if mailing.state == "planned":
            mailing.state = "dropped"
        else:
            db.session.flush()
            finish(mailing.id)
