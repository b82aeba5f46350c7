"""Somebody asks what is stored about them, or wants it deleted: by their address, in all rounds of the city.

Whether they have answered is told to nobody: staff would read it in the same file, and the promise is that nobody
among them can see who answered. Answers themselves cannot be found: they are cut off from the invitation.
"""

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, exists, select

from surveyapp.charts.words import Words
from surveyapp.database import db, upsert
from surveyapp.i18n import endonym, page_language
from surveyapp.models import (
    Assessment,
    Batch,
    City,
    Contact,
    Delivery,
    Draft,
    Invitation,
    Mailing,
    OptOut,
    Round,
    StakeholderGroup,
)
from surveyapp.models.drafting import planned_content
from surveyapp.tokens import opt_out_hasher


def found_under(city: City, email: str) -> list[tuple[Contact, Round]]:
    """Every place where exactly this address stands in the city, later rounds first."""
    rows = db.session.execute(
        select(Contact, Round)
        .join(Invitation, Invitation.id == Contact.invitation_id)
        .join(Batch)
        .join(StakeholderGroup)
        .join(Round)
        .join(Assessment)
        .where(Assessment.city_id == city.id, Contact.email == email)
        .order_by(Round.id.desc())
    )
    return [(contact, round_) for contact, round_ in rows]


def wants_no_mail(city: City, email: str) -> bool:
    mark = exists().where(OptOut.city_id == city.id, OptOut.address_hash == opt_out_hasher(city.id)(email))
    return bool(db.session.scalar(select(mark)))


def everything_about(city: City, email: str) -> dict[str, Any]:
    """All that is stored about an address, in words its owner can read."""
    return {
        _("Address"): email,
        _("City"): city.name,
        _("Asked for no more mail"): wants_no_mail(city, email),
        _("Invitations"): [_told(contact, round_) for contact, round_ in found_under(city, email)],
        _("Not in this file"): [
            _("Whether an answer came: the staff who make this file must not learn it."),
            _("Answers: they are stored without any link to an address, so nobody can find them."),
            _("Reminders: they go to people who have not answered, so they would tell the same."),
        ],
    }


def _told(contact: Contact, round_: Round) -> dict[str, Any]:
    invitation = contact.invitation
    words = Words(planned_content(round_), page_language())
    mails = db.session.execute(
        select(Delivery.status, Delivery.error)
        .join(Mailing, Mailing.id == Delivery.mailing_id)
        .where(Delivery.invitation_id == invitation.id, Mailing.kind == "invitation")
        .order_by(Mailing.id)
    )
    return {
        _("Round"): round_.title,
        _("Group"): words.group(invitation.batch.group.key),
        _("Name"): contact.name,
        _("Language of the mail"): endonym(invitation.language) if invitation.language else "",
        _("Mail came back because"): contact.bounced or "",
        _("Mails on record"): [
            {
                _("State"): _mail_states()[status],
                _("Answer of the mail server"): error or "",
            }
            for status, error in mails
        ],
    }


def _mail_states() -> dict[str, str]:
    return {
        "waiting": _("waiting to be sent"),
        "sending": _("being sent"),
        "sent": _("sent"),
        "perhaps": _("perhaps sent"),
        "refused": _("refused by the mail server"),
    }


def erase(city: City, email: str, no_more_mail: bool) -> int:
    """Deletes name and address everywhere in the city; returns from how many rounds.

    An invitation that has not been answered stops working and what was typed and not sent goes. One that has been
    answered stays as it is: it holds no name, and from here on nothing says whose it was.
    """
    found = found_under(city, email)
    for contact, _round in found:
        invitation_id = contact.invitation_id
        db.session.execute(select(Invitation.id).where(Invitation.id == invitation_id).with_for_update())
        db.session.refresh(contact.invitation)
        if contact.invitation.status in ("invited", "started"):
            contact.invitation.status = "revoked"
        db.session.execute(delete(Draft).where(Draft.invitation_id == invitation_id))
        db.session.execute(delete(Delivery).where(Delivery.invitation_id == invitation_id))
        db.session.delete(contact)
    if no_more_mail:
        mark = {"city_id": city.id, "address_hash": opt_out_hasher(city.id)(email)}
        db.session.execute(upsert(OptOut, "address_hash"), [mark])
    db.session.flush()
    return len(found)
