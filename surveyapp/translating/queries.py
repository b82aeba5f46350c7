"""How far each language of this installation is, and who has read it for a city."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surveyapp.i18n import CATALOGUES, FOR_STAFF, RESPONDENTS_CATALOGUES, SOURCE
from surveyapp.models import City, LanguageReview
from surveyapp.models.translation import reviews
from surveyapp.progress import Progress, progress, says_draft, texts


@dataclass(frozen=True)
class Line:
    """One language on the page."""

    language: str
    progress: Mapping[str, Progress]
    review: LanguageReview | None
    draft: bool
    """Whether its catalogues say that no native speaker has read them, whatever a city knows."""

    @property
    def is_source(self) -> bool:
        return self.language == SOURCE

    @property
    def whole(self) -> bool:
        return not any(self.progress[domain].unfinished for domain in RESPONDENTS_CATALOGUES)

    @property
    def to_read(self) -> bool:
        """Whether somebody may now say that they have read it."""
        return not self.is_source and self.whole and not (self.review and self.review.counts)


def lines(city: City, languages: tuple[str, ...]) -> Iterator[Line]:
    wanted = {domain: texts(domain) for domain in CATALOGUES}
    read = reviews(city)
    for language in languages:
        far = {domain: progress(language, domain, wanted[domain]) for domain in catalogues_of(language)}
        yield Line(language, far, read.get(language), says_draft(language))


def catalogues_of(language: str) -> tuple[str, ...]:
    """What is translated into a language: pages of staff stand in English in most of them."""
    return CATALOGUES if language in FOR_STAFF else RESPONDENTS_CATALOGUES
