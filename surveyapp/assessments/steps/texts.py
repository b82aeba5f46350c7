"""Fifth step: what the round says of itself in each of its languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from surveyapp.assessments.drafts import KINDS, privacy_notice
from surveyapp.assessments.steps.step import Step
from surveyapp.i18n import endonym
from surveyapp.layout.forms import Form, Passage, at_most
from surveyapp.models import Round

LETTERS = {"contact": 300, "privacy": 6000, "next_steps": 1000}


@dataclass(frozen=True)
class Wording:
    """The three texts in one language."""

    language: str
    contact: Passage
    privacy: Passage
    next_steps: Passage


class TextsForm(Form):
    """Three texts for each language of the round: see `form_for`."""

    codes: tuple[str, ...] = ()

    @property
    def wordings(self) -> list[Wording]:
        return [Wording(code, *(self[f"{kind}-{code}"] for kind in KINDS)) for code in self.codes]


def form_for(round_: Round) -> TextsForm:
    values = {
        f"{kind}-{code}": round_.texts.get(kind, {}).get(code, "")
        for code in round_.languages
        for kind in KINDS
    }
    form: TextsForm = type("RoundTextsForm", (TextsForm,), fields_for(round_.languages))(data=values)
    return form


def fields_for(languages: Iterable[str]) -> dict[str, Any]:
    labels = {
        "contact": lambda language: _("Contact (%(language)s)", language=language),
        "privacy": lambda language: _("Privacy notice (%(language)s)", language=language),
        "next_steps": lambda language: _("What happens next (%(language)s)", language=language),
    }
    fields: dict[str, Any] = {"codes": tuple(languages)}
    for code in languages:
        for kind in KINDS:
            fields[f"{kind}-{code}"] = Passage(labels[kind](endonym(code)), [at_most(LETTERS[kind])])
    return fields


def typed_texts(round_: Round, wording: Wording, contact: str) -> dict[str, str]:
    """What was typed, by kind. A privacy notice that nobody changed follows the contact, which was `contact`."""
    privacy = wording.privacy.data
    if privacy == privacy_notice(round_, wording.language, contact):
        privacy = privacy_notice(round_, wording.language, wording.contact.data)
    return {"contact": wording.contact.data, "privacy": privacy, "next_steps": wording.next_steps.data}


def save(round_: Round, form: TextsForm) -> None:
    texts = {kind: dict(words) for kind, words in round_.texts.items()}
    for wording in form.wordings:
        code = wording.language
        typed = typed_texts(round_, wording, texts.get("contact", {}).get(code, ""))
        for kind, text in typed.items():
            words = texts.setdefault(kind, {})
            words.pop(code, None)
            if text:
                words[code] = text
    round_.texts = texts


def told(round_: Round) -> str:
    missing = [
        code for code in round_.languages if not all(round_.texts.get(kind, {}).get(code) for kind in KINDS)
    ]
    return _("not in every language yet") if missing else _("in every language")


STEP = Step("texts", _l("Contact and privacy"), form_for, save, told)
