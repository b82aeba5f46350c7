"""The texts a round starts with, drafted in each of its languages. A lead changes them as they like."""

from flask_babel import force_locale
from flask_babel import gettext as _

from surveyapp.models import Round

KINDS = ("contact", "privacy", "next_steps")


def drafted_texts(round_: Round, languages: list[str], contact: str) -> dict[str, dict[str, str]]:
    """What a round says of itself before anybody wrote a word: who asks, what becomes of the data, what follows."""
    return {
        "contact": dict.fromkeys(languages, contact),
        "privacy": {language: privacy_notice(round_, language, contact) for language in languages},
        "next_steps": {language: next_steps(language) for language in languages},
    }


def next_steps(language: str) -> str:
    with force_locale(language):
        return _("Then the groups talk about where they see things differently.")


def privacy_notice(round_: Round, language: str, contact: str) -> str:
    """The second layer of the notice; the first is the four promises of the start page."""
    with force_locale(language):
        return "\n\n".join(
            [
                _(
                    "%(city)s is responsible for this survey. We ask because we want to improve the courses, which "
                    "is a public task (Article 6 (1) (e) of the General Data Protection Regulation).",
                    city=round_.city.name,
                ),
                _(
                    "You do not have to take part. You can leave every question empty. If you do not answer, "
                    "nothing changes for you."
                ),
                _(
                    "We do not keep your name with your answers. When you send them, they are cut off from your "
                    "invitation. When the survey has ended, nobody but you can find out any more which answers are "
                    "yours. We show results of whole groups only, never of one person."
                ),
                _(
                    "If we wrote to you by e-mail, we keep your address for the invitation and at most three "
                    "reminders. We delete it %(days)s days after the survey has ended. Staff read comments before "
                    "anything of them is shown. We delete the comments as they were written after "
                    "%(months)s months.",
                    days=round_.contacts_keep_days,
                    months=round_.comments_keep_months,
                ),
                _(
                    "You have the right to see the data we keep about you, to have it corrected or deleted, and to "
                    "object. Every e-mail has a link with which we stop writing to you. Answers that were sent are "
                    "found only with the code of your receipt: with it you can see them and delete them, and "
                    "change them until the survey has ended. You can complain to a data protection authority."
                ),
                _("Do you have a question about your data? %(contact)s", contact=contact),
            ]
        )
