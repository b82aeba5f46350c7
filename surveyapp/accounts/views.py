"""Staff sign in: by a link that comes by mail, by a password, or by a passkey; and where asked, a code comes second."""

import re

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from surveyapp.access import public, signed_in
from surveyapp.accounts import challenges, codes, guessing, keys, passwords, sessions
from surveyapp.accounts.forms import Code, PasswordSignIn
from surveyapp.accounts.jobs import send_sign_in_link
from surveyapp.accounts.links import membership_of, user_of
from surveyapp.accounts.roles import ROLE_NAMES, ROLE_SENTENCES
from surveyapp.extensions import db, queue, start_writing
from surveyapp.i18n import page_language
from surveyapp.layout import Page, message
from surveyapp.models import City, Membership, User
from surveyapp.models.audit import record

bp = Blueprint("accounts", __name__)
bp.before_app_request(sessions.end_old)

# A path of this site. Browsers read // and /\ as another host, and pass over tabs within.
LOCAL = re.compile(r"/(?!/)[!-\[\]-~]*")


@bp.get("/sign-in")
@public
def sign_in() -> Page:
    """`again` where somebody is signed in and must show once more who they are."""
    if current_user.is_authenticated and "again" not in request.args:
        return redirect(url_for("comparison.rounds"))
    return _sign_in_page()


@bp.post("/sign-in")
@public
def ask_for_link() -> Page:
    """The same answer, in the same time, whether or not the address is known: the worker does the rest."""
    address = request.form.get("email", "").strip()[:254]
    if "@" not in address or not address.isprintable():
        return _sign_in_page(wrong=address), 422
    start_writing()
    may_send = guessing.may_send_link(address)
    db.session.commit()
    user = _user_with(address)
    wanted = user.id if user is not None and may_send else None
    queue.nudge(send_sign_in_link, wanted, _next(), page_language())
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
    answer = sessions.go_on(user, "link", _next())
    db.session.commit()
    return answer


@bp.get("/sign-in/invited/<token>")
@public
def open_invitation(token: str) -> Page:
    """The first page a new colleague sees."""
    membership = membership_of(token)
    if membership is None:
        return _used_invitation()
    role = membership.role
    return render_template(
        "accounts/confirm.html",
        city=membership.city,
        role=ROLE_NAMES[role],
        sentence=ROLE_SENTENCES[role],
    )


@bp.post("/sign-in/invited/<token>")
@public
def use_invitation(token: str) -> Page:
    start_writing()
    membership = membership_of(token, lock=True)
    if membership is None:
        return _used_invitation()
    record(membership.city, membership.user.email, "people.joined")
    answer = sessions.go_on(membership.user, "link", "")
    db.session.commit()
    return answer


@bp.get("/sign-in/password")
@public
def type_password() -> Page:
    return _password_page(PasswordSignIn())


@bp.post("/sign-in/password")
@public
def use_password() -> Page:
    """A wrong address, a wrong password and an account without one are told the same."""
    form = PasswordSignIn()
    if not form.validate():
        return _password_page(form), 422
    start_writing()
    may_try = guessing.may_try("password", form.email.data)
    db.session.commit()
    if not may_try:
        return _too_many()
    user = _user_with(form.email.data)
    if not passwords.right_password(user, form.password.data) or user is None:
        form.password.errors = [_("This address and this password do not belong together.")]
        return _password_page(form), 422
    number = user.id
    start_writing()
    guessing.was_right("password", form.email.data)
    user = db.session.get(User, number, with_for_update=True, populate_existing=True)
    assert user is not None
    answer = sessions.go_on(user, "password", _next())
    db.session.commit()
    return answer


@bp.post("/sign-in/passkey")
@public
def use_passkey() -> Page:
    start_writing()
    challenge = challenges.asked("use")
    try:
        user = keys.owner_of(request.form.get("credential", ""), challenge)
    except keys.NoPasskey as refusal:
        db.session.commit()
        current_app.logger.info("passkey refused: %s", refusal)
        return _sign_in_page(refused=True), 422
    answer = sessions.go_on(user, "passkey", _next())
    db.session.commit()
    return answer


@bp.get("/sign-in/code")
@public
def ask_for_code() -> Page:
    if sessions.awaited() is None:
        return redirect(url_for(".sign_in"))
    return render_template("accounts/code.html", form=Code())


@bp.post("/sign-in/code")
@public
def use_code() -> Page:
    """A code of the app, or one of the recovery codes."""
    start_writing()
    waiting = sessions.awaited(lock=True)
    if waiting is None:
        return redirect(url_for(".sign_in"), 303)
    user, target = waiting
    form = Code()
    if not form.validate():
        return render_template("accounts/code.html", form=form), 422
    may_try = guessing.may_try("code", str(user.id))
    right = may_try and (
        codes.right_code(user, form.code.data) or codes.use_recovery_code(user, form.code.data)
    )
    if right:
        guessing.was_right("code", str(user.id))
        sessions.begin(user, "code")
    db.session.commit()
    if not may_try:
        return _too_many()
    if not right:
        form.code.errors = [
            _("This code is not right. Wait for the next one, and type it while the app shows it.")
        ]
        return render_template("accounts/code.html", form=form), 422
    return redirect(target or url_for("comparison.rounds"), 303)


@bp.post("/sign-out")
@signed_in
def sign_out() -> Page:
    sessions.end()
    return redirect(url_for("site.home"), 303)


@bp.get("/people")
@signed_in
def people() -> Page:
    """The cities this person works for, and as what."""
    held = (
        select(Membership)
        .join(City)
        .options(joinedload(Membership.city))
        .where(Membership.user_id == current_user.id)
        .order_by(City.name)
    )
    return render_template(
        "accounts/people.html",
        memberships=db.session.scalars(held).all(),
        names=ROLE_NAMES,
        sentences=ROLE_SENTENCES,
    )


@bp.get("/account")
@signed_in
def profile() -> Page:
    return render_template(
        "accounts/profile.html",
        passkeys=keys.passkeys_of(current_user),
        recovery_codes_left=len(current_user.mf_recovery_codes or []),
    )


def _sign_in_page(**context: object) -> str:
    question = keys.question_to_sign_in(challenges.ask("use"))
    return render_template(
        "accounts/sign_in.html",
        question=question,
        again="again" in request.args and current_user.is_authenticated,
        carried=_carried(),
        **context,
    )


def _password_page(form: PasswordSignIn) -> str:
    return render_template("accounts/password_sign_in.html", form=form, carried=_carried())


def _carried() -> dict[str, str]:
    """What of the address goes along when somebody chooses another way to sign in."""
    return {"next": _next()} if _next() else {}


def _next() -> str:
    """Where somebody wanted to go before signing in; empty where that is not a path of this site."""
    target = request.args.get("next", "")
    return target if LOCAL.fullmatch(target) else ""


def _user_with(address: str) -> User | None:
    return db.session.scalar(select(User).where(func.lower(User.email) == address.lower(), User.active))


def _used_link() -> Page:
    text = _("It has been used, or it is older than one hour. Ask for a new one.")
    return message(_("This link no longer works"), text, status=410)


def _used_invitation() -> Page:
    text = _(
        "It has been used, or it is older than seven days. On the page “Sign in” you get a new link by mail."
    )
    return message(_("This link no longer works"), text, status=410)


def _too_many() -> Page:
    text = _("Too many wrong ones were typed. Wait an hour, or sign in with a link by mail.")
    return message(_("Please wait a little"), text, status=429)
