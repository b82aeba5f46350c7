"""A report somebody asked for: the row says what, the worker makes it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint, func
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from surveyapp.database import db
from surveyapp.models.assessment import Round

REPORT_STATES = ("queued", "building", "ready", "failed")


class Report(db.Model):
    """At most one per round, language, edition and data: asking twice gives the same file."""

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("round_id", "language", "edition", "snapshot"),
        CheckConstraint(f"state IN {REPORT_STATES}", name="state"),
        CheckConstraint("(state = 'ready') = (pdf IS NOT NULL)", name="pdf"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("rounds.id", ondelete="CASCADE"))
    language: Mapped[str]
    edition: Mapped[str] = mapped_column(default="public")
    snapshot: Mapped[str]
    state: Mapped[str] = mapped_column(default="queued")
    error: Mapped[str | None]
    asked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    pdf: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    round: Mapped[Round] = relationship()
