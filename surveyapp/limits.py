"""Guessing is slowed down: tries are counted per hour, under a keyed hash of whose they are.

No address of a person or a computer is kept, and the hash of the same one is another the next hour.
Views commit: a try must be counted even where the request then fails.
"""

import hashlib
import hmac
import time

from flask import current_app, request
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


# 23^8 codes: at this rate one address needs decades to meet one of a thousand live codes, and a class of thirty
# may each be wrong ten times. Who spreads the tries over many addresses is not let try one code over and over.
WRONG_CODES_PER_ADDRESS = 300
WRONG_TRIES_PER_CODE = 30


def too_many_wrong_codes(code: str) -> bool:
    """Whether this address, or anybody with this code, was wrong too often in the running hour. Only wrong codes
    count: a class behind one address is never slowed down."""
    limits = {
        _bucket("code", str(request.remote_addr)): WRONG_CODES_PER_ADDRESS,
        _bucket("this code", code): WRONG_TRIES_PER_CODE,
    }
    rows = select(CodeTry.bucket, CodeTry.tries).where(CodeTry.bucket.in_(limits))
    return any(wrong >= limits[bucket] for bucket, wrong in db.session.execute(rows))


def count_wrong_code(code: str) -> None:
    """Adds one try for this address and one for this code."""
    count("code", str(request.remote_addr))
    count("this code", code)


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
