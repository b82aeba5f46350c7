"""What stands in the catalogues: how far each language is, what a reviewer read, and every letter to be drawn."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from surveyapp.config import data_folder
from surveyapp.i18n import DRAFT_NOTE, RESPONDENTS_CATALOGUES, SOURCE, catalogue_path

Text = tuple[str | None, str]  # context and source of a translated text
State = Literal["translated", "outdated", "missing"]


@dataclass(frozen=True)
class Progress:
    """How far one catalogue of a language is."""

    translated: int
    outdated: int
    missing: int

    @property
    def unfinished(self) -> int:
        return self.outdated + self.missing


def progress(language: str, domain: str, wanted: Collection[Text] | None = None) -> Progress:
    """How many texts are translated, are a translation of words that have changed since, or are not translated.

    Looks at the texts `wanted`, or at all that any language's catalogue knows.
    """
    wanted = texts(domain) if wanted is None else wanted
    path = catalogue_path(language, domain)
    known = _states(path, path.stat().st_mtime_ns) if path.exists() else {}
    states = Counter(known.get(text, "missing") for text in wanted)
    return Progress(states["translated"], states["outdated"], states["missing"])


def unfinished(language: str, domain: str, wanted: Collection[Text] | None = None) -> int:
    """How many texts have no translation into a language, or one of words that have changed since."""
    return progress(language, domain, wanted).unfinished


def whole(language: str) -> bool:
    """Whether everything that respondents and readers meet is translated and up to date."""
    return language == SOURCE or not any(unfinished(language, domain) for domain in RESPONDENTS_CATALOGUES)


def texts(domain: str) -> set[Text]:
    """Every text that any language's catalogue knows."""
    paths = data_folder("translations").glob(f"*/LC_MESSAGES/{domain}.po")
    return {text for path in paths for text in _states(path, path.stat().st_mtime_ns)}


@lru_cache(maxsize=80)
def _states(path: Path, _changed: int) -> dict[Text, State]:
    """Every text of a catalogue, and whether its translation can be used."""
    return {(message.context, forms(message.id)[0]): _state(message) for message in _read(path) if message.id}


def _state(message: Message) -> State:
    strings = forms(message.string)
    if not strings or not all(strings):
        return "missing"
    return "outdated" if message.fuzzy else "translated"


def says_draft(language: str) -> bool:
    """Whether a catalogue of the language still says in its header that no native speaker has reviewed it.

    Whether a city takes it for a draft is another question: see models/translation.py.
    """
    if language == SOURCE:
        return False
    paths = [catalogue_path(language, domain) for domain in RESPONDENTS_CATALOGUES]
    return not all(
        path.exists() and DRAFT_NOTE not in path.read_text(encoding="utf-8")[:1000] for path in paths
    )


def fingerprint(language: str) -> str:
    """Names the state of all that a reviewer reads: every source and translation of the respondents' catalogues."""
    paths = [catalogue_path(language, domain) for domain in RESPONDENTS_CATALOGUES]
    return _fingerprint(tuple((path, path.stat().st_mtime_ns) for path in paths if path.exists()))


@lru_cache(maxsize=32)
def _fingerprint(paths: tuple[tuple[Path, int], ...]) -> str:
    """Of the words alone: comments, and where a text is shown, may change."""
    told = [
        [path.stem, message.context or "", forms(message.id), forms(message.string), message.fuzzy]
        for path, _changed in paths
        for message in _read(path)
        if message.id
    ]
    return hashlib.sha256(json.dumps(sorted(told), ensure_ascii=False).encode()).hexdigest()


def drawn(language: str) -> set[str]:
    """Every text of the language's catalogues, and the English ones that stand where it has none."""
    paths = data_folder("translations").glob(f"{'*' if language == SOURCE else language}/LC_MESSAGES/*.po")
    messages = [message for path in paths for message in _read(path) if message.id]
    sources = {text for message in messages for text in forms(message.id)}
    if language == SOURCE:
        return sources
    return sources | {text for message in messages for text in forms(message.string)}


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    """A text with its plural forms, where it has any."""
    return [text] if isinstance(text, str) else list(text or ())


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, ignore_obsolete=True)
