"""For the lead, once the results are shown: words of the city, the context, and the step that makes a report final."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from surveyapp.access import lead_of_round
from surveyapp.charts.words import Words
from surveyapp.extensions import db, start_writing
from surveyapp.finishing.actions import (
    keep_remarks,
    languages_of_remarks,
    rate_context,
    ratings_of,
    remarks_in,
)
from surveyapp.finishing.forms import context_form, words_form
from surveyapp.i18n import page_language
from surveyapp.layout import Page
from surveyapp.models import Round
from surveyapp.models.audit import record
from surveyapp.models.content import content

bp = Blueprint("finishing", __name__, url_prefix="/rounds/<round_key>/report")


@bp.route("/words", methods=["GET", "POST"])
@lead_of_round
def words(round_: Round) -> Page:
    """The city's comments on chapters and factors, and its answers to its own questions, in one language at a time."""
    _results_are_shown(round_)
    if request.method == "POST":
        start_writing()
    language = _language()
    form = words_form(round_, Words(content(round_), page_language()), remarks_in(round_, language))
    if form.validate_on_submit():
        if keep_remarks(round_, language, form.texts()):
            record(round_, current_user.email, "report.words", language)
        db.session.commit()
        flash(_("Saved."))
        return redirect(url_for("reports.desk", round_key=round_.key), 303)
    page = _page(
        "words",
        round_,
        form=form,
        language=language,
        languages=current_app.config["LANGUAGES"],
        written=languages_of_remarks(round_),
    )
    return (page, 422) if form.is_submitted() else page


@bp.route("/context", methods=["GET", "POST"])
@lead_of_round
def context(round_: Round) -> Page:
    """Seven things around the courses, each with how strongly it shapes what the city can do."""
    _results_are_shown(round_)
    if request.method == "POST":
        start_writing()
    language = _language()
    worded = Words(content(round_), page_language())
    form = context_form(round_, worded, ratings_of(round_), remarks_in(round_, language))
    if form.validate_on_submit():
        rated = rate_context(round_, form.influences())
        if keep_remarks(round_, language, form.sentences()) or rated:
            record(round_, current_user.email, "report.context")
        db.session.commit()
        flash(_("Saved."))
        return redirect(url_for("reports.desk", round_key=round_.key), 303)
    page = _page(
        "context",
        round_,
        form=form,
        words=worded,
        language=language,
        languages=current_app.config["LANGUAGES"],
    )
    return (page, 422) if form.is_submitted() else page


def _language() -> str:
    """The language that the lead writes in: that of the page, or another one that was chosen."""
    wish = request.values.get("in") or page_language()
    return wish if wish in current_app.config["LANGUAGES"] else abort(400)


def _results_are_shown(round_: Round) -> None:
    if not round_.ended or round_.shown_on is None:
        abort(404)


def _page(name: str, round_: Round, **about: object) -> str:
    return render_template(f"finishing/{name}.html", round=round_, city=round_.city, **about)
