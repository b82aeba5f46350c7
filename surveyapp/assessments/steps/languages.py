"""Fourth step: the languages people can answer in, and what is known of their translation."""

from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from surveyapp.assessments.drafts import drafted_texts
from surveyapp.assessments.fields import fault
from surveyapp.assessments.steps.step import Step
from surveyapp.i18n import endonym
from surveyapp.layout.forms import Form
from surveyapp.models import Round
from surveyapp.models.translation import drafts
from surveyapp.progress import whole


@dataclass(frozen=True)
class Offer:
    """One language on the page; `known` is there where its translation is still a draft."""

    language: str
    offered: BooleanField
    known: BooleanField | None

    @property
    def whole(self) -> bool:
        return whole(self.language)


class LanguagesForm(Form):
    """One or two boxes for each language of this installation: see `form_for`."""

    codes: tuple[str, ...] = ()

    @property
    def offers(self) -> list[Offer]:
        return [Offer(code, self[f"offer-{code}"], self._fields.get(f"known-{code}")) for code in self.codes]

    @property
    def chosen(self) -> list[Offer]:
        return [offer for offer in self.offers if offer.offered.data]

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        if not self.chosen:
            fault(self.offers[0].offered, _("Choose at least one language."))
        for offer in self.chosen:
            if offer.known is not None and not offer.known.data:
                text = _("Say that you know this, or leave the language out.")
                fault(offer.known, text)
        return not self.errors


def form_for(round_: Round) -> LanguagesForm:
    codes = tuple(current_app.config["LANGUAGES"])
    fields: dict[str, Any] = {"codes": codes}
    values: dict[str, bool] = {}
    unread = drafts(round_.city, codes)
    for code in codes:
        fields[f"offer-{code}"] = BooleanField(endonym(code))
        values[f"offer-{code}"] = code in round_.languages
        if code in unread:
            label = _("%(language)s: I know that no native speaker has checked it", language=endonym(code))
            fields[f"known-{code}"] = BooleanField(label)
            values[f"known-{code}"] = code in round_.draft_languages
    form: LanguagesForm = type("RoundLanguagesForm", (LanguagesForm,), fields)(data=values)
    return form


def save(round_: Round, form: LanguagesForm) -> None:
    """Texts of a language that is left out stay, should it come back; a new language gets the drafted ones."""
    added = [offer.language for offer in form.chosen if offer.language not in round_.languages]
    round_.languages = [offer.language for offer in form.chosen]
    round_.draft_languages = [offer.language for offer in form.chosen if offer.known is not None]
    contact = next(iter(round_.texts.get("contact", {}).values()), "")
    drafted = drafted_texts(round_, added, contact)
    round_.texts = {
        **round_.texts,
        **{kind: {**words, **round_.texts.get(kind, {})} for kind, words in drafted.items()},
    }


def told(round_: Round) -> str:
    return ", ".join(endonym(code) for code in round_.languages)


STEP = Step("languages", _l("Languages"), form_for, save, told)
