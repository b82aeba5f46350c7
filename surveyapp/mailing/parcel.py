"""The good rows of a list on their way from the report to the button below it: packed, signed, in the page itself.

So a list that was only looked at leaves nothing behind on the server, and nobody can slip a row in.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import astuple

from flask import current_app
from itsdangerous import BadData, TimestampSigner

from surveyapp.mailing.lists import Person
from surveyapp.models import Round

A_DAY = 24 * 60 * 60


def packed(round_: Round, people: Sequence[Person]) -> str:
    rows = json.dumps([astuple(person) for person in people], ensure_ascii=False, separators=(",", ":"))
    return _signer(round_).sign(urlsafe_b64encode(zlib.compress(rows.encode(), 9))).decode()


def unpacked(round_: Round, parcel: str) -> list[Person] | None:
    """None where it was changed, belongs to another round or is older than a day."""
    try:
        data = _signer(round_).unsign(parcel, max_age=A_DAY)
    except BadData:
        return None
    return [Person(*row) for row in json.loads(zlib.decompress(urlsafe_b64decode(data)))]


def _signer(round_: Round) -> TimestampSigner:
    return TimestampSigner(current_app.config["SECRET_KEY"], salt=f"mailing-list:{round_.key}")
