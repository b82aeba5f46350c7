"""From what a person holds (a link, a code, a group's code) to the start page, and from there to the questions."""

import hashlib
import secrets

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from surveyapp.access import public
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import offer
from surveyapp.invitations.actions import find_by_token, find_group_link, join_group, open_draft
from surveyapp.invitations.limits import count_wrong_code, too_many_wrong_codes
from surveyapp.invitations.tokens import shown, typed
from surveyapp.layout import Page, message
from surveyapp.models import Batch, Invitation
from surveyapp.models.content import content

bp = Blueprint("invitations", __name__)


@bp.get("/i/<token>")
@public
def personal(token: str) -> Page:
    invitation = find_by_token(token)
    if invitation is None or invitation.batch.channel != "personal":
        return _unknown_link()
    return _refusal(invitation.batch, invitation) or _start_page(invitation.batch)


@bp.post("/i/<token>")
@public
def begin_personal(token: str) -> Page:
    start_writing()
    invitation = find_by_token(token)
    if invitation is None or invitation.batch.channel != "personal":
        return _unknown_link()
    return _refusal(invitation.batch, invitation) or _begin(invitation)


@bp.get("/join")
@public
def join() -> Page:
    return render_template("invitations/join.html", shown=shown)


@bp.post("/join")
@public
def join_with_code() -> Page:
    start_writing()
    code = typed(request.form.get("code", ""))
    if too_many_wrong_codes():
        return _too_many()
    if find_by_token(code) or find_group_link(code):
        return redirect(url_for("invitations.code", code=code))
    count_wrong_code()
    db.session.commit()
    return render_template("invitations/join.html", wrong=request.form.get("code", "")[:20], shown=shown), 422


@bp.get("/join/<code>")
@public
def code(code: str) -> Page:
    batch, invitation = _holder(code)
    if batch is None:
        return redirect(url_for("invitations.join"))
    return _refusal(batch, invitation) or _start_page(batch)


@bp.post("/join/<code>")
@public
def begin_with_code(code: str) -> Page:
    start_writing()
    if too_many_wrong_codes():
        return _too_many()
    batch, invitation = _holder(code)
    if batch is None:
        count_wrong_code()
        db.session.commit()
        return redirect(url_for("invitations.join"))
    refusal = _refusal(batch, invitation)
    if refusal:
        return refusal
    return _begin(invitation or _already_joined(batch) or join_group(batch))


def _holder(code: str) -> tuple[Batch | None, Invitation | None]:
    """The batch a code belongs to, and its invitation where it is a one-time code."""
    invitation = find_by_token(typed(code))
    if invitation is not None and invitation.batch.channel == "codes":
        return invitation.batch, invitation
    return find_group_link(typed(code)), None


def _already_joined(batch: Batch) -> Invitation | None:
    """Starting a group link again in the same browser resumes instead of adding a person."""
    invitation = db.session.get(Invitation, session.get("invitation", 0))
    same = invitation is not None and invitation.batch_id == batch.id and invitation.status == "started"
    return invitation if same else None


def _begin(invitation: Invitation) -> Page:
    browser = session.setdefault("browser", secrets.token_hex(16))
    if not open_draft(invitation, hashlib.sha256(browser.encode()).hexdigest()):
        db.session.rollback()
        title = _("This code is already in use")
        return message(title, _("Somebody started with it on another phone or computer."), status=409)
    session["invitation"] = invitation.id
    session["version"] = invitation.version
    db.session.commit()
    return redirect(url_for("answering.resume"), 303)


def _start_page(batch: Batch) -> Page:
    round_ = batch.group.round
    asked = content(round_).questionnaire(batch.group.key, batch.group.short)
    parts = content(round_).benchmark.order(batch.group.key, batch.group.short)
    minutes = max(3, round(len(asked) / 6))  # about ten seconds a question
    return render_template(
        "invitations/start.html",
        batch=batch,
        round=round_,
        city=round_.city,
        minutes=minutes,
        parts=len(parts),
    )


def _refusal(batch: Batch, invitation: Invitation | None) -> Page | None:
    """Why this invitation cannot be answered, kindly; None when it can."""
    round_ = batch.group.round
    offer(round_.languages, (invitation.language if invitation else None) or batch.language)
    city = round_.city
    if invitation is not None and invitation.status == "revoked":
        text = _("The people who sent it have taken it back. Ask them if you think this is a mistake.")
        return message(_("This invitation no longer works"), text, status=410, city=city)
    if invitation is not None and invitation.status == "answered":
        text = _("Your answers have arrived. Each invitation counts once.")
        return message(_("Thank you. You have already answered."), text, city=city)
    if round_.state == "closed":
        text = _("The questions can no longer be answered. Thank you for wanting to help.")
        return message(_("This survey is closed"), text, status=410, city=city)
    if round_.state != "open":
        text = _("Keep your link or code and come back later.")
        return message(_("This survey has not started yet"), text, status=404, city=city)
    return None


def _unknown_link() -> Page:
    text = _(
        "Perhaps a part of it is missing. Open the link in the message again, or ask the people who sent it."
    )
    return message(_("We do not know this link"), text, status=404)


def _too_many() -> Page:
    text = _("Too many wrong codes were typed here. Wait an hour, or ask the person who gave you the code.")
    return message(_("Please wait a little"), text, status=429)
