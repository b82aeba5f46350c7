"""For those who see results: the report and its versions; ask for a file, see it being made, take it away."""

from typing import get_args

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from surveyapp.access import lead_of_round, of_round
from surveyapp.extensions import db, queue, start_writing
from surveyapp.i18n import number
from surveyapp.layout import Page
from surveyapp.models import Report, Round
from surveyapp.models.audit import record
from surveyapp.models.comments import undecided
from surveyapp.models.content import content
from surveyapp.models.perspectives import RoundNotClosed, round_perspectives
from surveyapp.models.report import DRAFT, REPORT_KINDS
from surveyapp.pdf import INSTALL
from surveyapp.reports.actions import ask_for, make_final
from surveyapp.reports.document import Edition
from surveyapp.reports.jobs import build_report
from surveyapp.reports.queries import files_of, report_of, versions_of

bp = Blueprint("reports", __name__, url_prefix="/rounds/<round_key>")

SEE_RESULTS = ("lead", "viewer")
EDITIONS: tuple[Edition, ...] = get_args(Edition)


@bp.get("/report")
@of_round(*SEE_RESULTS)
def desk(round_: Round) -> Page:
    """Where the report stands, what the city may add to it, and its files."""
    try:
        told = round_perspectives(round_)
    except RoundNotClosed:
        abort(404)
    versions = versions_of(round_)
    return _page(
        "desk",
        round_,
        told=told,
        versions=versions,
        changed=not versions or versions[0].snapshot != told.snapshot,
        files=files_of(round_),
        undecided=undecided(round_, content(round_)),
        languages=current_app.config["LANGUAGES"],
        context_factors=len(told.frozen.benchmark.context_factors),
    )


@bp.post("/report/final")
@lead_of_round
def make_version(round_: Round) -> Page:
    start_writing()
    try:
        version = make_final(round_, current_user.email)
    except RoundNotClosed:
        abort(404)
    if version is None:
        flash(_("Nothing has changed since the last version."))
    else:
        record(round_, current_user.email, "report.final", str(version.number))
        flash(_("Version %(number)s is made. It stays as it is.", number=number(version.number)))
    db.session.commit()
    return redirect(url_for(".desk", round_key=round_.key), 303)


@bp.post("/reports")
@of_round(*SEE_RESULTS)
def ask(round_: Round) -> Page:
    language, edition = request.form.get("report_language", ""), request.form.get("edition", "public")
    kind, version = request.form.get("kind", "report"), request.form.get("version", str(DRAFT))
    if language not in current_app.config["LANGUAGES"] or kind not in REPORT_KINDS or not version.isdecimal():
        abort(400)
    if edition not in EDITIONS:
        abort(400)
    start_writing()
    try:
        report = ask_for(round_, kind, language, edition, int(version))
    except (RoundNotClosed, LookupError):
        abort(404)
    db.session.commit()
    if report.state == "queued":
        queue.nudge(build_report, report.id)
    return redirect(url_for(".follow", round_key=round_.key, report_id=report.id), 303)


@bp.get("/reports/<int:report_id>")
@of_round(*SEE_RESULTS)
def follow(round_: Round, report_id: int) -> str:
    return _page("follow", round_, report=_found(round_, report_id), install=INSTALL)


@bp.get("/reports/<int:report_id>/download")
@of_round(*SEE_RESULTS)
def download(round_: Round, report_id: int) -> Response:
    report = _found(round_, report_id)
    if report.pdf is None:
        abort(404)
    response = Response(report.pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{_file_name(round_, report)}"'
    return response


def _found(round_: Round, report_id: int) -> Report:
    return report_of(round_, report_id) or abort(404)


def _file_name(round_: Round, report: Report) -> str:
    version = f"version-{report.version}" if report.version else "draft"
    return f"{round_.key}-{report.kind}-{version}-{report.language}-{report.edition}.pdf"


def _page(name: str, round_: Round, **about: object) -> str:
    return render_template(f"reports/{name}.html", round=round_, city=round_.city, **about)
