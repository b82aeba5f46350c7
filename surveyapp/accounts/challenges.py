"""The question a passkey signs: fresh for every page, kept in the session, good once and for half an hour."""

import secrets
import time

from flask import session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from surveyapp import limits

VALID_SECONDS = 1800


def ask(what: str) -> bytes:
    """A new challenge for this purpose (`add` or `use`); the one before is forgotten."""
    challenge = secrets.token_bytes(32)
    session[f"passkey_{what}"] = [bytes_to_base64url(challenge), int(time.time())]
    return challenge


def asked(what: str) -> bytes:
    """The challenge that the answer must hold; empty, which none does, where it is old or was answered before.

    The session is a cookie that can be sent twice: the database remembers what was answered. Writes.
    """
    text, at = session.pop(f"passkey_{what}", ("", 0))
    if not text or time.time() - at > VALID_SECONDS or not limits.first_time("passkey", text):
        return b""
    return base64url_to_bytes(text)
