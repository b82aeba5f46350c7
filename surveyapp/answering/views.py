"""The questionnaire: one key factor a page, a last look, sent once."""

from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import contains_eager

from surveyapp.access import public
from surveyapp.answering import actions
from surveyapp.answering.forms import Sheet, begun, icon_shares, read, sheet, steps, voice
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import offer, page_language
from surveyapp.layout import Page, message
from surveyapp.models import Batch, Invitation, Round, StakeholderGroup
from surveyapp.models.assessment import WHILE_OPEN
from surveyapp.models.content import content

bp = Blueprint("answering", __name__, url_prefix="/answer")

# The invitation of a session with all that its pages need, in one query, built once
HELD = (
    select(Invitation)
    .join(Invitation.batch)
    .join(Batch.group)
    .join(StakeholderGroup.round)
    .options(
        contains_eager(Invitation.batch).contains_eager(Batch.group).contains_eager(StakeholderGroup.round)
    )
    .where(Invitation.id == bindparam("id"), Invitation.version == bindparam("version"))
)
# For a request that writes: closing the round waits for it, or is waited for and then seen (models/assessment.py)
HELD_OPEN = HELD.with_for_update(of=Round, **WHILE_OPEN)


@bp.get("")
@public
def resume() -> Page:
    """To the last page with an answer, or to the first of all."""
    invitation = _invitation()
    frozen, group = content(invitation.batch.group.round), invitation.batch.group
    done = begun(frozen, group.key, group.short, actions.kept_answers(invitation))
    first = steps(frozen, group.key, group.short)[0]
    return redirect(url_for("answering.factor", key=done[-1] if done else first))


@bp.get("/<key>")
@public
def factor(key: str) -> Page:
    invitation = _invitation()
    page = _sheet(invitation, key)
    return _render(invitation, page, actions.kept_texts(invitation))


@bp.post("/<key>")
@public
def save_factor(key: str) -> Page:
    start_writing()
    invitation = _invitation(HELD_OPEN)
    page = _sheet(invitation, key)
    sent = read(page, request.form)
    if sent.unknown:
        text = _(
            "This page was sent something it does not ask: %(what)s. Nothing was changed.",
            what=sent.unknown[0],
        )
        return message(_("Something is not right"), text, status=400, city=invitation.batch.group.round.city)
    if not actions.lock(invitation):
        return redirect(url_for("answering.thanks"), 303)
    actions.save_answers(invitation, sent.choices, sent.texts)
    db.session.commit()
    if sent.too_long:
        return _render(invitation, page, actions.kept_texts(invitation), sent.too_long), 422
    return redirect(_next(invitation, key), 303)


@bp.get("/review")
@public
def review() -> Page:
    invitation = _invitation()
    frozen, group = content(invitation.batch.group.round), invitation.batch.group
    pages = [sheet(frozen, key, group.key, group.short) for key in steps(frozen, group.key, group.short)]
    return render_template(
        "answering/review.html",
        **_about(invitation),
        pages=pages,
        kept=actions.kept_answers(invitation),
        texts=actions.kept_texts(invitation),
    )


@bp.post("/send")
@public
def send() -> Page:
    start_writing()
    invitation = _invitation(HELD_OPEN)
    if actions.send(invitation, page_language()):
        db.session.commit()
    return redirect(url_for("answering.thanks"), 303)


@bp.get("/thanks")
@public
def thanks() -> Page:
    invitation = _find_invitation()
    if invitation is None or invitation.status != "answered":
        return redirect(url_for("answering.resume"))
    return render_template("answering/thanks.html", **_about(invitation))


@bp.post("/next-person")
@public
def next_person() -> Page:
    """Leaves nothing of this person in the browser but the language."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    return redirect(url_for("invitations.join"), 303)


def _invitation(held: Select[Invitation] = HELD) -> Invitation:
    """The invitation of this session, open to answer; anything else is told kindly and ends the request."""
    invitation = _find_invitation(held)
    if invitation is None or invitation.status in ("revoked", "invited"):
        # "invited" once more: the round closed, which took the draft, and was opened again
        text = _(
            "We cannot tell which invitation is yours. "
            "Open your link or type your code again: what you saved is kept."
        )
        abort(make_response(message(_("Please open your link again"), text, status=403)))
    round_ = invitation.batch.group.round
    if invitation.status == "answered":
        abort(redirect(url_for("answering.thanks"), 303))
    if round_.state != ("draft" if invitation.batch.channel == "trial" else "open"):
        text = _("The questions can no longer be answered. Thank you for wanting to help.")
        abort(make_response(message(_("This survey is closed"), text, status=410, city=round_.city)))
    return invitation


def _find_invitation(held: Select[Invitation] = HELD) -> Invitation | None:
    key = {"id": session.get("invitation"), "version": session.get("version")}
    invitation = db.session.scalar(held, key)
    if invitation is not None:
        offer(invitation.batch.group.round.languages, invitation.language or invitation.batch.language)
    return invitation


def _sheet(invitation: Invitation, key: str) -> Sheet:
    group = invitation.batch.group
    try:
        return sheet(content(group.round), key, group.key, group.short)
    except KeyError:
        abort(404)


def _next(invitation: Invitation, key: str) -> str:
    """Where the pressed button leads: another language on the same page, back, a page of the trail, or on."""
    group = invitation.batch.group
    order = (*steps(content(group.round), group.key, group.short), "review")
    go = request.form.get("go", "next")
    if "language" in request.form:
        target = key
    elif go in order:
        target = go
    else:
        target = order[max(order.index(key) - 1, 0)] if go == "back" else order[order.index(key) + 1]
    return url_for("answering.review") if target == "review" else url_for("answering.factor", key=target)


def _about(invitation: Invitation) -> dict[str, Any]:
    """What every page of the questionnaire shows around its questions."""
    group = invitation.batch.group
    frozen, language = content(group.round), page_language()
    words = frozen.wording.get(language) or frozen.wording[frozen.benchmark.source_language]
    return {
        "invitation": invitation,
        "trial": invitation.batch.channel == "trial",
        "group": group,
        "round": group.round,
        "city": group.round.city,
        "order": steps(frozen, group.key, group.short),
        "shares": icon_shares(frozen.benchmark.scale.size),
        "stem_key": f"scale.{voice(frozen, group.key)}.stem",
        "words": words,
    }


def _render(
    invitation: Invitation,
    page: Sheet,
    texts: dict[str, str],
    too_long: dict[str, tuple[str, int]] | None = None,
) -> str:
    about = _about(invitation)
    kept = actions.kept_answers(invitation)
    group = invitation.batch.group
    return render_template(
        "answering/factor.html",
        **about,
        page=page,
        kept=kept,
        begun=begun(content(group.round), group.key, group.short, kept),
        texts=texts,
        too_long=too_long or {},
    )
