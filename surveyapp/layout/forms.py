"""Forms of staff pages: WTForms with messages from our own catalogues (WTForms lacks some of our languages)."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import validators


class Form(FlaskForm):
    """CSRF is checked for the whole application; see `layout/forms.html` for how fields are shown."""

    class Meta:
        csrf = False  # CSRFProtect has looked already
        locales = False


def needed(message: Any = None) -> validators.InputRequired:
    return validators.DataRequired(message or _("This is needed."))


def at_most(letters: int) -> validators.Length:
    return validators.Length(max=letters, message=_("At most %(max)d letters."))


def between(least: int, most: int) -> validators.NumberRange:
    return validators.NumberRange(least, most, _("A number from %(min)s to %(max)s is needed."))
