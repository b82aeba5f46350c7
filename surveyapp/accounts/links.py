"""Links that sign in: signed, used up by signing in. One lasts an hour, an invitation to a city seven days."""

from urllib.parse import urlencode

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select

from surveyapp.database import db
from surveyapp.models import Membership, User

VALID_SECONDS = 3600
INVITATION_SECONDS = 7 * 24 * 3600


def sign_in_link(user: User, target: str = "") -> str:
    """Absolute address of the page whose button signs this user in, and leads on to `target`."""
    token = _serializer("sign-in").dumps([user.fs_uniquifier, user.login_count or 0])
    following = f"?{urlencode({'next': target})}" if target else ""
    return f"{current_app.config['BASE_URL']}/sign-in/{token}{following}"


def invitation_link(membership: Membership) -> str:
    """Absolute address of the page that greets a new member of a city, and whose button signs them in."""
    user = membership.user
    token = _serializer("invited").dumps([membership.id, user.fs_uniquifier, user.login_count or 0])
    return f"{current_app.config['BASE_URL']}/sign-in/invited/{token}"


def user_of(token: str, lock: bool = False) -> User | None:
    """The user whom the token signs in; None where it is forged, old or used.

    `lock` keeps a second click on the same link waiting until the first has used it up.
    """
    try:
        uniquifier, sign_ins = _serializer("sign-in").loads(token, max_age=VALID_SECONDS)
    except (BadSignature, ValueError):
        return None
    return _unused(uniquifier, sign_ins, lock)


def membership_of(token: str, lock: bool = False) -> Membership | None:
    """The membership an invitation speaks of; None where it is forged, old or used, or was taken back."""
    try:
        number, uniquifier, sign_ins = _serializer("invited").loads(token, max_age=INVITATION_SECONDS)
    except (BadSignature, ValueError):
        return None
    user = _unused(uniquifier, sign_ins, lock)
    membership = db.session.get(Membership, number)
    return membership if membership is not None and membership.user is user else None


def _unused(uniquifier: str, sign_ins: int, lock: bool) -> User | None:
    wanted = select(User).where(User.fs_uniquifier == uniquifier, User.active)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    user = db.session.scalar(wanted)
    return user if user is not None and (user.login_count or 0) == sign_ins else None


def _serializer(salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=salt)
