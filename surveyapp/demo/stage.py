"""The stage of `make demo`: every door of the service on one page, as often as one likes."""

from pathlib import Path

from flask import Blueprint, abort, current_app, redirect, render_template, request, send_file, url_for
from sqlalchemy import select

from surveyapp.access import public
from surveyapp.accounts.links import sign_in_link
from surveyapp.database import db, start_writing
from surveyapp.demo.sample import CLOSED, LEAD, OPEN
from surveyapp.issuing import issue_links
from surveyapp.layout import Page
from surveyapp.models import Batch, Invitation, Round, StakeholderGroup, User
from surveyapp.models.content import content
from surveyapp.tokens import in_fours, short_code

bp = Blueprint("stage", __name__)

REPORTS = ("en", "ar")


@bp.get("/")
@public
def stage() -> Page:
    round_ = _open_round()
    ready = [language for language in REPORTS if report_path(language).exists()]
    return render_template(
        "demo/stage.html",
        groups=[(group.key, content(round_)) for group in round_.groups],
        languages=round_.languages,
        code=in_fours(group_code()),
        closed=CLOSED,
        running=OPEN,
        reports=REPORTS,
        ready=ready,
        city=round_.city,
    )


@bp.get("/stage/lead")
@public
def lead() -> Page:
    """A fresh sign-in link each time, as the mail would bring it."""
    user = db.session.scalar(select(User).where(User.email == LEAD)) or abort(404)
    target = request.args.get("next", "")
    return redirect(sign_in_link(user) + (f"?next={target}" if target else ""))


@bp.post("/stage/answer")
@public
def answer() -> Page:
    """A fresh personal invitation each time."""
    start_writing()
    path = fresh_link(request.form.get("group", ""))
    db.session.commit()
    return redirect(f"{path}?language={request.form.get('language', 'en')}", 303)


@bp.get("/stage/report-<language>.pdf")
@public
def report(language: str) -> Page:
    if language not in REPORTS or not report_path(language).exists():
        abort(404)
    return send_file(report_path(language))


def fresh_link(group_key: str, language: str | None = None) -> str:
    """Path of a new personal link into the open round."""
    group = next((group for group in _open_round().groups if group.key == group_key), None) or abort(404)
    batch = db.session.scalar(select(Batch).where(Batch.group_id == group.id, Batch.channel == "personal"))
    [(_, token)] = issue_links(batch or Batch(group=group, channel="personal"), 1, language)
    return url_for("invitations.personal", token=token)


def group_code() -> str:
    """The code of the learners' group link, derived again as a sheet would."""
    batch = db.session.scalar(
        select(Batch)
        .join(StakeholderGroup)
        .join(Round)
        .where(Round.key == OPEN, Batch.channel == "group_link")
    )
    assert batch is not None
    return short_code("group", batch.id, batch.version)


def unused_code() -> str:
    """A one-time code that nobody has used."""
    invitation = db.session.scalar(
        select(Invitation)
        .join(Batch)
        .join(StakeholderGroup)
        .join(Round)
        .where(Round.key == OPEN, Batch.channel == "codes", Invitation.status == "invited")
        .order_by(Invitation.id)
    )
    assert invitation is not None
    return short_code("code", invitation.id, invitation.version)


def report_path(language: str) -> Path:
    return Path(current_app.instance_path) / "demo" / f"report-{language}.pdf"


def _open_round() -> Round:
    return db.session.scalar(select(Round).where(Round.key == OPEN)) or abort(404)
