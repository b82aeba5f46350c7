"""For the lead, once the results are shown: reading every comment and deciding which ones others may read."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from surveyapp.access import lead_of_round
from surveyapp.charts.words import Words
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import endonym, page_language
from surveyapp.layout import Page
from surveyapp.layout.forms import options
from surveyapp.models import Moderation, Round
from surveyapp.models.audit import record
from surveyapp.models.comments import SMALLER
from surveyapp.models.content import content
from surveyapp.models.response import COMMENT_STATES
from surveyapp.moderation.actions import hide, keep, shorten, translate
from surveyapp.moderation.forms import Decision
from surveyapp.moderation.queries import Item, comments_page, desk, item, one_comment
from surveyapp.moderation.shortening import NotShortened

bp = Blueprint("moderation", __name__, url_prefix="/rounds/<round_key>/comments")

DECISIONS = {"kept": keep, "hidden": hide}
POOL = {"smaller": SMALLER}
WHERE = ("question", "state", "group", "page")  # the arguments that say where in the list one is
LOGGED = {"kept": "comment.kept", "shortened": "comment.shortened", "hidden": "comment.hidden"}


@bp.get("")
@lead_of_round
def overview(round_: Round) -> Page:
    """Comments of one question at a time."""
    if not _readable(round_):
        return _page("waiting", round_)
    counted = desk(round_, content(round_))
    if not counted.questions:
        return _page("empty", round_, desk=counted)
    question = request.args.get("question", "")
    question = question if question in counted.questions else counted.first
    state = request.args.get("state", "pending")
    state = state if state in (*COMMENT_STATES, "all") else "pending"
    group = request.args.get("group", "")
    pages = comments_page(round_, counted, question, state, POOL.get(group, group or None))
    where = {"question": question, "state": state, "group": group, "page": str(pages.page)}
    if pages.page > max(1, pages.pages):  # the last one of the last page has just been decided
        return _back(round_, where | {"page": str(pages.pages or 1)})
    return _page(
        "overview",
        round_,
        desk=counted,
        question=question,
        state=state,
        group=group,
        where=where,
        pages=pages,
        items=[item(counted.pools, round_, *row) for row in pages.items],
    )


@bp.post("/decide")
@lead_of_round
def decide(round_: Round) -> Page:
    """Keeps or hides a comment as it stands in the list."""
    start_writing()
    moderation = _found(round_, request.form.get("key", "")).moderation
    state = request.form.get("decision", "")
    if state not in DECISIONS:
        abort(400)
    if moderation.state != state:
        DECISIONS[state](moderation)
        record(round_, current_user.email, LOGGED[state], moderation.question)
    db.session.commit()
    flash(_("Kept.") if state == "kept" else _("Hidden."))
    return _back(round_, request.form.to_dict())


@bp.route("/one", methods=["GET", "POST"])
@lead_of_round
def one(round_: Round) -> Page:
    """One comment: kept, shortened or hidden, and its translation."""
    if request.method == "POST":
        start_writing()
    found = _found(round_, request.args.get("key", ""))
    moderation = found.moderation
    form = Decision(
        decision=moderation.state if moderation.state != "pending" else None,
        shown=moderation.shown or found.text,
        translation=moderation.translation,
        translation_language=moderation.translation_language or page_language(),
    )
    form.translation_language.choices = options(
        (code, endonym(code)) for code in current_app.config["LANGUAGES"]
    )
    if form.validate_on_submit() and _decided(round_, moderation, found.text, form):
        db.session.commit()
        flash(_("Saved."))
        return _back(round_, request.args.to_dict())
    page = _page("one", round_, form=form, item=found, where=_where(request.args.to_dict()))
    return (page, 422) if form.is_submitted() else page


def _decided(round_: Round, moderation: Moderation, text: str, form: Decision) -> bool:
    """Applies the form; False where the shortened text is none, which the form then says."""
    state, before = form.decision.data, (moderation.state, moderation.shown)
    try:
        if state == "shortened":
            shorten(moderation, text, form.shown.data)
        else:
            DECISIONS[state](moderation)
    except NotShortened as fault:
        form.say(fault.problem)
        return False
    if (moderation.state, moderation.shown) != before:
        record(round_, current_user.email, LOGGED[state], moderation.question)
    if translate(moderation, form.translation.data, form.translation_language.data):
        record(round_, current_user.email, "comment.translated", moderation.question)
    return True


def _readable(round_: Round) -> bool:
    """Comments are results: while a round may still be opened again, nobody reads them, or a comment that is
    new after the next closing could be laid to whoever answered in between."""
    return round_.ended and round_.shown_on is not None


def _found(round_: Round, key: str) -> Item:
    if not _readable(round_):
        abort(404)
    return one_comment(round_, content(round_), key) or abort(404)


def _where(given: dict[str, str]) -> dict[str, str]:
    return {name: given[name] for name in WHERE if given.get(name)}


def _back(round_: Round, given: dict[str, str]) -> Page:
    """To the place in the list where one was."""
    address: dict[str, Any] = _where(given)
    return redirect(url_for(".overview", round_key=round_.key, **address), 303)


def _page(name: str, round_: Round, **context: object) -> str:
    if round_.state == "draft":
        abort(404)
    words = Words(content(round_), page_language())
    return render_template(f"moderation/{name}.html", round=round_, city=round_.city, words=words, **context)
