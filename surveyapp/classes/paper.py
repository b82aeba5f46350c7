"""Typing answers from paper: one person a page, small fields in the order of the form, Enter saves.

The key of the sheet that was saved last stays in the session until the next one is saved, so that a slip of the
finger can be undone; nothing stored leads from staff to a response.
"""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_security import current_user
from sqlalchemy.exc import IntegrityError

from surveyapp.access import of_round
from surveyapp.benchmark.sheets import voice
from surveyapp.charts.words import Words
from surveyapp.classes import entering, queries
from surveyapp.classes.entering import Typed
from surveyapp.classes.sheets import PaperPage, paper_pages
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import endonym, page_language
from surveyapp.layout import Page
from surveyapp.models import Batch, Round
from surveyapp.models.assessment import hold_open
from surveyapp.models.audit import record
from surveyapp.models.content import content
from surveyapp.models.response import random_key

bp = Blueprint("paper", __name__, url_prefix="/rounds/<round_key>/paper/<int:batch_id>")
staff = of_round("lead", "facilitator")


@bp.get("")
@staff
def entry(round_: Round, batch_id: int) -> Page:
    batch = _batch(round_, batch_id)
    session["paper_next"] = random_key()
    return _entry_page(batch, _pages(batch), Typed(), _language(batch, request.args.get("form")))


@bp.post("")
@staff
def save(round_: Round, batch_id: int) -> Page:
    start_writing()
    batch = _batch(round_, batch_id)
    if not hold_open(round_.id):
        abort(404)
    pages, language = _pages(batch), _language(batch, request.form.get("form"))
    typed = entering.read(pages, request.form)
    if typed.faults or typed.empty:
        return _entry_page(batch, pages, typed, language, sent=True), 422
    key = session.get("paper_next") or random_key()
    again = redirect(url_for(".entry", round_key=round_.key, batch_id=batch.id, form=language), 303)
    try:
        entering.enter(batch, key, language, typed)
    except IntegrityError:  # the button was pressed twice: this sheet is stored
        db.session.rollback()
        return again
    entering.note_once_a_day(batch, current_user.email)
    db.session.commit()
    session["paper_last"] = {"key": key, "batch": batch.id, "language": language}
    return again


@bp.post("/undo")
@staff
def undo(round_: Round, batch_id: int) -> Page:
    """Takes the sheet out that was saved last in this browser."""
    start_writing()
    batch = _batch(round_, batch_id)
    last = session.pop("paper_last", {})
    if not hold_open(round_.id) or last.get("batch") != batch.id:
        abort(404)
    if entering.take_out(batch, last["key"], last["language"]):
        record(round_, current_user.email, "paper.undone", batch.label)
        db.session.commit()
        flash(_("The last paper has been taken out again."))
    return redirect(url_for(".entry", round_key=round_.key, batch_id=batch.id, form=last["language"]), 303)


def _batch(round_: Round, batch_id: int) -> Batch:
    if round_.state != "open":
        abort(404)
    return queries.batch_of(round_, batch_id, "paper") or abort(404)


def _pages(batch: Batch) -> list[PaperPage]:
    return paper_pages(content(batch.group.round), batch.group)


def _language(batch: Batch, wish: str | None) -> str:
    """In which language the paper is that is being typed: as said last, else as the batch says."""
    languages = batch.group.round.languages
    return next(code for code in (wish, batch.language, languages[0]) if code in languages)


def _entry_page(batch: Batch, pages: list[PaperPage], typed: Typed, language: str, sent: bool = False) -> str:
    round_, frozen = batch.group.round, content(batch.group.round)
    last = session.get("paper_last") or {}
    return render_template(
        "classes/entry.html",
        round=round_,
        city=round_.city,
        words=Words(frozen, page_language()),
        batch=batch,
        pages=pages,
        stem_key=f"scale.{voice(frozen, batch.group.key)}.stem",
        typed=typed,
        sent=sent,
        values=request.form if sent else {},
        language=language,
        languages=[(code, endonym(code)) for code in round_.languages],
        entered=queries.counts([batch])[batch.id].answered,
        can_undo=last.get("batch") == batch.id and not sent,
    )
