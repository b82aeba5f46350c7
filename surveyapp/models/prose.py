"""Everything of a report that is written by people and may change once its figures stand: the city's texts and
remarks, its rating of the context, and the comments it has released.

A version of the report keeps it as plain data (`to_data`), so that the version can be made again as it was.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from surveyapp.benchmark.frozen import Frozen
from surveyapp.database import db
from surveyapp.models.assessment import Round
from surveyapp.models.comments import Released, reading_direction, released_comments
from surveyapp.models.report import ContextRating, Remark

# Chapters that the city can comment on; a key factor is a place too, by its key
CHAPTERS = ("who", "overview", "differ", "agree", "self", "unsure", "context")
# Texts of the round that its report prints
PRINTED = ("contact", "next_steps")


@dataclass(frozen=True)
class Saying:
    """A text of the city, in the language of the report or else in one that it was written in."""

    language: str
    text: str

    @property
    def direction(self) -> str:
        return reading_direction(self.text)


@dataclass(frozen=True)
class Influence:
    """A context factor that the lead has rated."""

    context_factor: str
    influence: str
    factors: tuple[str, ...]


@dataclass(frozen=True)
class Prose:
    title: str
    texts: Mapping[str, Mapping[str, str]]
    """Contact and next steps by language."""
    guiding_questions: tuple[str, ...]
    remarks: Mapping[str, Mapping[str, str]]
    """Place -> language -> text."""
    influences: tuple[Influence, ...]
    """In the order of the benchmark."""
    comments: Mapping[str, tuple[Released, ...]]
    """Factor or open question -> what a person has released, in random order."""

    @property
    def asked(self) -> tuple[tuple[str, str], ...]:
        """The guiding questions, each with the direction in which it is read."""
        return tuple((question, reading_direction(question)) for question in self.guiding_questions)

    def remark(self, place: str, language: str) -> Saying | None:
        """What the city says at a place; in another language where it has not said it in this one."""
        told = self.remarks.get(place, {})
        for code in (language, *sorted(told)):
            if code in told:
                return Saying(code, told[code])
        return None

    def to_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Prose":
        return cls(
            title=data["title"],
            texts=data["texts"],
            guiding_questions=tuple(data["guiding_questions"]),
            remarks=data["remarks"],
            influences=tuple(
                Influence(one["context_factor"], one["influence"], tuple(one["factors"]))
                for one in data["influences"]
            ),
            comments={
                key: tuple(Released(**comment) for comment in told) for key, told in data["comments"].items()
            },
        )


def places(round_: Round, frozen: Frozen) -> tuple[str, ...]:
    """Where the city may add words, in the order of the report."""
    asked_itself = [guiding(number) for number, _ in enumerate(round_.guiding_questions, 1)]
    context = [factor.key for factor in frozen.benchmark.context_factors]
    return (*asked_itself, *CHAPTERS, *round_.factors, *context)


def guiding(number: int) -> str:
    """The place of the answer to a guiding question, counted from 1."""
    return f"guiding-{number}"


def prose(round_: Round, frozen: Frozen, people: Mapping[str, int]) -> Prose:
    """As it stands now; `people` by group decides under which name a comment may stand."""
    return Prose(
        title=round_.title,
        texts={kind: round_.texts[kind] for kind in PRINTED if round_.texts.get(kind)},
        guiding_questions=tuple(round_.guiding_questions),
        remarks=_remarks(round_, places(round_, frozen)),
        influences=tuple(_influences(round_, frozen)),
        comments=released_comments(round_, frozen, people),
    )


def _remarks(round_: Round, known: Iterable[str]) -> dict[str, dict[str, str]]:
    told: dict[str, dict[str, str]] = {}
    for remark in db.session.scalars(
        select(Remark).where(Remark.round_id == round_.id).order_by(Remark.place, Remark.language)
    ):
        if remark.place in known:
            told.setdefault(remark.place, {})[remark.language] = remark.text
    return told


def _influences(round_: Round, frozen: Frozen) -> Iterator[Influence]:
    rated = {
        rating.context_factor: rating
        for rating in db.session.scalars(select(ContextRating).where(ContextRating.round_id == round_.id))
    }
    for factor in frozen.benchmark.context_factors:
        if rating := rated.get(factor.key):
            linked = tuple(key for key in round_.factors if key in rating.factors)
            yield Influence(factor.key, rating.influence, linked)
