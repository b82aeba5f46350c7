"""Fields of the setup forms, with messages from our own catalogues; see layout/forms.py."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import Field, SelectField, StringField, TextAreaField

from surveyapp.layout.forms import options


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
    return SelectField(label, choices=options(pairs), **more)


def fault(field: Field, text: str) -> None:
    """Says what is wrong with a field, after its own checks."""
    field.errors = [*field.errors, text]
