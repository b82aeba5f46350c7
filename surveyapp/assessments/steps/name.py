"""First step: the round's name, its last day, and what the city wants to know."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from surveyapp.assessments.changing import today
from surveyapp.assessments.steps.step import Step
from surveyapp.i18n import day
from surveyapp.layout.forms import Day, Form, Line, at_most, needed
from surveyapp.models import Round

MOST_QUESTIONS = 3


class NameForm(Form):
    title = Line(_l("Name of the round"), [needed(), at_most(80)])
    closes_on = Day(_l("Last day to answer"))
    guiding_1 = Line(_l("First question"), [at_most(200)])
    guiding_2 = Line(_l("Second question"), [at_most(200)])
    guiding_3 = Line(_l("Third question"), [at_most(200)])

    @property
    def guiding(self) -> tuple[Line, ...]:
        return self.guiding_1, self.guiding_2, self.guiding_3

    def validate_closes_on(self, field: Day) -> None:
        if field.data is not None and field.data <= today():
            raise ValidationError(_("This day has to be in the future."))


def form_for(round_: Round) -> NameForm:
    guiding = {
        f"guiding_{number}": text for number, text in enumerate(round_.guiding_questions[:MOST_QUESTIONS], 1)
    }
    return NameForm(data={"title": round_.title, "closes_on": round_.closes_on, **guiding})


def save(round_: Round, form: NameForm) -> None:
    round_.title = form.title.data
    round_.closes_on = form.closes_on.data
    round_.guiding_questions = [field.data for field in form.guiding if field.data]


def told(round_: Round) -> str:
    return _("until %(day)s", day=day(round_.closes_on)) if round_.closes_on else _("no last day yet")


STEP = Step("name", _l("Name and dates"), form_for, save, told)
