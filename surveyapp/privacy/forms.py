"""Forms of the privacy pages."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, StringField

from surveyapp.layout.forms import Form, Number, at_most, between, needed
from surveyapp.mail import address_of
from surveyapp.privacy.retention import MOST_DAYS, MOST_MONTHS


class Keeping(Form):
    """How long this round keeps what leads to people."""

    contact_days = Number(
        _("Days to keep addresses after closing"),
        validators=[between(0, MOST_DAYS)],
    )
    comment_months = Number(
        _("Months to keep comments as they were written"),
        validators=[between(0, MOST_MONTHS)],
    )


def _as_kept(text: str | None) -> str:
    """The address as lists are saved: the part behind the @ may be typed in the letters of its own language."""
    typed = (text or "").strip()
    return address_of(typed) or typed.lower()


class Search(Form):
    email = StringField(
        _("E-mail address"),
        filters=[_as_kept],
        validators=[needed(), at_most(254)],
    )


class Erasure(Search):
    no_more_mail = BooleanField(_("The person wants no more mail from this city"))
    sure = BooleanField(_("Yes, delete it for good"), validators=[needed(_("Tick this to delete."))])
