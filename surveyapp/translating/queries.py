"""How far each language of this installation is, and who has read it for a city."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from surveyapp.i18n import CATALOGUES, SOURCE, catalogues_of
from surveyapp.models import City, LanguageReview
from surveyapp.models.translation import reviews
from surveyapp.progress import Progress, progress, says_draft, texts, whole


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
    def to_read(self) -> bool:
        """Whether somebody may now say that they have read it."""
        return not self.is_source and whole(self.language) and not (self.review and self.review.counts)


def lines(city: City, languages: tuple[str, ...]) -> Iterator[Line]:
    wanted = {domain: texts(domain) for domain in CATALOGUES}
    read = reviews(city)
    for language in languages:
        far = {domain: progress(language, domain, wanted[domain]) for domain in catalogues_of(language)}
        yield Line(language, far, read.get(language), says_draft(language))
