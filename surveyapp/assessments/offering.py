"""One more language while a round is open: what the round says of itself in it, and that it is still a draft."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from wtforms import BooleanField

from surveyapp.assessments.drafts import KINDS, drafted_texts
from surveyapp.assessments.fields import fault
from surveyapp.assessments.readiness import untranslated
from surveyapp.assessments.steps.texts import TextsForm, Wording, fields_for, typed_texts
from surveyapp.models import Round
from surveyapp.models.translation import draft_for


class OfferForm(TextsForm):
    """The texts in the new language; `agreed` is there where its translation is still a draft."""

    agreed: BooleanField | None = None
    drafted: Mapping[str, str]  # what `form_for` puts in

    @property
    def wording(self) -> Wording:
        return self.wordings[0]

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for field in (self.wording.contact, self.wording.privacy):
            if not field.data:
                fault(field, _("This is needed."))
        if self.agreed is not None and not self.agreed.data:
            text = _(
                "No native speaker has reviewed this translation. Tick the box to offer it all the same."
            )
            fault(self.agreed, text)
        return not self.errors


def form_for(round_: Round, language: str) -> OfferForm:
    """Words that the round has in this language already, from before it was dropped, come first."""
    contact = next(iter(round_.texts.get("contact", {}).values()), round_.city.name)
    drafted = {
        kind: round_.texts.get(kind, {}).get(language) or words[language]
        for kind, words in drafted_texts(round_, [language], contact).items()
    }
    fields: dict[str, Any] = {**fields_for([language]), "drafted": drafted}
    if draft_for(round_.city, language):
        fields["agreed"] = BooleanField(_("Offer it although its translation is a draft"))
    values = {f"{kind}-{language}": drafted[kind] for kind in KINDS}
    form: OfferForm = type("RoundOfferForm", (OfferForm,), fields)(data=values)
    return form


def texts_of(round_: Round, form: OfferForm) -> dict[str, str]:
    return typed_texts(round_, form.wording, form.drafted["contact"])


def offerable(round_: Round) -> list[str]:
    """Languages of this installation that could be added at once: everything people will read is there."""
    if round_.state != "open":
        return []
    return [
        code
        for code in current_app.config["LANGUAGES"]
        if code not in round_.languages and _whole(round_, code)
    ]


def _whole(round_: Round, language: str) -> bool:
    own = all(question["texts"].get(language, "").strip() for question in round_.own_questions)
    return own and not untranslated(round_, language)
