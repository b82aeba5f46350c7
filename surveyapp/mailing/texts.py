"""What mail says unless a city words it itself: whole texts, in every language of respondents.

Words in braces are filled in for each person (see wording.py); translations keep them as they are.
"""

from flask_babel import gettext as _

PURPOSES = ("invitation", "reminder")
KINDS = ("invitation_subject", "invitation_body", "reminder_subject", "reminder_body")


def default(kind: str) -> str:
    """A text of KINDS in the language that is spoken just now."""
    return {
        "invitation_subject": invitation_subject,
        "invitation_body": invitation_body,
        "reminder_subject": reminder_subject,
        "reminder_body": reminder_body,
    }[kind]()


def invitation_subject() -> str:
    # i18n: The word in braces is filled in. Please keep it as it is.
    return _("What do you think about the language courses in {city}?")


def invitation_body() -> str:
    # i18n: Words in braces are filled in. Please keep them as they are, {link} on a line of its own.
    return _(
        "Hello {name},\n\n"
        "{city} wants to know how good the language courses for people who are new here are. "
        "You are one of those who can tell.\n\n"
        "Please open this link and answer the questions. You can stop and go on later with the same link:\n\n"
        "{link}\n\n"
        "You can answer until {closes}.\n\n"
        "We know who was invited, not what you said: when you send your answers, they are cut off from your "
        "invitation. The link is yours alone, so please do not pass it on.\n\n"
        "Do you need help? {contact}\n\n"
        "Thank you,\n{city}"
    )


def reminder_subject() -> str:
    # i18n: The word in braces is filled in. Please keep it as it is.
    return _("A reminder: the language courses in {city}")


def reminder_body() -> str:
    # i18n: Words in braces are filled in. Please keep them as they are, {link} on a line of its own.
    return _(
        "Hello {name},\n\n"
        "some days ago we asked you about the language courses in {city}. There is still time, and your view "
        "counts. If you have begun, you can go on where you stopped:\n\n"
        "{link}\n\n"
        "You can answer until {closes}.\n\n"
        "You do not have to answer. We know who was invited, not what you said.\n\n"
        "Do you need help? {contact}\n\n"
        "Thank you,\n{city}"
    )


def footer() -> str:
    # i18n: Words in braces are filled in. Please keep them as they are.
    return _(
        "You get this mail because {city} has invited you to a survey. "
        "If you want no more mail, open this page and press the button:\n{stop}"
    )


def lost_subject() -> str:
    return _("Your link to the survey")


def lost_body() -> str:
    # i18n: The word in braces is filled in. Please keep it as it is.
    return _(
        "Hello,\n\n"
        "somebody, probably you, has asked us for the link that belongs to this address. Here it is:\n\n"
        "{links}\n\n"
        "If it was not you, there is nothing to do. Nobody else has got the link."
    )


def test_note() -> str:
    return _("This is a test. The link in it leads nowhere.")
