"""A round's states: checked, opened, changed while it runs, closed, opened again, reported, archived."""

from collections.abc import Callable

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import current_user
from sqlalchemy import func, select
from wtforms import ValidationError
from wtforms.validators import InputRequired

from surveyapp.access import lead_of_round
from surveyapp.assessments import changing, offering
from surveyapp.assessments.actions import CannotMove, close_round, open_round, sweep_remains
from surveyapp.assessments.jobs import still_missing
from surveyapp.assessments.readiness import Finding, findings
from surveyapp.benchmark import PackFaults
from surveyapp.charts.words import Words
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import page_language
from surveyapp.layout import Page
from surveyapp.layout.forms import Day, Form
from surveyapp.models import Batch, Draft, Invitation, Round, StakeholderGroup
from surveyapp.models.audit import record
from surveyapp.models.drafting import planned_content
from surveyapp.models.translation import draft_for, drafts

bp = Blueprint("running", __name__, url_prefix="/rounds/<round_key>")


class DayForm(Form):
    # InputRequired lets the field say itself what is wrong with a day that is none
    closes_on = Day(lazy_gettext("Last day"), [InputRequired(lazy_gettext("This is needed."))])

    def validate_closes_on(self, field: Day) -> None:
        if field.data and field.data < changing.today():
            raise ValidationError(_("This day is over. Choose today or a later day."))


@bp.get("/check")
@lead_of_round
def check(round_: Round) -> Page:
    if round_.state != "draft":
        return redirect(url_for(".manage", round_key=round_.key))
    return _page("check", round_, found=_findings(round_))


@bp.post("/open")
@lead_of_round
def open_(round_: Round) -> Page:
    """Lets answers in, where nothing is missing."""
    start_writing()
    if round_.state == "draft" and any(finding.weight == "blocks" for finding in _findings(round_)):
        flash(_("The round cannot open yet. See what is missing."))
        return redirect(url_for(".check", round_key=round_.key), 303)
    if _done(round_, "round.opened", lambda: open_round(round_)):
        flash(_("The round is open. Links and codes work from now on."))
    return redirect(url_for("comparison.round_", round_key=round_.key), 303)


@bp.get("/manage")
@lead_of_round
def manage(round_: Round) -> Page:
    if round_.state == "draft":
        return redirect(url_for(".check", round_key=round_.key))
    return _manage(round_, DayForm(closes_on=round_.closes_on))


@bp.post("/manage/last-day")
@lead_of_round
def move_last_day(round_: Round) -> Page:
    """Another last day while the round is open, and opening it once more after it closed."""
    form = DayForm()
    if not form.validate():
        return _manage(round_, form), 422
    day = form.closes_on.data
    assert day is not None, "the form has seen to it"
    if round_.state == "closed":
        if _done(round_, "round.reopened", lambda: changing.reopen_round(round_, day), str(day)):
            flash(_("The round is open again."))
    elif _done(round_, "round.dates", lambda: changing.change_last_day(round_, day), str(day)):
        flash(_("The last day has been changed."))
    return _back(round_)


@bp.get("/manage/languages/<language>")
@lead_of_round
def offer(round_: Round, language: str) -> Page:
    """What the round says of itself in one more language, before anybody reads it."""
    _check_offerable(round_, language)
    return _page("offer", round_, language=language, form=offering.form_for(round_, language))


@bp.post("/manage/languages/<language>")
@lead_of_round
def add_language(round_: Round, language: str) -> Page:
    _check_offerable(round_, language)
    form = offering.form_for(round_, language)
    if not form.validate():
        return _page("offer", round_, language=language, form=form), 422
    texts, draft = offering.texts_of(round_, form), draft_for(round_.city, language)
    if _done(
        round_,
        "round.languages",
        lambda: changing.add_language(round_, language, texts, draft),
        f"+ {language}",
    ):
        flash(_("People can answer in one more language now."))
    return _back(round_)


@bp.post("/manage/languages/<language>/drop")
@lead_of_round
def drop_language(round_: Round, language: str) -> Page:
    if _done(round_, "round.languages", lambda: changing.drop_language(round_, language), f"- {language}"):
        flash(_("The language is no longer offered."))
    return _back(round_)


@bp.get("/close")
@lead_of_round
def ask_to_close(round_: Round) -> Page:
    """Says once more what closing does."""
    if round_.state != "open":
        return _back(round_)
    drafts = (
        select(func.count())
        .select_from(Draft)
        .join(Invitation, Invitation.id == Draft.invitation_id)
        .join(Batch, Batch.id == Invitation.batch_id)
        .join(StakeholderGroup, StakeholderGroup.id == Batch.group_id)
        .where(StakeholderGroup.round_id == round_.id)
    )
    return _page("close", round_, unsent=db.session.scalar(drafts) or 0, missing=still_missing(round_))


@bp.post("/close")
@lead_of_round
def close(round_: Round) -> Page:
    if _done(round_, "round.closed", lambda: close_round(round_)):
        sweep_remains()
        flash(_("The round is closed. Nobody can answer any more."))
    return _back(round_)


@bp.post("/reported")
@lead_of_round
def mark_reported(round_: Round) -> Page:
    if _done(round_, "round.reported", lambda: changing.mark_reported(round_)):
        flash(_("The round is marked as reported."))
    return _back(round_)


@bp.post("/archive")
@lead_of_round
def archive(round_: Round) -> Page:
    if _done(round_, "round.archived", lambda: changing.archive_round(round_)):
        flash(_("The round is in the archive."))
    return _back(round_)


def _done(round_: Round, action: str, move: Callable[[], None], about: str = "") -> bool:
    """Makes a move and logs it; says kindly where the round is no longer in the state the page was made for."""
    start_writing()
    try:
        move()
    except (CannotMove, PackFaults) as refused:
        db.session.rollback()
        current_app.logger.info("%s", refused)
        flash(_("That is not possible in this state of the round."))
        return False
    record(round_, current_user.email, action, about)
    db.session.commit()
    return True


def _back(round_: Round) -> Page:
    return redirect(url_for(".manage", round_key=round_.key), 303)


def _check_offerable(round_: Round, language: str) -> None:
    if language not in offering.offerable(round_):
        abort(404)


def _findings(round_: Round) -> list[Finding]:
    try:
        words = Words(planned_content(round_), page_language())
    except (KeyError, PackFaults) as fault:
        return [Finding("blocks", _("Its benchmark is not whole: %(what)s", what=fault), step="factors")]
    return findings(round_, words, not current_app.config["MAIL_URL"].startswith("log:"))


def _manage(round_: Round, day: DayForm) -> str:
    if round_.state == "draft":
        abort(404)
    offerable = offering.offerable(round_)
    return _page(
        "manage",
        round_,
        day_form=day,
        offerable=offerable,
        drafts=drafts(round_.city, offerable),
        today=changing.today(),
    )


def _page(name: str, round_: Round, **context: object) -> str:
    words = Words(planned_content(round_), page_language()) if round_.state != "draft" else None
    return render_template(f"assessments/{name}.html", round=round_, city=round_.city, words=words, **context)
