"""The account page's own work: password, authenticator app, recovery codes, and signing out everywhere."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_security import current_user

from surveyapp.access import signed_in
from surveyapp.accounts import codes, guessing, passwords
from surveyapp.accounts.forms import Code, NewPassword, Removal
from surveyapp.accounts.notices import tell_of_change
from surveyapp.accounts.sessions import end_elsewhere, fresh, me
from surveyapp.extensions import db, start_writing
from surveyapp.layout import Page
from surveyapp.models import User

bp = Blueprint("factors", __name__, url_prefix="/account")


@bp.get("/password")
@signed_in
@fresh
def password() -> Page:
    return render_template("accounts/password.html", form=NewPassword())


@bp.post("/password")
@signed_in
@fresh
def set_password() -> Page:
    start_writing()
    user = me()
    form = NewPassword()
    form.address = user.email
    if not form.validate():
        return render_template("accounts/password.html", form=form), 422
    passwords.set_password(user, form.password.data)
    return _changed(user, _("Your password was set."), form.elsewhere.data)


@bp.get("/password/remove")
@signed_in
@fresh
def ask_to_remove_password() -> Page:
    if not current_user.password:
        abort(404)
    return _removal_page(
        _("Remove your password?"), _("You then sign in with a link by mail, or with a passkey.")
    )


@bp.post("/password/remove")
@signed_in
@fresh
def remove_password() -> Page:
    start_writing()
    user = me()
    user.password = None
    return _changed(user, _("Your password was removed."), Removal().elsewhere.data)


@bp.get("/app")
@signed_in
@fresh
def authenticator() -> Page:
    """A key for the app, kept in the session until a code shows that the app has it."""
    if current_user.tf_totp_secret:
        return redirect(url_for("accounts.profile"))
    session.setdefault("new_authenticator", codes.new_key())
    return _authenticator_page(Code())


@bp.get("/app.svg")
@signed_in
@fresh
def authenticator_picture() -> Response:
    key = session.get("new_authenticator") or abort(404)
    return Response(codes.picture(key, current_user.email), mimetype="image/svg+xml")


@bp.post("/app")
@signed_in
@fresh
def set_up_authenticator() -> Page:
    """Shows the recovery codes, this once."""
    key = session.get("new_authenticator")
    start_writing()
    user = me()
    if key is None or user.tf_totp_secret:
        return redirect(url_for("accounts.profile"), 303)
    form = Code()
    may_try = guessing.may_try("code", str(user.id))
    if not form.validate() or not may_try or not codes.set_up(user, key, form.code.data):
        db.session.commit()
        form.code.errors = [
            _("This is not the code the app shows for this key. Type the six digits it shows now.")
        ]
        return _authenticator_page(form), 422
    guessing.was_right("code", str(user.id))
    return _show_recovery_codes(
        user, _("A code from your authenticator app is now asked for after the first step.")
    )


@bp.get("/app/remove")
@signed_in
@fresh
def ask_to_remove_authenticator() -> Page:
    if not current_user.tf_totp_secret:
        abort(404)
    text = _("Signing in then takes one step again, and your recovery codes no longer work.")
    return _removal_page(_("Stop asking for codes?"), text)


@bp.post("/app/remove")
@signed_in
@fresh
def remove_authenticator() -> Page:
    start_writing()
    user = me()
    codes.forget_codes(user)
    return _changed(user, _("Codes from an app are no longer asked for."), Removal().elsewhere.data)


@bp.post("/recovery-codes")
@signed_in
@fresh
def renew_recovery_codes() -> Page:
    start_writing()
    user = me()
    if not user.tf_totp_secret:
        abort(404)
    return _show_recovery_codes(user, _("You have new recovery codes. The old ones no longer work."))


@bp.post("/sign-out-everywhere")
@signed_in
def sign_out_everywhere() -> Page:
    """All but this browser; needs no new sign-in, because it only takes away."""
    start_writing()
    end_elsewhere(me())
    db.session.commit()
    flash(_("You are signed out everywhere but here."))
    return redirect(url_for("accounts.profile"), 303)


def _changed(user: User, change: str, elsewhere: bool) -> Page:
    if elsewhere:
        end_elsewhere(user)
    db.session.commit()
    tell_of_change(user.email, change)
    flash(change)
    return redirect(url_for("accounts.profile"), 303)


def _show_recovery_codes(user: User, change: str) -> Page:
    shown = codes.new_recovery_codes(user)
    session.pop("new_authenticator", None)
    db.session.commit()
    tell_of_change(user.email, change)
    return render_template("accounts/recovery_codes.html", codes=shown, change=change)


def _authenticator_page(form: Code) -> str:
    return render_template(
        "accounts/authenticator.html", form=form, key=codes.readable(session["new_authenticator"])
    )


def _removal_page(title: str, text: str) -> str:
    return render_template("accounts/removal.html", title=title, text=text, form=Removal())
