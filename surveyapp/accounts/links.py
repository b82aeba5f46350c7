"""Sign-in links: signed, for one hour, used up by signing in."""

from urllib.parse import urlencode

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import select

from surveyapp.database import db
from surveyapp.models import User

VALID_SECONDS = 3600


def sign_in_link(user: User, target: str = "") -> str:
    """Absolute address of the page whose button signs this user in, and leads on to `target`."""
    token = _serializer().dumps([user.fs_uniquifier, user.login_count or 0])
    following = f"?{urlencode({'next': target})}" if target else ""
    return f"{current_app.config['BASE_URL']}/sign-in/{token}{following}"


def user_of(token: str, lock: bool = False) -> User | None:
    """The user whom the token signs in; None where it is forged, old or used.

    `lock` keeps a second click on the same link waiting until the first has used it up.
    """
    try:
        uniquifier, sign_ins = _serializer().loads(token, max_age=VALID_SECONDS)
    except (BadSignature, ValueError):
        return None
    wanted = select(User).where(User.fs_uniquifier == uniquifier, User.active)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    user = db.session.scalar(wanted)
    return user if user is not None and (user.login_count or 0) == sign_ins else None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="sign-in")
