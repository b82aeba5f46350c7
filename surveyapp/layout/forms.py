"""Forms of staff pages: WTForms with messages from our own catalogues (WTForms lacks some of our languages)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField, TextAreaField, validators
from wtforms.fields import SelectChoice


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


def options(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Choices of a field from pairs of value and words."""
    return [SelectChoice(value, words) for value, words in pairs]


class Line(StringField):
    """A line of text without space around it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = " ".join(valuelist[0].replace("\x00", "").split()) if valuelist else ""


class Passage(TextAreaField):
    """Several lines of text, with the line ends of our own texts instead of the browser's."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[0].replace("\x00", "").replace("\r\n", "\n").strip() if valuelist else ""


class Day(DateField):
    """A day as browsers send it, 2026-12-18, or nothing; no year that a calendar begins or ends with."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = valuelist[0].strip() if valuelist else ""
        try:
            self.data = date.fromisoformat(typed) if typed else None
        except ValueError:
            self.data = None
        if typed and (self.data is None or not 2000 <= self.data.year < 2200):
            self.data = None
            raise validators.ValidationError(_("This is not a date. Example: 2026-12-18."))


class Number(IntegerField):
    """A whole number, or nothing."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            self.data = int(valuelist[0]) if valuelist and valuelist[0].strip() else None
        except ValueError:
            self.data = None
            raise validators.ValidationError(_("A whole number is needed, such as 10.")) from None
