"""A text of the questionnaire read aloud by a person, as a city has uploaded it."""

import hashlib
import time
from functools import lru_cache

from flask import current_app
from sqlalchemy import ForeignKey, Index, LargeBinary, select
from sqlalchemy.orm import Mapped, deferred, mapped_column

from surveyapp.database import connection, db


class Recording(db.Model):
    """It belongs to words, not to a question: where the words change, it is no longer played."""

    __tablename__ = "recordings"
    __table_args__ = (Index("ix_recordings_sound", "sound"),)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    text_hash: Mapped[str] = mapped_column(primary_key=True)
    # SHA-256 of the file: its address, which can be kept by a browser for good
    sound: Mapped[str]
    media_type: Mapped[str]
    data: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))


def text_hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def recorded(city_id: int, language: str) -> tuple[tuple[str, str], ...]:
    """What a city has recorded in a language: (hash of the words, sound).

    Every page of questions asks this, so a process looks only twice a minute; what it has added itself it sees at
    once (see forget_recorded).
    """
    database = current_app.config["SQLALCHEMY_DATABASE_URI"]
    return _recorded(database, city_id, language, int(time.time() // 30))


def forget_recorded() -> None:
    """To be called after a recording was added or removed."""
    _recorded.cache_clear()


@lru_cache(maxsize=256)
def _recorded(_database: str, city_id: int, language: str, _half_minute: int) -> tuple[tuple[str, str], ...]:
    rows = select(Recording.text_hash, Recording.sound).where(
        Recording.city_id == city_id, Recording.language == language
    )
    return tuple((words, sound) for words, sound in connection().execute(rows.order_by(Recording.text_hash)))
