"""Mail to somebody whose way of signing in was changed: if it was not them, they must hear of it."""

from flask import current_app
from flask_babel import gettext as _

from surveyapp import mail


def tell_of_change(address: str, change: str) -> None:
    """Call it after the commit. A mail server that is away does not undo the change."""
    text = _(
        "%(change)s\n\nIf this was you, there is nothing to do. If not, sign in with a link by mail, look at "
        "“Your account” and sign out everywhere:\n\n%(address)s",
        change=change,
        address=current_app.config["BASE_URL"] + "/account",
    )
    try:
        mail.send(address, _("How you sign in has changed"), text)
    except mail.MailRefused as refusal:
        current_app.logger.error("notice not sent: %s", refusal.for_a_log)
