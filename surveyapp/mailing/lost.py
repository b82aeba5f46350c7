"""Lost links: whoever asks with an address hears the same, and only the mailbox learns whether it was known."""

import logging

from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select

from surveyapp import limits, mail
from surveyapp.database import db
from surveyapp.mailing import texts
from surveyapp.mailing.wording import addressed, fill
from surveyapp.models import Contact, Invitation
from surveyapp.tokens import link_token

log = logging.getLogger(__name__)

PER_ADDRESS = 3
PER_PLACE = 30


def allowed(email: str, place: str) -> bool:
    """Counts one question for this address and this place (internet address) and hour.

    False where it is one too many; the answer on the page stays the same.
    """
    asked = limits.count("lost-address", email), limits.count("lost-place", place)
    return asked[0] <= PER_ADDRESS and asked[1] <= PER_PLACE


def invitations_of(email: str) -> list[int]:
    """Every invitation of an address, of whatever round: the job looks which still may be answered."""
    return list(
        db.session.scalars(
            select(Contact.invitation_id).where(Contact.email == email).order_by(Contact.invitation_id)
        )
    )


def send_links(invitation_ids: list[int]) -> None:
    """One mail with the links of all open rounds that its owner has not answered yet."""
    found = db.session.scalars(
        select(Contact)
        .join(Invitation)
        .where(Contact.invitation_id.in_(invitation_ids), Invitation.status.in_(("invited", "started")))
        .order_by(Contact.invitation_id)
    ).all()
    open_ = [one for one in found if one.invitation.batch.group.round.state == "open"]
    if not open_:
        return
    language = open_[0].invitation.language or open_[0].invitation.batch.group.round.languages[0]
    with force_locale(language):
        subject, body = texts.lost_subject(), texts.lost_body()
    text = fill(body, {"links": "\n\n".join(map(_named_link, open_))})
    city, to = open_[0].invitation.batch.group.round.city.name, open_[0].email
    db.session.rollback()
    try:
        with mail.connected() as post:
            post.take(addressed(city, to, subject, text, language), to)
    except mail.MailRefused as refusal:
        log.error("a lost link could not be sent: %s", refusal.for_a_log)


def _named_link(person: Contact) -> str:
    invitation = person.invitation
    round_ = invitation.batch.group.round
    token = link_token("personal", invitation.id, invitation.version)
    return f"{round_.city.name}, {round_.title}:\n{current_app.config['BASE_URL']}/i/{token}"
