"""The first page of a new round: for which city, under which name, fresh or as an earlier one."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import SelectField

from surveyapp.assessments.fields import fault
from surveyapp.benchmark import find_packs, load
from surveyapp.config import data_folder
from surveyapp.database import db
from surveyapp.layout.forms import Form, Line, at_most, needed, options
from surveyapp.models import Assessment, City, Membership, Round


class NewRoundForm(Form):
    city = SelectField(_l("City"))
    title = Line(_l("Name of the round"), [needed(), at_most(80)])
    earlier = SelectField(_l("How do you want to begin?"))
    pack = SelectField(_l("Benchmark"))

    cities: Sequence[City] = ()
    rounds: Sequence[Round] = ()

    @property
    def chosen_city(self) -> City:
        return next(city for city in self.cities if str(city.id) == self.city.data)

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        source = next((round_ for round_ in self.rounds if round_.key == self.earlier.data), None)
        if source is not None and str(source.assessment.city_id) != self.city.data:
            fault(self.earlier, _("This round belongs to another city."))
        return not self.errors


def cities_led_by(user_id: int) -> Sequence[City]:
    led = select(City).join(Membership, Membership.city_id == City.id)
    return db.session.scalars(
        led.where(Membership.user_id == user_id, Membership.role == "lead").order_by(City.name)
    ).all()


def earlier_rounds(cities: Sequence[City]) -> Sequence[Round]:
    """The rounds of these cities, latest first."""
    rounds = select(Round).join(Assessment).where(Assessment.city_id.in_([city.id for city in cities]))
    return db.session.scalars(rounds.order_by(Round.id.desc())).all()


def form_for(cities: Sequence[City], rounds: Sequence[Round]) -> NewRoundForm:
    """A question with one possible answer is not asked: the page leaves it out."""
    folders = find_packs(data_folder("benchmark"))
    form = NewRoundForm(data={"city": str(cities[0].id), "earlier": "", "pack": folders[0].name})
    form.cities, form.rounds = cities, rounds
    form.city.choices = options((str(city.id), city.name) for city in cities)
    form.earlier.choices = options(
        [
            ("", _("From the start")),
            *((round_.key, _copy_of(round_, several=len(cities) > 1)) for round_ in rounds),
        ]
    )
    form.pack.choices = options((folder.name, load(folder).title) for folder in folders)
    return form


def _copy_of(round_: Round, several: bool) -> str:
    if several:
        return _("As in %(round)s, %(city)s", round=round_.title, city=round_.city.name)
    return _("As in %(round)s", round=round_.title)
