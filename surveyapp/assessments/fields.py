"""Fields of the setup forms, with messages from our own catalogues; see layout/forms.py."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import Field, SelectField

from surveyapp.layout.forms import options


def choice_of(label: Any, choices: Mapping[str, Any] | Iterable[tuple[str, Any]], **more: Any) -> SelectField:
    """One of several, named by their values."""
    pairs = choices.items() if isinstance(choices, Mapping) else choices
    return SelectField(label, choices=options(pairs), **more)


def fault(field: Field, text: str) -> None:
    """Says what is wrong with a field, after its own checks."""
    field.errors = [*field.errors, text]
