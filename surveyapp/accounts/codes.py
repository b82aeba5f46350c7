"""Codes as a second step: six digits of an authenticator app, or one of ten recovery codes on paper."""

import hashlib
import hmac
import io
import secrets

import segno
from flask import current_app
from flask_security import Totp

from surveyapp.models import User
from surveyapp.tokens import ALPHABET, typed

RECOVERY_CODES = 10
RECOVERY_LENGTH = 12  # of 23 letters: 54 bits
DRIFT_SECONDS = 30  # a telephone's clock may be this far off


class _Once(Totp):
    """Remembers the last code that was accepted, beside the key: that one and all before it are refused."""

    def get_last_counter(self, user: User) -> int | None:
        last, _, _ = (user.tf_totp_secret or "").partition(":")
        return int(last) if last.isdecimal() else None

    def set_last_counter(self, user: User, tmatch: object) -> None:
        user.tf_totp_secret = f"{tmatch.counter}:{_key(user)}"  # type: ignore[attr-defined]


def new_key() -> str:
    """A key for an authenticator app, encrypted: only who has TOKEN_KEY can make codes of it."""
    return _totp().generate_totp_secret()


def set_up(user: User, key: str, code: str) -> bool:
    """Asks for codes of this key from now on, where the code shows that the app has it."""
    before = user.tf_totp_secret
    user.tf_totp_secret = f":{key}"
    if right_code(user, code):
        return True
    user.tf_totp_secret = before
    return False


def right_code(user: User, code: str) -> bool:
    """Whether the app shows this code now; each is accepted once."""
    digits = "".join(letter for letter in code if letter.isdecimal() and letter.isascii())
    # the key is set while the row is held, so that the same code sent twice at once is right once
    return len(digits) == 6 and _totp().verify_totp(digits, _key(user), user, window=DRIFT_SECONDS)


def readable(key: str) -> str:
    """The key to type where no camera is at hand."""
    return _totp().get_totp_pretty_key(key)


def picture(key: str, address: str) -> str:
    """The key as a QR code, SVG."""
    drawn = io.BytesIO()
    segno.make(_totp().get_totp_uri(address, key), error="m").save(
        drawn, kind="svg", scale=5, border=4, dark="#000", light="#fff"
    )
    return drawn.getvalue().decode()


def new_recovery_codes(user: User) -> list[str]:
    """Ten codes that each replace the app once; the old ones stop working. They are kept as hashes only."""
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    user.mf_recovery_codes = [_hash(user, code) for code in codes]
    return ["-".join(code[at : at + 4] for at in range(0, RECOVERY_LENGTH, 4)) for code in codes]


def use_recovery_code(user: User, code: str) -> bool:
    left = list(user.mf_recovery_codes or [])
    hashed = _hash(user, typed(code))
    if not any(hmac.compare_digest(hashed, one) for one in left):
        return False
    user.mf_recovery_codes = [one for one in left if one != hashed]
    return True


def forget_codes(user: User) -> None:
    """No second step from now on."""
    user.tf_totp_secret = None
    user.mf_recovery_codes = None


def _totp() -> Totp:
    return _Once({"1": hashlib.sha256(b"totp:" + _token_key()).hexdigest()}, issuer="surveyapp")


def _key(user: User) -> str:
    return (user.tf_totp_secret or "").partition(":")[2]


def _hash(user: User, code: str) -> str:
    return hmac.new(_token_key(), f"recovery:{user.id}:{code}".encode(), hashlib.sha256).hexdigest()


def _token_key() -> bytes:
    return current_app.config["TOKEN_KEY"].encode()
