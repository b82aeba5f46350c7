"""The class page: for whoever leads a class and has no account. Its token is the check; the lead can take it back.

It shows counts, the window of time and the sheet to print. No results, no names, and nothing about one person.
"""

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from surveyapp.access import public
from surveyapp.charts.words import Words
from surveyapp.classes import actions, queries, sheets
from surveyapp.classes.views import pdf_of
from surveyapp.clock import zone_name
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import page_language
from surveyapp.issuing import group_code
from surveyapp.layout import Page
from surveyapp.models import Batch
from surveyapp.models.audit import SYSTEM, record
from surveyapp.models.drafting import planned_content
from surveyapp.tokens import in_fours

bp = Blueprint("class_page", __name__, url_prefix="/class/<token>")


@bp.get("")
@public
def show(token: str) -> Page:
    batch = _batch(token)
    round_ = batch.group.round
    counts = queries.counts([batch])[batch.id]
    return render_template(
        "classes/page.html",
        batch=batch,
        round=round_,
        city=round_.city,
        token=token,
        words=Words(planned_content(round_), page_language()),
        counts=counts,
        parts=sheets.parts(counts.invited),
        window=queries.window_state(batch),
        zone=zone_name(),
        code=in_fours(group_code(batch)) if batch.channel == "group_link" else None,
        short_address=sheets.short_address(),
    )


@bp.post("/open")
@public
def open_now(token: str) -> Page:
    start_writing()
    batch = _alive(token)
    actions.open_now(batch)
    return _changed(batch, token, _("People can start now, for 90 minutes."))


@bp.post("/close")
@public
def close_now(token: str) -> Page:
    start_writing()
    batch = _alive(token)
    actions.close_now(batch)
    return _changed(batch, token, _("Nobody can start any more. Who has started can finish."))


@bp.get("/sheet/<language>")
@public
def sheet(token: str, language: str) -> Page | Response:
    return pdf_of(_batch(token), language)


def _batch(token: str) -> Batch:
    return queries.batch_of_class_page(token) or abort(404)


def _alive(token: str) -> Batch:
    """After the end there is nothing left to open or close."""
    batch = _batch(token)
    return abort(404) if batch.group.round.ended else batch


def _changed(batch: Batch, token: str, said: str) -> Page:
    """The log has a key of its own for this: nobody is signed in on a class page."""
    record(batch.group.round, SYSTEM, "class.window_by_page", batch.label)
    db.session.commit()
    flash(said)
    return redirect(url_for(".show", token=token), 303)
