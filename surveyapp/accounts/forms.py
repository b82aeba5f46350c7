"""Forms of signing in and of the account page."""

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import ValidationError

from surveyapp.accounts import passwords
from surveyapp.accounts.keys import NAME_LENGTH
from surveyapp.accounts.roles import ROLE_NAMES
from surveyapp.layout.forms import Form, at_most, needed, options


class PasswordSignIn(Form):
    email = StringField(
        _("Your e-mail address"), [needed(), at_most(254)], filters=[lambda text: (text or "").strip()]
    )
    password = PasswordField(_("Your password"), [needed()])


class Code(Form):
    code = StringField(_("Code"), [needed(), at_most(40)])


class NewPassword(Form):
    """`address` is set by the view: a password must not be one's own address."""

    address = ""
    password = PasswordField(_("New password"), [needed()])
    elsewhere = BooleanField(_("Sign me out on all other computers and phones"), default=True)

    def validate_password(self, field: PasswordField) -> None:
        fault = passwords.fault(field.data or "", self.address)
        if fault:
            raise ValidationError(fault)


class Passkey(Form):
    name = StringField(
        _("Name of this passkey"),
        [needed(), at_most(NAME_LENGTH)],
        filters=[lambda text: (text or "").strip()],
    )
    credential = HiddenField()


class Removal(Form):
    elsewhere = BooleanField(_("Sign me out on all other computers and phones"), default=True)


def _role() -> RadioField:
    return RadioField(
        _("What they may do"),
        choices=options(ROLE_NAMES.items()),
        validators=[needed(_("Choose what this person may do."))],
    )


class Role(Form):
    role = _role()


class Invite(Form):
    email = StringField(
        _("E-mail address"), [needed(), at_most(254)], filters=[lambda text: (text or "").strip()]
    )
    role = _role()
