"""From a city's texts to one person's mail: placeholders checked and filled, plain text and HTML."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

from babel.dates import format_date
from flask import current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup, escape

from surveyapp.config import locale_of
from surveyapp.i18n import direction, in_order
from surveyapp.mail import sender
from surveyapp.mailing import texts
from surveyapp.models import Round
from surveyapp.tokens import keyed_hash

PLACEHOLDERS = ("name", "link", "city", "title", "closes", "contact", "stop")
IN_SUBJECTS = ("city", "title", "closes")
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True)
class Letter:
    """What one person's mail needs, and nothing of the database."""

    to: str
    name: str
    link: str
    stop: str
    reference: str
    """Names this mail among all: handing it over twice gives the same Message-ID."""


@dataclass(frozen=True)
class Voice:
    """The texts of one purpose in one language, with everything filled in that is the same for all."""

    language: str
    subject: str
    body: str
    city: str
    reply_to: str


def text_of(round_: Round, kind: str, language: str) -> str:
    """The city's own text, else ours."""
    own = round_.texts.get(kind, {}).get(language)
    if own:
        return own
    with force_locale(language):
        return texts.default(kind)


def faults_of(kind: str, text: str) -> list[str]:
    """What is wrong with the placeholders of a text, in the page's language."""
    allowed = PLACEHOLDERS if kind.endswith("body") else IN_SUBJECTS
    named = PLACEHOLDER.findall(text)
    faults = [
        _(
            "%(name)s cannot be filled in here. What can: %(all)s.",
            name=_listed((name,)),
            all=_listed(allowed),
        )
        for name in dict.fromkeys(named)
        if name not in allowed
    ]
    if PLACEHOLDER.sub("", text).count("{") or PLACEHOLDER.sub("", text).count("}"):
        faults.append(_("A curly bracket stands alone."))
    if kind.endswith("body") and "link" not in named:
        faults.append(_("%(link)s is missing: without it nobody can answer.", link="{link}"))
    return faults


def _listed(names: tuple[str, ...]) -> str:
    return " ".join(f"{{{name}}}" for name in names)


def voice(round_: Round, purpose: str, language: str) -> Voice:
    """How the round writes for a purpose (invitation or reminder) in a language."""
    first = round_.languages[0]
    subjects = [_common(round_, text_of(round_, f"{purpose}_subject", one), one) for one in (language, first)]
    body = text_of(round_, f"{purpose}_body", language)
    if "{stop}" not in body:
        with force_locale(language):
            body = f"{body.rstrip()}\n\n--\n{texts.footer()}"
    contact = round_.texts.get("contact", {}).get(language, "")
    address = ADDRESS.search(contact)
    return Voice(
        language=language,
        # Somebody who shares the mailbox, or a filter, should recognise it in the city's own language too
        subject=" / ".join(dict.fromkeys(" ".join(subject.split()) for subject in subjects)),
        body=_common(round_, body, language),
        city=round_.city.name,
        reply_to=address[0].rstrip(".") if address else "",
    )


def _common(round_: Round, text: str, language: str) -> str:
    contacts = round_.texts.get("contact", {})
    closes = format_date(round_.closes_on, "long", locale=locale_of(language)) if round_.closes_on else ""
    return fill(
        text,
        {
            "city": round_.city.name,
            "title": round_.title,
            "closes": closes,
            "contact": in_order(contacts.get(language) or next(iter(contacts.values()), "")),
        },
    )


def fill(text: str, values: Mapping[str, str]) -> str:
    """Puts values in; unknown names stay. A line whose value is empty goes; without a name its space goes too."""
    lines = []
    for line in text.replace("\r\n", "\n").split("\n"):
        named = [name for name in PLACEHOLDER.findall(line) if name in values]
        if any(not values[name] for name in named if name != "name"):
            continue
        if "name" in named and not values["name"]:
            line = re.sub(r"\s*\{name\}", "", line)
        lines.append(PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def written(voice: Voice, letter: Letter) -> str:
    return fill(voice.body, {"name": letter.name, "link": letter.link, "stop": letter.stop})


def composed(voice: Voice, letter: Letter) -> EmailMessage:
    """The mail as it goes out. No pictures, nothing that reports back; a filter sees that no person waits for it."""
    message = addressed(voice.city, letter.to, voice.subject, written(voice, letter), voice.language)
    domain = parseaddr(current_app.config["MAIL_FROM"])[1].partition("@")[2]
    message["Message-ID"] = f"<{keyed_hash('message', letter.reference)[:40]}@{domain}>"
    message["List-Unsubscribe"] = f"<{letter.stop}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    if voice.reply_to:
        message["Reply-To"] = voice.reply_to
    return message


def addressed(city: str, to: str, subject: str, text: str, language: str) -> EmailMessage:
    """A mail in plain text and, the same words, in HTML."""
    message = EmailMessage()
    message["From"] = sender(city)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = subject
    message["Date"] = datetime.now(UTC)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    page = render_template(
        "mailing/letter.html",
        language=language,
        direction=direction(language),
        subject=subject,
        paragraphs=paragraphs(text),
    )
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    message["Content-Language"] = language  # after the parts: they would take it along
    return message


def paragraphs(text: str) -> list[Markup]:
    """Plain text as HTML: paragraphs, line ends, and web addresses that can be pressed and read."""
    return [
        Markup("<br>\n").join(map(_linked, part.strip("\n").split("\n")))
        for part in re.split(r"\n\s*\n", text)
        if part.strip()
    ]


def _linked(line: str) -> Markup:
    parts, end = [], 0
    for found in WEB_ADDRESS.finditer(line):
        parts += [
            escape(line[end : found.start()]),
            Markup('<a href="{0}" dir="ltr">{0}</a>').format(found[0]),
        ]
        end = found.end()
    return Markup("").join([*parts, escape(line[end:])])
