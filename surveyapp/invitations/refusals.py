"""Why an invitation cannot be answered now, told kindly."""

from flask import url_for
from flask_babel import gettext as _

from surveyapp.clock import now, said
from surveyapp.i18n import offer
from surveyapp.layout import Page, message
from surveyapp.models import Batch, Invitation, Round


def refusal(batch: Batch, invitation: Invitation | None) -> Page | None:
    """What stands in the way; None when nothing does. The page speaks the invitation's language from here on."""
    round_ = batch.group.round
    offer(round_.languages, (invitation.language if invitation else None) or batch.language)
    begun = invitation is not None and invitation.status == "started"
    return (
        (_of_person(invitation, round_) if invitation else None)
        or _of_round(round_)
        or (None if begun else _of_batch(batch))  # who has started may finish
    )


def _of_person(invitation: Invitation, round_: Round) -> Page | None:
    if invitation.status == "revoked":
        text = _("The people who sent it have taken it back. Ask them if you think this is a mistake.")
        return message(_("This invitation no longer works"), text, status=410, city=round_.city)
    if invitation.status == "answered":
        text = _("Your answers have arrived. Each invitation counts once.")
        receipt = _("Open my receipt"), url_for("receipts.ask")
        return message(_("Thank you. You have already answered."), text, city=round_.city, further=receipt)
    return None


def _of_round(round_: Round) -> Page | None:
    if round_.ended:
        text = _("The questions can no longer be answered. Thank you for wanting to help.")
        return message(_("This survey is closed"), text, status=410, city=round_.city)
    if round_.state != "open":
        text = _("Keep your link or code and come back later.")
        return message(_("This survey has not started yet"), text, status=404, city=round_.city)
    return None


def _of_batch(batch: Batch) -> Page | None:
    city = batch.group.round.city
    if batch.opens_at is not None and now() < batch.opens_at:
        text = _("You can start from %(moment)s. Keep your code until then.", moment=said(batch.opens_at))
        return message(_("It is too early for this code"), text, status=403, city=city)
    if batch.closes_at is not None and now() >= batch.closes_at:
        text = _(
            "It was open until %(moment)s. Ask the person who gave it to you.", moment=said(batch.closes_at)
        )
        return message(_("The time for this code is over"), text, status=410, city=city)
    return None


def full(batch: Batch) -> Page:
    text = _(
        "As many people as expected have started with it. "
        "If you have not answered yet, ask the person who gave it to you."
    )
    return message(_("All places of this code are taken"), text, status=409, city=batch.group.round.city)
