"""Reads of the pages that follow the making of a report."""

from sqlalchemy import select

from surveyapp.database import db
from surveyapp.models import Report, ReportVersion, Round


def report_of(round_: Round, report_id: int) -> Report | None:
    return db.session.scalar(select(Report).where(Report.id == report_id, Report.round_id == round_.id))


def versions_of(round_: Round) -> list[ReportVersion]:
    """The newest first."""
    newest_first = ReportVersion.number.desc()
    return list(
        db.session.scalars(
            select(ReportVersion).where(ReportVersion.round_id == round_.id).order_by(newest_first)
        )
    )


def files_of(round_: Round) -> list[Report]:
    """What was asked for, the newest version first; the file itself is not read."""
    return list(
        db.session.scalars(
            select(Report)
            .where(Report.round_id == round_.id)
            .order_by(Report.version.desc(), Report.kind, Report.language, Report.edition, Report.id)
        )
    )
