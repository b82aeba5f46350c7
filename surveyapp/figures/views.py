"""For those who see results: the figures of a round as files to take away."""

from flask import Blueprint, Response, abort, current_app, render_template, request

from surveyapp.access import of_round
from surveyapp.figures.bundle import ALL, MEDIA_TYPES, SENTENCES, file
from surveyapp.i18n import page_language
from surveyapp.models import Round
from surveyapp.models.perspectives import RoundNotClosed, RoundPerspectives, round_perspectives
from surveyapp.models.report import latest_version

bp = Blueprint("figures", __name__, url_prefix="/rounds")

SEE_RESULTS = ("lead", "viewer")


@bp.get("/<round_key>/figures")
@of_round(*SEE_RESULTS)
def overview(round_: Round) -> str:
    _told(round_)
    return render_template(
        "figures/overview.html",
        round=round_,
        city=round_.city,
        sentences=SENTENCES,
        all_=ALL,
        languages=current_app.config["LANGUAGES"],
    )


@bp.get("/<round_key>/figures.csv", defaults={"name": "figures.csv"})
@bp.get("/<round_key>/figures/<name>")
@of_round(*SEE_RESULTS)
def download(round_: Round, name: str) -> Response:
    language = request.args.get("report_language", page_language())
    if name not in MEDIA_TYPES or language not in current_app.config["LANGUAGES"]:
        abort(404)
    response = Response(file(_told(round_), name, language), mimetype=MEDIA_TYPES[name])
    response.headers["Content-Disposition"] = f'attachment; filename="{round_.key}-{name}"'
    return response


def _told(round_: Round) -> RoundPerspectives:
    """As the report was last made final; before that, as it stands now."""
    try:
        return round_perspectives(round_, latest_version(round_))
    except RoundNotClosed:
        abort(404)
