"""From what a person holds (a link, a code, a group's code) to the start page, and from there to the questions."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from surveyapp.access import public
from surveyapp.benchmark.sheets import minutes, steps
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import page_language
from surveyapp.invitations.actions import hold_round, is_full, join_group, joined_before, open_draft
from surveyapp.invitations.refusals import full, refusal
from surveyapp.issuing import find_by_token, find_group_link
from surveyapp.layout import CityName, Page, message
from surveyapp.layout.drawing import Drawn, Look, fill
from surveyapp.limits import count_wrong_code, too_many_wrong_codes
from surveyapp.models import Batch, Invitation
from surveyapp.models.content import content
from surveyapp.tokens import typed

bp = Blueprint("invitations", __name__)


@bp.get("/i/<token>")
@public
def personal(token: str) -> Page:
    invitation = find_by_token(token)
    if invitation is None or invitation.batch.channel != "personal":
        return _unknown_link()
    return refusal(invitation.batch, invitation) or _start_page(invitation.batch)


@bp.post("/i/<token>")
@public
def begin_personal(token: str) -> Page:
    start_writing()
    invitation = find_by_token(token)
    if invitation is None or invitation.batch.channel != "personal":
        return _unknown_link()
    hold_round(invitation.batch)
    return refusal(invitation.batch, invitation) or _begin(invitation.batch, invitation)


@bp.get("/join")
@public
def join() -> Page:
    return render_template("invitations/join.html")


@bp.post("/join")
@public
def join_with_code() -> Page:
    start_writing()
    code = typed(request.form.get("code", ""))
    if too_many_wrong_codes(code):
        return _too_many()
    if find_by_token(code) or find_group_link(code):
        return redirect(url_for("invitations.code", code=code))
    count_wrong_code(code)
    db.session.commit()
    return render_template("invitations/join.html", wrong=request.form.get("code", "")[:20]), 422


@bp.get("/join/<code>")
@public
def code(code: str) -> Page:
    """A wrong code counts as one that was typed: who guesses need not use the form."""
    if too_many_wrong_codes(typed(code)):
        return _too_many()
    batch, invitation = _holder(code)
    if batch is None:
        return _wrong_code(typed(code))
    refused = refusal(batch, invitation)
    if refused is None and invitation is None and is_full(batch):
        return full(batch)
    return refused or _start_page(batch)


@bp.post("/join/<code>")
@public
def begin_with_code(code: str) -> Page:
    start_writing()
    if too_many_wrong_codes(typed(code)):
        return _too_many()
    batch, invitation = _holder(code)
    if batch is None:
        return _wrong_code(typed(code))
    hold_round(batch)
    return refusal(batch, invitation) or _begin(batch, invitation)


def _holder(code: str) -> tuple[Batch | None, Invitation | None]:
    """The batch a code belongs to, and the invitation: of a one-time code its own, of a group link the one that
    this browser has begun. Starting a group link again in the same browser resumes instead of adding a person."""
    invitation = find_by_token(typed(code))
    if invitation is not None and invitation.batch.channel == "codes":
        return invitation.batch, invitation
    batch = find_group_link(typed(code))
    return batch, _already_joined(batch) if batch else None


def _already_joined(batch: Batch) -> Invitation | None:
    if "invitation" not in session:
        return None
    invitation = db.session.get(Invitation, session["invitation"])
    same = invitation is not None and invitation.batch_id == batch.id and invitation.status == "started"
    return invitation if same else None


def _begin(batch: Batch, invitation: Invitation | None) -> Page:
    """Opens the draft, on a group link with a new invitation, and goes to the questions: to the first of them, or to
    where somebody was before."""
    browser = hashlib.sha256(_browser().encode()).hexdigest()
    if invitation is None and request.form.get("device"):
        invitation = joined_before(batch, browser)
    fresh = invitation is None or invitation.status == "invited"
    if invitation is None:
        invitation = join_group(batch, browser)
        if invitation is None:
            return full(batch)
    elif not open_draft(invitation, browser):
        db.session.rollback()
        title = _("This code is already in use")
        return message(title, _("Somebody started with it on another phone or computer."), status=409)
    session["invitation"] = invitation.id
    session["version"] = invitation.version
    session.permanent = not session.get(
        "shared"
    )  # whoever closes the browser can go on; a shared one forgets
    db.session.commit()
    if fresh:
        group = batch.group
        first = steps(content(group.round), group.key, group.short)[0]
        return redirect(url_for("answering.factor", key=first), 303)
    return redirect(url_for("answering.resume"), 303)


def _browser() -> str:
    """The secret of this browser, to which drafts of codes and group links belong. One that has lost its cookie
    may still hold the secret of a draft that is not sent yet (answer.js): then it goes on with that."""
    kept = request.form.get("device", "")
    if "browser" not in session:
        session["browser"] = kept if re.fullmatch("[0-9a-f]{32}", kept) else secrets.token_hex(16)
    return str(session["browser"])


@dataclass(frozen=True)
class Start:
    """What the first page says, the same for all who come by the same way."""

    city: CityName
    languages: tuple[str, ...]
    confidential: bool
    organisations: bool
    threshold: int
    answers_export: bool
    minutes: int
    parts: int
    notice: str
    contact: str


def _start_page(batch: Batch) -> Page:
    round_, group = batch.group.round, batch.group
    frozen = content(round_)
    start = Start(
        city=CityName(round_.city.name, round_.city.invented),
        languages=tuple(round_.languages),
        confidential=batch.promise == "confidential",
        organisations=group.kind == "organisations",
        threshold=round_.threshold,
        answers_export=round_.answers_export,
        minutes=minutes(frozen, group.key, group.short),
        parts=len(frozen.benchmark.order(group.key, group.short)),
        notice=_worded(round_.texts.get("privacy", {})),
        contact=_worded(round_.texts.get("contact", {})),
    )
    return fill(_drawn(Look.here(start)), {})


@lru_cache(maxsize=512)
def _drawn(look: Look[Start]) -> Drawn:
    return look.draw("invitations/start.html", start=look.shown, city=look.shown.city)


def _worded(texts: Mapping[str, str]) -> str:
    """A city's text in the page's language, else in one it has."""
    return texts.get(page_language()) or next(iter(texts.values()), "")


def _unknown_link() -> Page:
    text = _(
        "Perhaps a part of it is missing. Open the link in the message again, or ask the people who sent it."
    )
    lost = _("Lost your link?"), url_for("mailing.lost_link")
    return message(_("We do not know this link"), text, status=404, further=lost)


def _wrong_code(code: str) -> Page:
    start_writing()
    count_wrong_code(code)
    db.session.commit()
    return redirect(url_for("invitations.join"))


def _too_many() -> Page:
    text = _("Too many wrong codes were typed here. Wait an hour, or ask the person who gave you the code.")
    return message(_("Please wait a little"), text, status=429)
