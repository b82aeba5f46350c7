"""Making a report final, asking for a file of it and making that file. Asking twice gives the same row; making twice
gives the same file."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast

from flask import render_template
from flask_babel import force_locale
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from surveyapp import clock
from surveyapp.database import db
from surveyapp.models import Report, ReportVersion, Round
from surveyapp.models.figures import figures_csv
from surveyapp.models.perspectives import RoundPerspectives, round_perspectives
from surveyapp.models.report import DRAFT, latest_version, version_of
from surveyapp.pdf import Attachment, PdfUnavailable, to_pdf
from surveyapp.reports.document import Document, Edition, document_of
from surveyapp.reports.papers import leaflet, workshop

log = logging.getLogger(__name__)

# A nudge that was lost is repeated after the first, a worker that died is taken for dead after the second.
WAITS_TOO_LONG = timedelta(minutes=1)
BUILDS_TOO_LONG = timedelta(minutes=10)

# Why a report failed, as codes that the page words.
NO_LIBRARIES = "no_libraries"
DATA_CHANGED = "data_changed"
FAULT = "fault"

PAPERS: dict[str, Callable[[Document], dict[str, object]]] = {"leaflet": leaflet, "workshop": workshop}


@dataclass(frozen=True)
class Made:
    """What came of making a report: a file or a reason."""

    pdf: bytes | None = None
    error: str | None = None


@dataclass(frozen=True)
class Page:
    """A file before it is drawn."""

    html: str
    attachments: tuple[Attachment, ...]


def make_final(round_: Round, who: str) -> ReportVersion | None:
    """The next version of the report, as it stands now; None where nothing has changed since the last.

    Raises RoundNotClosed until the results are shown.
    """
    db.session.refresh(
        round_, with_for_update=True
    )  # two leads at once make two versions, one after the other
    told, last = round_perspectives(round_), latest_version(round_)
    if last is not None and last.snapshot == told.snapshot:
        return None
    version = ReportVersion(
        round_id=round_.id,
        number=last.number + 1 if last else 1,
        made_on=clock.now().date(),
        who=who,
        snapshot=told.snapshot,
        prose=told.prose.to_data(),
    )
    db.session.add(version)
    db.session.flush()
    return version


def ask_for(round_: Round, kind: str, language: str, edition: Edition, number: int = DRAFT) -> Report:
    """The file of this version, asked for now or before; one that failed is queued again.

    Raises RoundNotClosed, and LookupError as version_of does.
    """
    version = version_of(round_, number)
    told = round_perspectives(round_, version)
    wanted = {
        "round_id": round_.id,
        "kind": kind,
        "language": language,
        "edition": edition,
        "version": number,
    }
    snapshot = version.snapshot if version else told.snapshot
    if version is None:  # a draft is worth nothing once it is out of date
        db.session.execute(delete(Report).filter_by(**wanted).where(Report.snapshot != snapshot))
    wanted["snapshot"] = snapshot
    report = db.session.scalar(select(Report).filter_by(**wanted)) or _added(wanted)
    if report.state == "failed":
        report.state, report.error, report.progress, report.asked_at = "queued", None, 0, _now()
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


def page_of(report: Report) -> Page | Made:
    """What a claimed report will print, or the reason why it cannot. Only reads."""
    try:
        told = round_perspectives(report.round, version_of(report.round, report.version))
        if told.snapshot != report.snapshot:
            return Made(error=DATA_CHANGED)
        return page(told, report.kind, report.language, cast(Edition, report.edition))
    except Exception:  # the person who waits must learn of it, whatever it was
        log.exception("report %s", report.id)
        return Made(error=FAULT)


def draw(drawn: Page, laid_out: Callable[[int], None] | None = None) -> Made:
    """The file, or the reason why there is none. It takes seconds and needs no database."""
    try:
        return Made(pdf=to_pdf(drawn.html, drawn.attachments, laid_out))
    except PdfUnavailable:
        return Made(error=NO_LIBRARIES)
    except Exception:
        log.exception("report")
        return Made(error=FAULT)


def store(report_id: int, made: Made) -> None:
    report = db.session.get(Report, report_id)
    if report is None:  # a draft that was out of date before it was ready
        return
    report.pdf, report.error = made.pdf, made.error
    report.state = "ready" if made.pdf else "failed"


def note_progress(report_id: int, pages: int) -> None:
    db.session.execute(update(Report).where(Report.id == report_id).values(progress=pages))


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


def render(round_: Round, version: ReportVersion | None, kind: str, language: str, edition: Edition) -> bytes:
    """A file of one of REPORT_KINDS as PDF; the same published data give the same bytes.

    Raises RoundNotClosed while people still answer and PdfUnavailable where the system lacks libraries.
    """
    drawn = page(round_perspectives(round_, version), kind, language, edition)
    return to_pdf(drawn.html, drawn.attachments)


def render_report(
    round_: Round, language: str, edition: Edition, version: ReportVersion | None = None
) -> bytes:
    """The consolidated report. Raises as `render` does."""
    return render(round_, version, "report", language, edition)


def report_html(round_: Round, language: str, edition: Edition, version: ReportVersion | None = None) -> str:
    """The page that becomes the PDF. Raises RoundNotClosed."""
    return html_of(document_of(round_perspectives(round_, version), language, edition), "report")


def page(told: RoundPerspectives, kind: str, language: str, edition: Edition) -> Page:
    """A file of one of REPORT_KINDS before it is drawn."""
    document = document_of(told, language, edition)
    name = f"{told.round_.key}-figures.csv"
    figures = Attachment(name, figures_csv(told), "Figures of the report (CSV)", document.day)
    return Page(html_of(document, kind), (figures,) if kind == "report" else ())


def html_of(document: Document, kind: str) -> str:
    """A file of one of REPORT_KINDS as HTML, worded in the language of the document whoever asks."""
    with force_locale(document.words.language):
        return render_template(
            f"reports/{kind}.html",
            document=document,
            prose=document.prose,
            words=document.words,
            round=document.round_,
            city=document.round_.city,
            links={view.key: f"#{view.key}" for view in document.factors},
            **(PAPERS[kind](document) if kind in PAPERS else {}),
        )


def _now() -> datetime:
    """UTC without a zone, as the database stores it."""
    return datetime.now(UTC).replace(tzinfo=None)
