"""Guessing codes is slowed down; a class behind one address is not: only wrong codes count."""

import hashlib
import hmac
import time

from flask import current_app, request
from sqlalchemy import delete, select

from surveyapp.database import db, upsert
from surveyapp.models import CodeTry

# 23^8 codes: at this rate one address needs years to meet one of a thousand live codes
WRONG_CODES_PER_HOUR = 100


def too_many_wrong_codes() -> bool:
    tries = db.session.scalar(select(CodeTry.tries).where(CodeTry.bucket == _bucket(_hour())))
    return (tries or 0) >= WRONG_CODES_PER_HOUR


def count_wrong_code() -> None:
    """Adds one try for this address and hour; forgets the hours before."""
    hour = _hour()
    db.session.execute(delete(CodeTry).where(CodeTry.hour < hour))
    tried = {"bucket": _bucket(hour), "hour": hour, "tries": 1}
    db.session.execute(upsert(CodeTry, "tries", adding=True), [tried])


def _hour() -> int:
    return int(time.time() // 3600)


def _bucket(hour: int) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"{hour}:{request.remote_addr}".encode(), hashlib.sha256).hexdigest()
