"""A round from the list to its results: how far the asking has come, and once the lead shows them, who sees what."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_security import current_user

from surveyapp.access import lead_of_round, of_round, signed_in
from surveyapp.charts.agenda import agenda
from surveyapp.charts.alone import alone
from surveyapp.charts.dots import dot_plot
from surveyapp.charts.factor import factor_view
from surveyapp.charts.matrix import empty_states, matrix
from surveyapp.charts.own_view import own_views
from surveyapp.charts.unsure import unsure
from surveyapp.charts.words import Words
from surveyapp.comparison.queries import leads_somewhere, participation, rounds_of
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import page_language
from surveyapp.layout import Page
from surveyapp.models import Round
from surveyapp.models.audit import record
from surveyapp.models.comments import undecided
from surveyapp.models.content import content
from surveyapp.models.perspectives import RoundNotClosed, RoundPerspectives, round_perspectives, show_results

bp = Blueprint("comparison", __name__, url_prefix="/rounds")

SEE_RESULTS = ("lead", "viewer")
SEE_COUNTS = ("lead", "facilitator")


@bp.get("")
@signed_in
def rounds() -> str:
    lines = rounds_of(current_user)
    return render_template(
        "comparison/rounds.html",
        current=[line for line in lines if line.round_.state != "archived"],
        archived=[line for line in lines if line.round_.state == "archived"],
        leads=leads_somewhere(current_user),
    )


@bp.get("/<round_key>")
@of_round("lead", "viewer", "facilitator", "translator")
def round_(round_: Round) -> str:
    """What matters now: setting up, who has answered, whether to show the results, and then the results."""
    if round_.state == "draft":
        return _page("draft", round_)
    if round_.state == "open" or round_.shown_on is None or g.role not in SEE_RESULTS:
        return _field("open" if round_.state == "open" else "ended", round_)
    told = round_perspectives(round_)
    rows = matrix(told.findings, told.frozen.benchmark)
    return _page(
        "overview",
        round_,
        words=Words(told.frozen, page_language()),
        told=told,
        prose=told.prose,
        unsure=unsure(rows),
        agenda=agenda(told.findings),
        alone=alone(told.findings),
        dot_plot=dot_plot(told.findings, rows, told.frozen.benchmark.scale.size),
        own_views=own_views(told.findings),
        rows=rows,
        states=empty_states(rows),
        links={row.factor: url_for(".factor", round_key=round_.key, factor=row.factor) for row in rows},
        undecided=undecided(round_, told.frozen) if g.role == "lead" else 0,
    )


def _field(page: str, round_: Round) -> str:
    """Counts of every group, exact, for those who have to act on them. Whoever only reads results gets none: the
    results say of a small group no more than a range, and here would be the number."""
    groups = participation(round_) if g.role in SEE_COUNTS else []
    return _page(
        page,
        round_,
        words=Words(content(round_), page_language()),
        groups=groups,
        answered=sum(line.answered for line in groups),
        left_out=sum(line.left_out for line in groups),
    )


@bp.post("/<round_key>/show")
@lead_of_round
def show(round_: Round) -> Page:
    """Opens the results for good."""
    start_writing()
    try:
        if show_results(round_):
            record(round_, current_user.email, "round.results_shown")
            flash(_("The results are open now. The round cannot be opened again."))
    except RoundNotClosed:
        abort(404)
    db.session.commit()
    return redirect(url_for(".round_", round_key=round_.key), 303)


@bp.get("/<round_key>/factors/<factor>")
@of_round(*SEE_RESULTS)
def factor(round_: Round, factor: str) -> str:
    told = _told(round_)
    found = told.findings.factors.get(factor) or abort(404)
    order = list(told.findings.factors)
    place = order.index(factor)
    return _page(
        "factor",
        round_,
        words=Words(told.frozen, page_language()),
        view=factor_view(found, told.short, told.frozen.benchmark, told.questions),
        prose=told.prose,
        comments=told.comments.get(factor, ()),
        previous=order[place - 1] if place else None,
        following=order[place + 1] if place + 1 < len(order) else None,
    )


def _told(round_: Round) -> RoundPerspectives:
    try:
        return round_perspectives(round_)
    except RoundNotClosed:
        abort(404)


def _page(name: str, round_: Round, **context: object) -> str:
    return render_template(f"comparison/{name}.html", round=round_, city=round_.city, **context)


from surveyapp.comparison import odd  # noqa: E402, F401  (adds its pages)
