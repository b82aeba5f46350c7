"""What a city knows of its languages: which of them somebody who speaks them has read, exactly as they are now."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from surveyapp.database import db
from surveyapp.models.people import City
from surveyapp.progress import fingerprint, says_draft


class LanguageReview(db.Model):
    """A native speaker has read all of a language, for one city, as it was on that day."""

    __tablename__ = "language_reviews"
    city_id: Mapped[int] = mapped_column(ForeignKey("cities.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    # The address of the member of staff as it was then, as in the log
    who: Mapped[str]
    reviewed_on: Mapped[date]
    # Of the catalogues that were read: when they change, the review no longer counts
    fingerprint: Mapped[str]

    @property
    def counts(self) -> bool:
        return self.fingerprint == fingerprint(self.language)


def reviews(city: City) -> dict[str, LanguageReview]:
    """Every review of a city by language, also those that no longer count."""
    found = db.session.scalars(select(LanguageReview).where(LanguageReview.city_id == city.id))
    return {review.language: review for review in found}


def drafts(city: City, languages: Collection[str]) -> set[str]:
    """Which of these languages nobody who speaks them has read as they are now. The source is never among them."""
    unread = {language for language in languages if says_draft(language)}
    read = reviews(city) if unread else {}
    return {language for language in unread if language not in read or not read[language].counts}


def draft_for(city: City, language: str) -> bool:
    """Whether a city takes this language for a draft."""
    return language in drafts(city, [language])
