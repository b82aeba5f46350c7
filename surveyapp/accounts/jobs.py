"""Sending the link to sign in: by the worker, so that the page takes as long for an address that nobody has."""

import logging

from flask_babel import force_locale
from flask_babel import gettext as _

from surveyapp import mail
from surveyapp.accounts.links import sign_in_link
from surveyapp.extensions import db, queue
from surveyapp.models import User

log = logging.getLogger(__name__)


@queue.job
def send_sign_in_link(user_id: int | None, target: str, language: str) -> None:
    """Nobody's number does nothing. Twice sends two mails; signing in by one uses up both."""
    user = db.session.get(User, user_id) if user_id is not None else None
    if user is None:
        return
    with force_locale(language):
        subject = _("Your link to sign in")
        text = _(
            "Open this link and press the button to sign in. It works once, for one hour:\n\n%(link)s\n\n"
            "If you did not ask for it, do nothing.",
            link=sign_in_link(user, target),
        )
    address = user.email
    db.session.rollback()
    try:
        mail.send(address, subject, text)
    except mail.MailRefused as refusal:
        log.error("sign-in mail not sent: %s", refusal.for_a_log)
