"""Deciding what becomes of a comment: kept, shortened or hidden, and a translation beside it."""

from surveyapp.models import Moderation
from surveyapp.moderation.shortening import shortened


def keep(moderation: Moderation) -> None:
    moderation.state, moderation.shown = "kept", None


def hide(moderation: Moderation) -> None:
    moderation.state, moderation.shown = "hidden", None


def shorten(moderation: Moderation, original: str, typed: str) -> None:
    """Raises NotShortened where the text is not made of parts of the original."""
    moderation.state, moderation.shown = "shortened", shortened(original, typed)


def translate(moderation: Moderation, text: str, language: str) -> bool:
    """Keeps a translation, or drops it where it is empty; True where that changed something."""
    new = (text, language) if text else (None, None)
    changed = (moderation.translation, moderation.translation_language) != new
    moderation.translation, moderation.translation_language = new
    return changed
