"""Sixth step: a few questions of the city's own. They are shown by group and enter no comparison."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import BooleanField, SelectField, SelectMultipleField

from surveyapp.assessments.fields import choice_of, fault
from surveyapp.assessments.steps.step import Step
from surveyapp.i18n import endonym, page_language
from surveyapp.layout.forms import Form, Line, at_most, options
from surveyapp.models import Round
from surveyapp.models.drafting import wording

MOST = 5
LETTERS = 300


@dataclass(frozen=True)
class Asked:
    """The fields of one question; the last one on the page is empty and waits for a new question."""

    key: str
    factor: SelectField
    groups: SelectMultipleField
    texts: dict[str, Line]
    dropped: BooleanField | None

    @property
    def typed(self) -> dict[str, str]:
        return {language: field.data for language, field in self.texts.items() if field.data}

    @property
    def wrong(self) -> bool:
        return any(field.errors for field in (self.factor, self.groups, *self.texts.values()))

    @property
    def wanted(self) -> bool:
        return bool(self.typed) and not (self.dropped is not None and self.dropped.data)


class QuestionsForm(Form):
    """Fields for each question of the city's own, and for one more: see `form_for`."""

    keys: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    new: str | None = None

    @property
    def questions(self) -> list[Asked]:
        return [
            Asked(
                key,
                self[f"{key}-factor"],
                self[f"{key}-groups"],
                {code: self[f"{key}-text-{code}"] for code in self.codes},
                self[f"{key}-dropped"] if key != self.new else None,
            )
            for key in self.keys
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for question in self.questions:
            dropped = question.dropped is not None and question.dropped.data
            if question.wanted and not question.factor.data:
                fault(question.factor, _("Choose the factor that the question belongs to."))
            if question.wanted and not question.groups.data:
                fault(question.groups, _("Choose at least one group to ask."))
            if not question.typed and not dropped and question.key != self.new:
                text = _("The question has no words. Write it in one language at least, or take it out.")
                fault(next(iter(question.texts.values())), text)
        return not self.errors


def form_for(round_: Round) -> QuestionsForm:
    words = wording(round_, page_language())
    factors = {"": _("Choose a factor"), **{key: words[f"{key}.title"] for key in round_.factors}}
    groups = options((group.key, words[f"group.{group.key}"]) for group in round_.groups)
    asked = {question["key"]: question for question in round_.own_questions}
    new = _free_key(asked) if len(asked) < MOST else None
    keys = (*asked, new) if new else tuple(asked)
    fields: dict[str, Any] = {"keys": keys, "codes": tuple(round_.languages), "new": new}
    values: dict[str, Any] = {}
    for key in keys:
        for code in round_.languages:
            label = _("The question (%(language)s)", language=endonym(code))
            fields[f"{key}-text-{code}"] = Line(label, [at_most(LETTERS)])
        fields[f"{key}-factor"] = choice_of(_("Factor it belongs to"), factors)
        fields[f"{key}-groups"] = SelectMultipleField(_("Groups to ask"), choices=groups)
        if key != new:
            fields[f"{key}-dropped"] = BooleanField(_("Take this question out"))
            values |= _values(asked[key], round_)
    form: QuestionsForm = type("RoundQuestionsForm", (QuestionsForm,), fields)(data=values)
    return form


def _values(question: dict[str, Any], round_: Round) -> dict[str, Any]:
    key = question["key"]
    return {
        f"{key}-factor": question["factor"] if question["factor"] in round_.factors else "",
        f"{key}-groups": question["groups"],
        **{f"{key}-text-{code}": text for code, text in question["texts"].items()},
    }


def _free_key(asked: dict[str, Any]) -> str:
    return next(key for key in (f"own-{number}" for number in range(1, MOST + 2)) if key not in asked)


def save(round_: Round, form: QuestionsForm) -> None:
    """Words in a language that the round no longer offers stay, should it come back."""
    earlier = {question["key"]: question["texts"] for question in round_.own_questions}
    round_.own_questions = [
        {
            "key": question.key,
            "factor": question.factor.data,
            "groups": list(question.groups.data),
            "texts": {
                **{
                    code: text
                    for code, text in earlier.get(question.key, {}).items()
                    if code not in round_.languages
                },
                **question.typed,
            },
        }
        for question in form.questions
        if question.wanted
    ]


def told(round_: Round) -> str:
    asked = len(round_.own_questions)
    return ngettext("%(num)d question", "%(num)d questions", asked) if asked else _("none")


def shown(_round: Round, _form: QuestionsForm) -> dict[str, Any]:
    return {"most": MOST}


STEP = Step("questions", _l("Your own questions"), form_for, save, told, shown)
