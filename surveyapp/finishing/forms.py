"""What the lead writes for a report: texts by place, and the rating of the context."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from wtforms import RadioField, SelectMultipleField

from surveyapp.charts.words import Words
from surveyapp.layout.forms import Form, Passage, at_most, options
from surveyapp.models import ContextRating, Round
from surveyapp.models.prose import CHAPTERS, Influence, guiding

LETTERS = {"guiding": 1200, "chapter": 1200, "factor": 1200, "context": 400}
NOT_RATED = ""


class WordsForm(Form):
    """One field for each place of the report that the city may comment on: see `words_form`."""

    def texts(self) -> dict[str, str]:
        return {field.name: field.data or "" for field in self}


@dataclass(frozen=True)
class Rating:
    """The three fields of one context factor."""

    context_factor: str
    influence: RadioField
    sentence: Passage
    factors: SelectMultipleField


class ContextForm(Form):
    """See `context_form`."""

    keys: tuple[str, ...] = ()

    @property
    def ratings(self) -> Iterator[Rating]:
        for key in self.keys:
            yield Rating(key, self[f"{key}-influence"], self[key], self[f"{key}-factors"])

    def influences(self) -> dict[str, Influence | None]:
        return {
            one.context_factor: Influence(
                one.context_factor, one.influence.data, tuple(one.factors.data or ())
            )
            if one.influence.data
            else None
            for one in self.ratings
        }

    def sentences(self) -> dict[str, str]:
        return {one.context_factor: one.sentence.data or "" for one in self.ratings}


def chapter_names() -> dict[str, str]:
    """What each chapter is called in the report."""
    return {
        "who": _("Who answered"),
        "overview": _("All factors, all groups"),
        "differ": _("Where views differ most"),
        "agree": _("Where the groups agree"),
        "self": _("How the city sees itself"),
        "unsure": _("What many cannot judge"),
        "context": _("Read the results with this in mind"),
    }


def words_form(round_: Round, words: Words, stored: Mapping[str, str]) -> WordsForm:
    named = chapter_names()
    fields: dict[str, Any] = {
        guiding(number): Passage(question, [at_most(LETTERS["guiding"])])
        for number, question in enumerate(round_.guiding_questions, 1)
    }
    fields |= {chapter: Passage(named[chapter], [at_most(LETTERS["chapter"])]) for chapter in CHAPTERS}
    fields |= {
        factor: Passage(words.factor(factor), [at_most(LETTERS["factor"])]) for factor in round_.factors
    }
    form: WordsForm = type("RoundWordsForm", (WordsForm,), fields)(data=dict(stored))
    return form


def context_form(
    round_: Round, words: Words, stored: Mapping[str, ContextRating], sentences: Mapping[str, str]
) -> ContextForm:
    keys = tuple(factor.key for factor in words.frozen.benchmark.context_factors)
    strengths = [
        (NOT_RATED, _("Not rated")),
        ("no", _("No influence")),
        ("some", _("Some influence")),
        ("strong", _("Strong influence")),
    ]
    factors = options((factor, words.factor(factor)) for factor in round_.factors)
    fields: dict[str, Any] = {"keys": keys}
    data: dict[str, Any] = {}
    for key in keys:
        fields[f"{key}-influence"] = RadioField(
            _("How strong is its influence here?"), choices=options(strengths)
        )
        fields[key] = Passage(_("In one sentence"), [at_most(LETTERS["context"])])
        fields[f"{key}-factors"] = SelectMultipleField(_("Key factors it weighs on"), choices=factors)
        rating = stored.get(key)
        data |= {
            f"{key}-influence": rating.influence if rating else NOT_RATED,
            key: sentences.get(key, ""),
            f"{key}-factors": rating.factors if rating else [],
        }
    form: ContextForm = type("RoundContextForm", (ContextForm,), fields)(data=data)
    return form
