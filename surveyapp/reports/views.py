"""For those who see results: ask for a report, see it being made, take it away."""

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for

from surveyapp.access import of_round
from surveyapp.extensions import db, queue, start_writing
from surveyapp.layout import Page
from surveyapp.models import Report, Round
from surveyapp.models.perspectives import RoundNotClosed
from surveyapp.pdf import INSTALL
from surveyapp.reports.actions import ask_for
from surveyapp.reports.document import EDITIONS
from surveyapp.reports.jobs import build_report
from surveyapp.reports.queries import report_of

bp = Blueprint("reports", __name__, url_prefix="/rounds")


@bp.post("/<round_key>/reports")
@of_round("lead", "viewer")
def ask(round_: Round) -> Page:
    language, edition = request.form.get("report_language", ""), request.form.get("edition", "")
    if language not in current_app.config["LANGUAGES"] or edition not in EDITIONS:
        abort(400)
    start_writing()
    try:
        report = ask_for(round_, language, edition)
    except RoundNotClosed:
        abort(404)
    db.session.commit()
    if report.state == "queued":
        queue.nudge(build_report, report.id)
    return redirect(url_for(".follow", round_key=round_.key, report_id=report.id), 303)


@bp.get("/<round_key>/reports/<int:report_id>")
@of_round("lead", "viewer")
def follow(round_: Round, report_id: int) -> str:
    report = report_of(round_, report_id) or abort(404)
    return render_template(
        "reports/follow.html", round=round_, city=round_.city, report=report, install=INSTALL
    )


@bp.get("/<round_key>/reports/<int:report_id>/download")
@of_round("lead", "viewer")
def download(round_: Round, report_id: int) -> Response:
    report = report_of(round_, report_id) or abort(404)
    if report.pdf is None:
        abort(404)
    response = Response(report.pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(round_, report)}"'
    return response


def _file_name(round_: Round, report: Report) -> str:
    return f"{round_.key}-{report.language}-{report.edition}.pdf"
