"""Guessing codes is slowed down; a class behind one address is not: only wrong codes count."""

from flask import request

from surveyapp import limits

# 23^8 codes: at this rate one address needs years to meet one of a thousand live codes
WRONG_CODES_PER_HOUR = 100


def too_many_wrong_codes() -> bool:
    return limits.tries("code", str(request.remote_addr)) >= WRONG_CODES_PER_HOUR


def count_wrong_code() -> None:
    """Adds one try for this address and hour."""
    limits.count("code", str(request.remote_addr))
