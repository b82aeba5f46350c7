"""Guessing is slowed down: tries are counted per hour, under a keyed hash of whose they are.

No address of a person or a computer is kept, and the hash of the same one is another the next hour.
Views commit: a try must be counted even where the request then fails.
"""

import hashlib
import hmac
import time

from flask import current_app
from sqlalchemy import delete, select, update

from surveyapp.database import db, upsert
from surveyapp.models import CodeTry


def tries(kind: str, whose: str) -> int:
    """How often this was tried in the running hour."""
    return db.session.scalar(select(CodeTry.tries).where(CodeTry.bucket == _bucket(kind, whose))) or 0


def count(kind: str, whose: str) -> int:
    """Adds one try and returns how many it makes; forgets the hours before."""
    return _count(_bucket(kind, whose), _hour())


def take_back(kind: str, whose: str) -> None:
    """The try was a right one after all: right ones never count."""
    found = CodeTry.bucket == _bucket(kind, whose)
    db.session.execute(update(CodeTry).where(found, CodeTry.tries > 0).values(tries=CodeTry.tries - 1))


def first_time(kind: str, what: str) -> bool:
    """True once; False for the same again within the hour that follows."""
    return _count(_keyed(f"{kind}:{what}"), _hour() + 1) == 1


def _count(bucket: str, hour: int) -> int:
    db.session.execute(delete(CodeTry).where(CodeTry.hour < _hour()))
    db.session.execute(upsert(CodeTry, "tries", adding=True), [{"bucket": bucket, "hour": hour, "tries": 1}])
    return db.session.scalar(select(CodeTry.tries).where(CodeTry.bucket == bucket)) or 0


def _bucket(kind: str, whose: str) -> str:
    return _keyed(f"{_hour()}:{kind}:{whose}")


def _keyed(text: str) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _hour() -> int:
    return int(time.time() // 3600)
