"""The report of a round: what the city adds to it, the versions it was made final in, and the files made of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from surveyapp.database import db
from surveyapp.models.assessment import Round

REPORT_STATES = ("queued", "building", "ready", "failed")
REPORT_KINDS = ("report", "leaflet", "workshop")
INFLUENCES = ("no", "some", "strong")
# In place of the number of a version: what the report would be if it was made final now
DRAFT = 0


class Remark(db.Model):
    """The city's own words at one place of the report, in one language: a comment on a chapter or a key factor, the
    answer to a guiding question, the sentence on a context factor (models/prose.py names the places)."""

    __tablename__ = "remarks"
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class ContextRating(db.Model):
    """How strongly the lead finds that a context factor shapes what the city can do. It stands beside the ratings of
    the groups and changes none of them."""

    __tablename__ = "context_ratings"
    __table_args__ = (CheckConstraint(f"influence IN {INFLUENCES}", name="influence"),)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    context_factor: Mapped[str] = mapped_column(primary_key=True)
    influence: Mapped[str]
    # Key factors that it weighs on
    factors: Mapped[list[str]] = mapped_column(JSON, default=list)


class ReportVersion(db.Model):
    """A report made final. `prose` is all of it that may still change; the figures are frozen with the round."""

    __tablename__ = "report_versions"
    __table_args__ = (CheckConstraint("number >= 1", name="number"),)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    made_on: Mapped[date]
    # The address of the member of staff as it was then, as in the log
    who: Mapped[str]
    snapshot: Mapped[str]
    prose: Mapped[dict[str, Any]] = deferred(mapped_column(JSON, nullable=False))


class Report(db.Model):
    """A file that somebody asked for: the row says what, the worker makes it. At most one of each kind, language,
    edition, version and data: asking twice gives the same file."""

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("round_id", "kind", "language", "edition", "version", "snapshot"),
        CheckConstraint(f"state IN {REPORT_STATES}", name="state"),
        CheckConstraint(f"kind IN {REPORT_KINDS}", name="kind"),
        CheckConstraint("(state = 'ready') = (pdf IS NOT NULL)", name="pdf"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(default="report", server_default="report")
    language: Mapped[str]
    edition: Mapped[str] = mapped_column(default="public")
    # Number of the ReportVersion, or DRAFT
    version: Mapped[int] = mapped_column(default=DRAFT, server_default="0")
    snapshot: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")
    # Pages that are laid out so far, while it is made
    progress: Mapped[int] = mapped_column(default=0, server_default="0")
    error: Mapped[str | None]
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    pdf: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    round: Mapped[Round] = relationship()


def latest_version(round_: Round) -> ReportVersion | None:
    newest_first = ReportVersion.number.desc()
    of_round = select(ReportVersion).where(ReportVersion.round_id == round_.id)
    return db.session.scalar(of_round.order_by(newest_first).limit(1))


def version_of(round_: Round, number: int) -> ReportVersion | None:
    """None for the draft. Raises LookupError for a number that was never made."""
    if number == DRAFT:
        return None
    version = db.session.get(ReportVersion, (round_.id, number))
    if version is None:
        raise LookupError(f"round {round_.key} has no version {number} of its report")
    return version
