"""What a lead decides about one comment."""

from flask_babel import lazy_gettext as _
from wtforms import RadioField, SelectField, TextAreaField

from surveyapp.layout.forms import Form, at_most, needed, options

FAULTS = {
    "added": _(
        "Only leave words out. Something here does not stand in the comment, or stands in another order."
    ),
    "nothing_left": _("Nothing is left. Hide the comment instead."),
    "nothing_out": _("Nothing is left out. Keep the comment as it is, or remove what should not be read."),
}


def _stripped(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n").strip()


class Decision(Form):
    decision = RadioField(
        _("What becomes of this comment"),
        [needed(_("Choose what becomes of it."))],
        choices=options(
            [
                ("kept", _("Keep it as it is")),
                ("shortened", _("Leave words out")),
                ("hidden", _("Hide it")),
            ]
        ),
    )
    shown = TextAreaField(_("The comment without the words left out"), [at_most(3000)], filters=[_stripped])
    translation = TextAreaField(_("Translation"), [at_most(3000)], filters=[_stripped])
    translation_language = SelectField(_("Language of the translation"), choices=[])

    def say(self, problem: str) -> None:
        self.shown.errors = [*self.shown.errors, FAULTS[problem]]
