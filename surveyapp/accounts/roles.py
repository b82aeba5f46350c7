"""What each role is called, and may do, in a sentence."""

from flask_babel import lazy_gettext as _

ROLE_NAMES = {
    "lead": _("Lead"),
    "viewer": _("Viewer"),
    "facilitator": _("Facilitator"),
    "translator": _("Translator"),
}

ROLE_SENTENCES = {
    "lead": _(
        "Sets up rounds, invites people, opens and closes, reads everything and decides who works here."
    ),
    "viewer": _("Reads the results once the lead has looked at them, and the reports."),
    "facilitator": _("Sees how many have answered, prints sheets for classes and types in answers on paper."),
    "translator": _(
        "Looks at the questions in every language before they are sent out, "
        "and says which language has been read."
    ),
}
