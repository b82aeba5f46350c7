"""A native speaker says that a language can be asked in, or takes that back."""

from datetime import UTC, datetime

from sqlalchemy import delete

from surveyapp.database import db
from surveyapp.models import City, LanguageReview, User
from surveyapp.progress import fingerprint, whole


class NotWhole(Exception):
    """Parts of the language are not translated, so nobody can have read all of it."""


def mark_reviewed(city: City, language: str, reader: User) -> None:
    """Keeps who has read the language, when, and exactly what; an earlier review is replaced. Raises NotWhole."""
    if not whole(language):
        raise NotWhole
    db.session.merge(
        LanguageReview(
            city_id=city.id,
            language=language,
            user_id=reader.id,
            who=reader.email,
            reviewed_on=datetime.now(UTC).date(),
            fingerprint=fingerprint(language),
        )
    )
    db.session.flush()


def take_back(city: City, language: str) -> bool:
    """Whether there was a review to take back."""
    gone = delete(LanguageReview).where(
        LanguageReview.city_id == city.id, LanguageReview.language == language
    )
    return bool(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]
