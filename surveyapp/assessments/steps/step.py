"""What every step of setting up a round has."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from surveyapp.layout.forms import Form
from surveyapp.models import Round


@dataclass(frozen=True)
class Step:
    """A page of the guided path: its form filled from the round, and how the form goes into the round.

    The page is `assessments/steps/<key>.html`.
    """

    key: str
    title: Any
    """In the list of steps (lazy, so that it speaks the language of the page)."""
    form: Callable[[Round], Form]
    save: Callable[[Round, Any], None]
    told: Callable[[Round], str]
    """What was decided, in a few words for the list of steps."""
    shown: Callable[[Round, Any], dict[str, Any]] = lambda round_, form: {}
    """What its page shows beside the form."""
