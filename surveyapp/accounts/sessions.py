"""Sessions of staff: they begin in one or two steps, and end by themselves. Respondents' sessions are not touched."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from flask import redirect, request, session, url_for
from flask_security import current_user, login_user, logout_user
from sqlalchemy import select

from surveyapp.database import db
from surveyapp.layout import Page
from surveyapp.models import User

UNUSED = timedelta(hours=12)
AT_MOST = timedelta(days=7)
# How long after signing in somebody may change how they sign in
FRESH = timedelta(minutes=30)
# Seen is written into the cookie at most this often
STEP = 300
SECOND_STEP_WITHIN = 600


def go_on(user: User, via: str, target: str) -> Page:
    """The first step was right: where an authenticator app is set up its code is asked for, else the session begins.

    A passkey is both steps in one. Every sign-in link before is used up.
    """
    user.login_count = (user.login_count or 0) + 1
    if user.tf_totp_secret and via != "passkey":
        session["second_step"] = [user.fs_uniquifier, int(time.time()), target]
        return redirect(url_for("accounts.ask_for_code"), 303)
    begin(user, via)
    return redirect(target or url_for("comparison.rounds"), 303)


def awaited(lock: bool = False) -> tuple[User, str] | None:
    """Who has done the first step in this browser and owes the code, and where they wanted to go."""
    uniquifier, at, target = session.get("second_step", ("", 0, ""))
    if time.time() - at > SECOND_STEP_WITHIN:
        return None
    wanted = select(User).where(User.fs_uniquifier == uniquifier, User.active)
    if lock:
        wanted = wanted.with_for_update().execution_options(populate_existing=True)
    user = db.session.scalar(wanted)
    return None if user is None else (user, target)


def begin(user: User, via: str) -> None:
    user.last_login_at = user.current_login_at
    user.current_login_at = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    login_user(user, authn_via=[via])
    session.pop("second_step", None)
    session["signed_in_at"] = session["seen_at"] = int(time.time())


def end() -> None:
    logout_user()
    for key in ("signed_in_at", "seen_at", "second_step", "new_authenticator"):
        session.pop(key, None)


def end_old() -> None:
    """Before every request: ends a session of staff that was not used, or that is as old as one may get."""
    if "_user_id" not in session:
        return
    now = int(time.time())
    began, seen = session.get("signed_in_at", 0), session.get("seen_at", 0)
    if now - began > AT_MOST.total_seconds() or now - seen > UNUSED.total_seconds():
        end()
    elif now - seen > STEP:
        session["seen_at"] = now


def end_elsewhere(user: User) -> None:
    """Every other browser that is signed in as this person is signed out, and no link sent before works."""
    user.fs_uniquifier = secrets.token_hex(32)
    session["_user_id"] = user.fs_uniquifier


def fresh(view: Callable[..., Any]) -> Callable[..., Any]:
    """Asks to sign in again where that was long ago: an unattended computer must not change how one signs in."""

    @wraps(view)
    def checked(**arguments: Any) -> Any:
        if time.time() - session.get("signed_in_at", 0) <= FRESH.total_seconds():
            return view(**arguments)
        target = request.path if request.method == "GET" else url_for("accounts.profile")
        return redirect(url_for("accounts.sign_in", again=1, next=target), 303)

    return checked


def me() -> User:
    """The person who is signed in, as a row that no other request changes meanwhile; call after start_writing()."""
    wanted = select(User).where(User.id == current_user.id)
    return db.session.scalars(wanted.with_for_update().execution_options(populate_existing=True)).one()
