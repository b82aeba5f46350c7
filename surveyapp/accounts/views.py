"""Staff sign in by a link that comes by mail: no password to forget or to steal."""

import re

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user, login_user, logout_user
from sqlalchemy import func, select

from surveyapp import mail
from surveyapp.access import public, signed_in
from surveyapp.accounts.links import sign_in_link, user_of
from surveyapp.extensions import db, start_writing
from surveyapp.layout import Page, message
from surveyapp.models import User

bp = Blueprint("accounts", __name__)

# A path of this site. Browsers read // and /\ as another host, and pass over tabs within.
LOCAL = re.compile(r"/(?!/)[!-\[\]-~]*")


@bp.get("/sign-in")
@public
def sign_in() -> Page:
    if current_user.is_authenticated:
        return redirect(url_for("comparison.rounds"))
    return render_template("accounts/sign_in.html")


@bp.post("/sign-in")
@public
def ask_for_link() -> Page:
    """The answer is the same whether or not the address is known."""
    address = request.form.get("email", "").strip()[:254]
    if "@" not in address or not address.isprintable():
        return render_template("accounts/sign_in.html", wrong=address), 422
    user = db.session.scalar(select(User).where(func.lower(User.email) == address.lower(), User.active))
    if user is not None:
        _send_link(user)
    text = _(
        "If %(address)s belongs to somebody who works here, a link is on its way. It works once, for one hour.",
        address=address,
    )
    return message(_("Look into your mailbox"), text)


@bp.get("/sign-in/<token>")
@public
def open_link(token: str) -> Page:
    """Only a button: mail scanners open links, and must not use them up."""
    if user_of(token) is None:
        return _used_link()
    return render_template("accounts/confirm.html")


@bp.post("/sign-in/<token>")
@public
def use_link(token: str) -> Page:
    start_writing()
    user = user_of(token, lock=True)
    if user is None:
        return _used_link()
    user.login_count = (user.login_count or 0) + 1  # this link and all before it are used up
    login_user(user, authn_via=["link"])
    db.session.commit()
    return redirect(_next() or url_for("comparison.rounds"), 303)


@bp.post("/sign-out")
@signed_in
def sign_out() -> Page:
    logout_user()
    return redirect(url_for("site.home"), 303)


def _next() -> str:
    """Where somebody wanted to go before signing in; empty where that is not a path of this site."""
    target = request.args.get("next", "")
    return target if LOCAL.fullmatch(target) else ""


def _send_link(user: User) -> None:
    subject = _("Your link to sign in")
    text = _(
        "Open this link and press the button to sign in. It works once, for one hour:\n\n%(link)s\n\n"
        "If you did not ask for it, do nothing.",
        link=sign_in_link(user, _next()),
    )
    try:
        mail.send(user.email, subject, text)
    except mail.MailRefused as refusal:
        current_app.logger.error("sign-in mail not sent: %s", refusal)


def _used_link() -> Page:
    text = _("It has been used, or it is older than one hour. Ask for a new one.")
    return message(_("This link no longer works"), text, status=410)
