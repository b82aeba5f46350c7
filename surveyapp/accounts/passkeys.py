"""Passkeys of one's own: adding one, and removing it."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy import select

from surveyapp.access import signed_in
from surveyapp.accounts import challenges, keys
from surveyapp.accounts.forms import Passkey, Removal
from surveyapp.accounts.notices import tell_of_change
from surveyapp.accounts.sessions import end_elsewhere, fresh, me
from surveyapp.extensions import db, start_writing
from surveyapp.layout import Page
from surveyapp.models import User, WebAuthn

bp = Blueprint("passkeys", __name__, url_prefix="/account/passkeys")


@bp.get("/new")
@signed_in
@fresh
def new() -> Page:
    start_writing()
    user = me()
    keys.give_handle(user)
    db.session.commit()
    return _new_page(user, Passkey())


@bp.post("/new")
@signed_in
@fresh
def add() -> Page:
    start_writing()
    user = me()
    keys.give_handle(user)
    form = Passkey()
    challenge = challenges.asked("add")
    if not form.validate():
        db.session.commit()
        return _new_page(user, form), 422
    try:
        keys.add_passkey(user, form.name.data, form.credential.data or "", challenge)
    except keys.NoPasskey as refusal:
        db.session.commit()
        current_app.logger.info("passkey refused: %s", refusal)
        return _new_page(user, form, refused=True), 422
    db.session.commit()
    change = _("The passkey “%(name)s” was added.", name=form.name.data)
    tell_of_change(user.email, change)
    flash(change)
    return redirect(url_for("accounts.profile"), 303)


@bp.get("/<int:passkey_id>/remove")
@signed_in
@fresh
def ask_to_remove(passkey_id: int) -> Page:
    title = _("Remove the passkey “%(name)s”?", name=_mine(current_user, passkey_id).name)
    text = _("It no longer signs you in here. Delete it on the telephone or computer that keeps it, too.")
    return render_template("accounts/removal.html", title=title, text=text, form=Removal())


@bp.post("/<int:passkey_id>/remove")
@signed_in
@fresh
def remove(passkey_id: int) -> Page:
    start_writing()
    user = me()
    passkey = _mine(user, passkey_id)
    db.session.delete(passkey)
    if Removal().elsewhere.data:
        end_elsewhere(user)
    db.session.commit()
    change = _("The passkey “%(name)s” was removed.", name=passkey.name)
    tell_of_change(user.email, change)
    flash(change)
    return redirect(url_for("accounts.profile"), 303)


def _mine(user: User, passkey_id: int) -> WebAuthn:
    found = select(WebAuthn).where(WebAuthn.id == passkey_id, WebAuthn.user_id == user.id)
    return db.session.scalar(found) or abort(404)


def _new_page(user: User, form: Passkey, refused: bool = False) -> str:
    question = keys.question_to_add(user, challenges.ask("add"))
    return render_template("accounts/passkey.html", form=form, question=question, refused=refused)
