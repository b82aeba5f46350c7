"""For the city lead: how far the asking has come, and once the round is closed, who sees what."""

from flask import Blueprint, Response, abort, current_app, render_template, url_for
from flask_security import current_user

from surveyapp.access import lead_of_round, signed_in
from surveyapp.charts.agenda import agenda
from surveyapp.charts.factor import factor_view
from surveyapp.charts.matrix import empty_states, matrix
from surveyapp.charts.words import Words
from surveyapp.comparison.export import figures_csv
from surveyapp.comparison.queries import participation, rounds_of
from surveyapp.i18n import page_language
from surveyapp.models import Round
from surveyapp.models.content import content
from surveyapp.models.perspectives import RoundNotClosed, RoundPerspectives, round_perspectives

bp = Blueprint("comparison", __name__, url_prefix="/rounds")


@bp.get("")
@signed_in
def rounds() -> str:
    return render_template("comparison/rounds.html", rounds=rounds_of(current_user))


@bp.get("/<round_key>")
@lead_of_round
def round_(round_: Round) -> str:
    """Participation while the round is open, results once it is closed."""
    if round_.state == "draft":
        return _page("draft", round_)
    words = Words(content(round_), page_language())
    if round_.state == "open":
        return _page("participation", round_, words=words, groups=participation(round_))
    told = round_perspectives(round_)
    rows = matrix(told.findings, told.frozen.benchmark)
    return _page(
        "overview",
        round_,
        words=words,
        told=told,
        agenda=agenda(told.findings),
        rows=rows,
        states=empty_states(rows),
        links={row.factor: url_for(".factor", round_key=round_.key, factor=row.factor) for row in rows},
        languages=current_app.config["LANGUAGES"],
    )


@bp.get("/<round_key>/factors/<factor>")
@lead_of_round
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
        previous=order[place - 1] if place else None,
        following=order[place + 1] if place + 1 < len(order) else None,
    )


@bp.get("/<round_key>/figures.csv")
@lead_of_round
def figures(round_: Round) -> Response:
    # The byte order mark has spreadsheets read the file as UTF-8.
    body = "\ufeff" + figures_csv(_told(round_))
    response = Response(body, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{round_.key}-figures.csv"'
    return response


def _told(round_: Round) -> RoundPerspectives:
    try:
        return round_perspectives(round_)
    except RoundNotClosed:
        abort(404)


def _page(name: str, round_: Round, **context: object) -> str:
    return render_template(f"comparison/{name}.html", round=round_, city=round_.city, **context)
