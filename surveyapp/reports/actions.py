"""Asking for a report and making it. Asking twice gives the same row; making it twice gives the same file."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from flask import render_template
from flask_babel import force_locale
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from surveyapp.database import db
from surveyapp.models import Report, Round
from surveyapp.models.perspectives import round_perspectives
from surveyapp.pdf import PdfUnavailable, to_pdf
from surveyapp.reports.document import Edition, document

log = logging.getLogger(__name__)

# A nudge that was lost is repeated after the first, a worker that died is taken for dead after the second.
WAITS_TOO_LONG = timedelta(minutes=1)
BUILDS_TOO_LONG = timedelta(minutes=10)

# Why a report failed, as codes that the page words.
NO_LIBRARIES = "no_libraries"
DATA_CHANGED = "data_changed"
FAULT = "fault"


@dataclass(frozen=True)
class Made:
    """What came of making a report: a file or a reason."""

    pdf: bytes | None = None
    error: str | None = None


def render_report(round_: Round, language: str, edition: Edition) -> bytes:
    """The report as PDF; the same published figures give the same bytes.

    Raises RoundNotClosed while people still answer and PdfUnavailable where the system lacks libraries.
    """
    return to_pdf(report_html(round_, language, edition))


def report_html(round_: Round, language: str, edition: Edition) -> str:
    """The page that becomes the PDF, worded in `language` whoever asks. Raises RoundNotClosed."""
    content = document(round_, language, edition)
    with force_locale(language):
        return render_template(
            "reports/report.html",
            document=content,
            words=content.words,
            city=round_.city,
            links={view.key: f"#{view.key}" for view in content.factors},
        )


def ask_for(round_: Round, language: str, edition: Edition) -> Report:
    """The report of these figures, asked for now or before; one that failed is queued again.

    Raises RoundNotClosed.
    """
    wanted = {
        "round_id": round_.id,
        "language": language,
        "edition": edition,
        "snapshot": round_perspectives(round_).snapshot,
    }
    report = db.session.scalar(select(Report).filter_by(**wanted)) or _added(wanted)
    if report.state == "failed":
        report.state, report.error, report.asked_at = "queued", None, _now()
    return report


def _added(wanted: dict[str, object]) -> Report:
    report = Report(**wanted)
    try:
        with db.session.begin_nested():
            db.session.add(report)
    except IntegrityError:  # somebody asked for the same in the same moment
        return db.session.scalars(select(Report).filter_by(**wanted)).one()
    return report


def claim(report_id: int) -> Report | None:
    """The report, marked as being made; None where another worker has it, or it is made already."""
    queued = select(Report).where(Report.id == report_id, Report.state == "queued")
    report = db.session.scalar(queued.with_for_update(skip_locked=True))
    if report is not None:
        report.state = "building"
    return report


def make(report: Report) -> Made:
    """The file of a claimed report, or the reason why there is none. Only reads: it takes seconds."""
    try:
        if round_perspectives(report.round).snapshot != report.snapshot:
            return Made(error=DATA_CHANGED)
        return Made(pdf=render_report(report.round, report.language, cast(Edition, report.edition)))
    except PdfUnavailable:
        return Made(error=NO_LIBRARIES)
    except Exception:  # the person who waits must learn of it, whatever it was
        log.exception("report %s", report.id)
        return Made(error=FAULT)


def store(report_id: int, made: Made) -> None:
    report = db.session.get_one(Report, report_id)
    report.pdf, report.error = made.pdf, made.error
    report.state = "ready" if made.pdf else "failed"


def left_behind() -> list[int]:
    """Reports whose nudge was lost or whose worker died: queued again, and returned for a new nudge."""
    now = _now()
    db.session.execute(
        update(Report)
        .where(Report.state == "building", Report.asked_at < now - BUILDS_TOO_LONG)
        .values(state="queued", asked_at=now - WAITS_TOO_LONG)
    )
    waiting = select(Report.id).where(Report.state == "queued", Report.asked_at <= now - WAITS_TOO_LONG)
    return list(db.session.scalars(waiting))


def _now() -> datetime:
    """UTC without a zone, as the database stores it."""
    return datetime.now(UTC).replace(tzinfo=None)
