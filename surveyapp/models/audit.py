"""Who of the staff did what, and when. Never what a respondent did."""

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.database import db
from surveyapp.models.assessment import Round
from surveyapp.models.people import City

SYSTEM = ""  # the service itself, such as closing by date


class AuditEntry(db.Model):
    """One line of a city's log. `action` is a key that the log page words (accounts/log.py)."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_city_id_at", "city_id", "at"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    # The address of the member of staff as it was then; SYSTEM for the service itself
    who: Mapped[str]
    action: Mapped[str]
    # Key of the round it was about; no reference, so that the log outlives the round
    round_key: Mapped[str | None]
    about: Mapped[str] = mapped_column(default="")


def record(about_what: City | Round, who: str, action: str, about: str = "") -> None:
    """Adds a line to the city's log, in the transaction of what it tells of."""
    round_ = about_what if isinstance(about_what, Round) else None
    city_id = round_.assessment.city_id if round_ else about_what.id
    db.session.add(
        AuditEntry(
            city_id=city_id,
            at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
            who=who,
            action=action,
            round_key=round_.key if round_ else None,
            about=about,
        )
    )
