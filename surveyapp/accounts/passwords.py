"""Passwords, for who wants one: long, not among the worst, and nothing else is asked of them."""

import re
import unicodedata
from functools import lru_cache

from flask_babel import lazy_gettext as _
from flask_security import hash_password
from flask_security.utils import verify_and_update_password

from surveyapp.models import User

LEAST = 12
MOST = 128

# What people type when twelve letters are wanted; digits and signs around them, and repeating them, change nothing
COMMON = re.compile(
    "(?:abcabc|abcd|abcdef|abcdefgh|abcdefghijkl|administrator|asdf|asdfgh|asdfghjkl|changeme|"
    "correcthorsebatterystaple|dragon|football|geheim|hallo|iloveyou|letmein|master|monkey|passphrase|passwd|"
    "passwort|password|princess|qwer|qwert|qwertz|qwertzuiop|qwerty|qwertyuiop|qwertyuiopas|secret|sprachkurs|"
    "sunshine|superman|surveyapp|welcome|willkommen)+"
)


def fault(password: str, address: str) -> str:
    """What is wrong with a new password; empty where nothing is."""
    folded = _normal(password).casefold()
    if len(folded) < LEAST:
        return str(_("Use at least %(least)d letters or signs.", least=LEAST))
    if len(folded) > MOST:
        return str(_("Use at most %(most)d letters.", most=MOST))
    if address.casefold() in folded or folded in address.casefold():
        return str(_("This is your address. Choose something that nobody knows."))
    if _common(folded):
        return str(
            _(
                "Many people use this password. Choose another one, such as four words that do not go together."
            )
        )
    return ""


def set_password(user: User, password: str) -> None:
    user.password = hash_password(_normal(password))


def right_password(user: User | None, password: str) -> bool:
    """Takes equally long whether or not there is such a person, and a password."""
    kept = user.password if user is not None else None
    if user is None or kept is None:
        verify_and_update_password(_normal(password), User(password=_decoy()))
        return False
    return bool(verify_and_update_password(_normal(password), user))


def _common(folded: str) -> bool:
    letters = re.sub(r"[\W\d_]+", "", folded)
    return len(set(folded)) < 5 or not letters or COMMON.fullmatch(letters) is not None


@lru_cache(1)
def _decoy() -> str:
    return str(hash_password("nobody's password"))


def _normal(password: str) -> str:
    """The same letters typed on another keyboard are the same password."""
    return unicodedata.normalize("NFKC", password)
