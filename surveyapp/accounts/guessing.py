"""Passwords and codes cannot be guessed: wrong ones are counted per account and per address.

Somebody else's guessing never locks anybody out: the link by mail and a passkey always work.
"""

from flask import request

from surveyapp import limits

WRONG_PER_ACCOUNT = 10
WRONG_PER_ADDRESS = 50
LINKS_PER_ACCOUNT = 10


def may_try(kind: str, account: str) -> bool:
    """Counts a try before it is looked at, so that many at once get no further; False: too many were wrong.

    An account that does not exist is counted like one that does.
    """
    tried = limits.count(kind, account.lower())
    from_here = limits.count(f"{kind} from", str(request.remote_addr))
    return tried <= WRONG_PER_ACCOUNT and from_here <= WRONG_PER_ADDRESS


def was_right(kind: str, account: str) -> None:
    limits.take_back(kind, account.lower())
    limits.take_back(f"{kind} from", str(request.remote_addr))


def may_send_link(account: str) -> bool:
    """Nobody's mailbox is flooded."""
    return limits.count("link", account.lower()) <= LINKS_PER_ACCOUNT
