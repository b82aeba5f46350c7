"""What PO and XLIFF have in common: the strings that a translator's file holds, and why one cannot be read."""

import hashlib
from dataclasses import dataclass, field

from babel.messages.catalog import Message

from surveyapp.progress import forms

# Ours are well under one; whatever is larger was not made from them
MOST_BYTES = 20_000_000


class Unreadable(ValueError):
    """The file as a whole cannot be used; the text says why."""


@dataclass(frozen=True)
class Entry:
    """One string as the file has it. `message.fuzzy` says that the translator has not finished it."""

    catalogue: str
    message: Message
    unit: str | None = None
    flaw: str = ""

    @property
    def strings(self) -> list[str]:
        return forms(self.message.string)


@dataclass(frozen=True)
class Returned:
    """A file that came back from a translator."""

    language: str
    entries: list[Entry] = field(default_factory=list)


def unit_id(message: Message) -> str:
    """The name of a string in XLIFF, for as long as its source stays: the content key, else a hash of the source."""
    if message.context:
        return str(message.context).replace("/", ":")
    return "t-" + hashlib.sha256("\0".join(forms(message.id)).encode()).hexdigest()[:16]
