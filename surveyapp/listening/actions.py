"""Recordings come as files that are named after the text they say: f7-lea-1.mp3, scale.plain.3.ogg."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import delete

from surveyapp.benchmark.frozen import Frozen
from surveyapp.benchmark.sheets import sheet, steps
from surveyapp.database import db
from surveyapp.models import City, Recording
from surveyapp.models.recording import forget_recorded, text_hash

MOST_BYTES = 1_000_000  # a minute of speech and more; a question takes a tenth of it
# What a browser plays, known by how a file begins and not by what it is called
BEGINNINGS = (
    (re.compile(rb"ID3|\xff[\xfb\xf3\xf2\xfa]"), "audio/mpeg"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"....ftyp", re.DOTALL), "audio/mp4"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"\x1aE\xdf\xa3"), "audio/webm"),
)


@dataclass(frozen=True)
class Text:
    """Something a respondent can have read aloud, and where it stands."""

    key: str
    words: str


@dataclass(frozen=True)
class File:
    name: str
    data: bytes


@dataclass(frozen=True)
class Refused:
    name: str
    why: str
    """`unknown`, `too_large`, `no_sound` or `empty`."""


def texts(frozen: Frozen, group: str, short: bool, language: str) -> Iterator[Text]:
    """Every text that a group may want to hear, each once, in the order of the questionnaire."""
    words = frozen.wording.get(language) or frozen.wording[frozen.benchmark.source_language]
    met: set[str] = set()
    for page in steps(frozen, group, short):
        for item in sheet(frozen, page, group, short).items:
            for key in (item.text_key, *item.labels.values()):
                if key not in met:
                    met.add(key)
                    yield Text(key, words[key])


def add_recordings(
    city: City, language: str, known: Iterable[Text], files: Iterable[File]
) -> tuple[int, list[Refused]]:
    """Takes every good file, in place of what was there for the same words; returns their number and the others."""
    by_key = {text.key: text for text in known}
    rows, refused = {}, []
    for file in files:
        text = by_key.get(file.name.rpartition(".")[0])
        media_type = next((kind for begins, kind in BEGINNINGS if begins.match(file.data)), None)
        why = (
            "unknown" if text is None
            else "empty" if not file.data
            else "too_large" if len(file.data) > MOST_BYTES
            else "no_sound" if media_type is None
            else None
        )  # fmt: skip
        if why is not None or text is None:
            refused.append(Refused(file.name, why or "unknown"))
            continue
        hashed = text_hash(text.words)
        rows[hashed] = {
            "city_id": city.id,
            "language": language,
            "text_hash": hashed,
            "sound": hashlib.sha256(file.data).hexdigest(),
            "media_type": media_type,
            "data": file.data,
        }
    for hashed, row in rows.items():
        remove_recording(city, language, hashed)
        db.session.add(Recording(**row))
    db.session.flush()
    forget_recorded()
    return len(rows), refused


def remove_recording(city: City, language: str, hashed: str) -> None:
    own = (Recording.city_id == city.id, Recording.language == language, Recording.text_hash == hashed)
    db.session.execute(delete(Recording).where(*own), execution_options={"synchronize_session": False})
    forget_recorded()
