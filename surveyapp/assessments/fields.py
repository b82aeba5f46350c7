"""Fields of the setup forms, with messages from our own catalogues; see layout/forms.py."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from wtforms import DateField, Field, IntegerField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields import SelectChoice


class Day(DateField):
    """A date as browsers send it, 2026-12-18."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            self.data = (
                date.fromisoformat(valuelist[0].strip()) if valuelist and valuelist[0].strip() else None
            )
        except ValueError:
            raise ValidationError(_("This is not a date. Example: 2026-12-18.")) from None


class Number(IntegerField):
    """A whole number, or nothing."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            self.data = int(valuelist[0]) if valuelist and valuelist[0].strip() else None
        except ValueError:
            self.data = None
            raise ValidationError(_("A whole number is needed, such as 10.")) from None


class Line(StringField):
    """A line of text without space around it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = " ".join(valuelist[0].replace("\x00", "").split()) if valuelist else ""


class Passage(TextAreaField):
    """Several lines of text, with the line ends of our own texts instead of the browser's."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = valuelist[0].replace("\x00", "").replace("\r\n", "\n").strip() if valuelist else ""


def choice_of(label: Any, choices: Mapping[str, Any] | Iterable[tuple[str, Any]], **more: Any) -> SelectField:
    """One of several, named by their values."""
    pairs = choices.items() if isinstance(choices, Mapping) else choices
    return SelectField(label, choices=[SelectChoice(value, text) for value, text in pairs], **more)


def fault(field: Field, text: str) -> None:
    """Says what is wrong with a field, after its own checks."""
    field.errors = [*field.errors, text]
