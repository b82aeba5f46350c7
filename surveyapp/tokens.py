"""Tokens are derived, never stored: the table holds a hash to look them up by.

Whoever holds the database alone can make no link; whoever holds the key can print a sheet again.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable

from flask import current_app

# Crockford-like: no 0/O, 1/I/L, U/V, 2/Z, 5/S, 8/B to mix up when read aloud or copied by hand
ALPHABET = "34679ACDEFGHJKMNPQRTWXY"
CODE_LENGTH = 8
TOKEN_BYTES = 15  # 120 bits: 24 characters of base32


def link_token(kind: str, row_id: int, version: int) -> str:
    """The token of a personal link: 24 characters, a-z and 2-7."""
    return base64.b32encode(_derive(kind, row_id, version)[:TOKEN_BYTES]).decode().lower()


def short_code(kind: str, row_id: int, version: int) -> str:
    """A code to type: 8 characters of ALPHABET, about 36 bits; guessing is limited where codes are redeemed."""
    number = int.from_bytes(_derive(kind, row_id, version), "big")
    letters = []
    for _ in range(CODE_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[place])
    return "".join(letters)


def in_fours(code: str) -> str:
    """K7MW-4PXT, as people read and copy it."""
    return "-".join(code[place : place + 4] for place in range(0, len(code), 4))


def typed(code: str) -> str:
    """What somebody typed, as a code: spaces, dashes and case do not matter."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def token_hash(token: str) -> str:
    """Keyed, because a short code could be found from a bare hash by trying all of them."""
    return keyed_hash("token", token)


def keyed_hash(purpose: str, text: str) -> str:
    """A hash of something that could be guessed, such as an address: worthless without the installation's key."""
    return keyed_hasher(purpose)(text)


def keyed_hasher(purpose: str) -> Callable[[str], str]:
    """The same for many texts, in a microsecond each."""
    key = current_app.config["TOKEN_KEY"].encode()
    return lambda text: hmac.digest(key, f"{purpose}:{text}".encode(), "sha256").hex()


def opt_out_hasher(city_id: int) -> Callable[[str], str]:
    """How a city remembers an address that wants no mail: the hash outlives the address."""
    return keyed_hasher(f"opt-out:{city_id}")


def _derive(kind: str, row_id: int, version: int) -> bytes:
    key = current_app.config["TOKEN_KEY"].encode()
    return hmac.new(key, f"{kind}:{row_id}:{version}".encode(), hashlib.sha256).digest()
