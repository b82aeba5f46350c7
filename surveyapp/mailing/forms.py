"""Forms of the pages about mail."""

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import FileField as AnyFileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from surveyapp.layout.forms import Day, Form, at_most, needed
from surveyapp.mailing import wording


class FileField(AnyFileField):
    def _value(self) -> str:
        return ""  # no browser puts a file back in


class ListForm(Form):
    """A list of people, as a file or typed in."""

    file = FileField(_("A file"))
    pasted = TextAreaField(_("Or paste the rows here"))
    group = SelectField(_("Group, where a row names none"), default="")
    language = SelectField(_("Language, where a row names none"), default="")


class BouncedForm(Form):
    file = FileField(_("A file"))
    pasted = TextAreaField(_("Or paste the addresses here"))


class CameBackForm(Form):
    why = StringField(_("What the message said"), validators=[at_most(200)])


def proper_text(form: Any, field: Any) -> None:
    faults = wording.faults_of(field.name, field.data or "")
    if faults:
        raise ValidationError(" ".join(faults))


class TextsForm(Form):
    """What the round's mail says in one language."""

    invitation_subject = StringField(
        _("Subject of the invitation"), validators=[needed(), at_most(150), proper_text]
    )
    invitation_body = TextAreaField(_("The invitation"), validators=[needed(), at_most(5000), proper_text])
    reminder_subject = StringField(
        _("Subject of the reminders"), validators=[needed(), at_most(150), proper_text]
    )
    reminder_body = TextAreaField(_("The reminders"), validators=[needed(), at_most(5000), proper_text])


class RemindersForm(Form):
    """The planned days; an empty one is no reminder."""

    first = Day(_("First reminder"), validators=[Optional()])
    second = Day(_("Second reminder"), validators=[Optional()])
    third = Day(_("Third reminder"), validators=[Optional()])

    earliest: Any = None
    closes_on: Any = None

    def days(self) -> list[Any]:
        return [field for field in (self.first.data, self.second.data, self.third.data) if field]

    def _fits(self, field: Any) -> None:
        if field.data and field.data < self.earliest:
            raise ValidationError(gettext("This day is over."))
        if field.data and self.closes_on and field.data >= self.closes_on:
            raise ValidationError(gettext("Choose a day before the survey closes."))

    def validate_first(self, field: Any) -> None:
        self._fits(field)

    def validate_second(self, field: Any) -> None:
        self._fits(field)

    def validate_third(self, field: Any) -> None:
        self._fits(field)


class NowForm(Form):
    group = SelectField(_("Who gets it"))
