"""Forms of the class pages: a set of codes, a group link, a stack of paper, and their limits."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, TimeField
from wtforms.validators import Optional

from surveyapp.charts.words import Words
from surveyapp.classes.actions import MOST_CODES
from surveyapp.clock import to_local, to_utc
from surveyapp.i18n import endonym
from surveyapp.layout.forms import Day, Form, Number, at_most, between, needed, options
from surveyapp.models import Batch, Round, StakeholderGroup

LABEL_MAX = 60
PEOPLE_MAX = 20_000


def tidy(text: str | None) -> str:
    return " ".join((text or "").split())


class Clock(TimeField):
    """A time of day, with a fault in words of ours: WTForms lacks some of our languages."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("A time such as 09:30 is needed.")) from None


class Name(Form):
    label = StringField(_("Name of the class"), filters=[tidy], validators=[needed(), at_most(LABEL_MAX)])


class NewBatch(Name):
    """What every batch of a class says: which group, what it is called, in which language."""

    group = SelectField(_("Which group is it?"))
    batch_language = SelectField(_("Language"))

    def of(self, round_: Round, words: Words) -> "NewBatch":
        """With the choices that this round has."""
        self.groups = {group.key: group for group in round_.groups}
        self.group.choices = options((key, words.group(key)) for key in self.groups)
        self.batch_language.choices = options((code, endonym(code)) for code in round_.languages)
        if not self.is_submitted() and "learners" in self.groups:
            self.group.data = "learners"
        return self

    @property
    def chosen_group(self) -> StakeholderGroup:
        return self.groups[self.group.data]


class NewCodes(NewBatch):
    number = Number(_("How many codes?"), validators=[between(1, MOST_CODES)])


class Window(Form):
    """From when until when people may start, in the zone of the installation; each half may be left out."""

    from_day = Day(_("From: day"), validators=[Optional()])
    from_time = Clock(_("From: time"), validators=[Optional()])
    to_day = Day(_("Until: day"), validators=[Optional()])
    to_time = Clock(_("Until: time"), validators=[Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        for day, time in ((self.from_day, self.from_time), (self.to_day, self.to_time)):
            if time.data is not None and day.data is None:
                day.errors = [_("The day is missing.")]
        opens, closes = self.window
        if opens and closes and closes <= opens:
            self.to_day.errors = [_("The end must come after the beginning.")]
        return not self.errors

    @property
    def window(self) -> tuple[datetime | None, datetime | None]:
        """As UTC. A day without a time counts whole."""
        return _moment(self.from_day, self.from_time, _midnight), _moment(self.to_day, self.to_time, _end)


class NewLink(NewBatch, Window):
    size = Number(
        _("People in the class"),
        validators=[Optional(), between(1, PEOPLE_MAX)],
    )


class Limits(Window):
    cap = Number(
        _("How many may start at most?"),
        validators=[Optional(), between(1, PEOPLE_MAX)],
    )

    @classmethod
    def of_batch(cls, batch: Batch) -> "Limits":
        """As they stand now."""
        opens = to_local(batch.opens_at) if batch.opens_at else None
        closes = to_local(batch.closes_at) if batch.closes_at else None
        return cls(
            cap=batch.cap,
            from_day=opens and opens.date(),
            from_time=opens and opens.time(),
            to_day=closes and closes.date(),
            to_time=closes and closes.time(),
        )


def _moment(day: Any, time: Any, alone: Callable[[Any], datetime]) -> datetime | None:
    if day.data is None:
        return None
    return to_utc(datetime.combine(day.data, time.data) if time.data else alone(day.data))


def _midnight(day: Any) -> datetime:
    return datetime(day.year, day.month, day.day)


def _end(day: Any) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59)
