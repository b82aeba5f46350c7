"""Second step: the whole benchmark, or some of its factors."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from wtforms import RadioField, SelectMultipleField

from surveyapp.assessments.fields import fault
from surveyapp.assessments.steps.step import Step
from surveyapp.i18n import page_language
from surveyapp.layout.forms import Form, options
from surveyapp.models import Round
from surveyapp.models.drafting import pack_of, pack_wording

WHOLE, SOME = "whole", "some"


class FactorsForm(Form):
    scope = RadioField(_l("How much do you want to ask?"))
    factors = SelectMultipleField(_l("Factors to ask about"))

    def validate(self, extra_validators: Any = None) -> bool:
        checked = super().validate(extra_validators)
        if self.scope.data == SOME and not self.factors.data:
            fault(self.factors, _("Choose at least one factor."))
            return False
        return checked


def form_for(round_: Round) -> FactorsForm:
    keys = [factor.key for factor in pack_of(round_).factors]
    words = pack_wording(round_, page_language())
    whole = set(round_.factors) == set(keys)
    form = FactorsForm(data={"scope": WHOLE if whole else SOME, "factors": round_.factors})
    whole_benchmark = ngettext("The only factor", "The whole benchmark: all %(num)d factors", len(keys))
    form.scope.choices = options([(WHOLE, whole_benchmark), (SOME, _("Some factors"))])
    form.factors.choices = options((key, words[f"{key}.title"]) for key in keys)
    return form


def save(round_: Round, form: FactorsForm) -> None:
    """A question of the city's own whose factor is dropped stays, and the step about it is to be looked at again."""
    keys = [factor.key for factor in pack_of(round_).factors]
    round_.factors = [key for key in keys if form.scope.data == WHOLE or key in form.factors.data]
    if any(question["factor"] not in round_.factors for question in round_.own_questions):
        round_.setup_done = [step for step in round_.setup_done if step != "questions"]


def told(round_: Round) -> str:
    return ngettext("%(num)d factor", "%(num)d factors", len(round_.factors))


def shown(round_: Round, _form: FactorsForm) -> dict[str, Any]:
    words = pack_wording(round_, page_language())
    return {"notes": {factor.key: words[f"{factor.key}.statement"] for factor in pack_of(round_).factors}}


STEP = Step("factors", _l("Factors"), form_for, save, told, shown)
