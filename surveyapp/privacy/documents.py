"""Templates of the two documents a city needs, filled with the settings of a round.

One HTML file each, which any browser prints and any word processor opens. What only the city knows stands in square
brackets. The texts are whole documents in their language and are not put together from sentences of the catalogues.
"""

from dataclasses import dataclass

from babel import Locale
from babel.dates import format_date
from flask import render_template
from sqlalchemy import select

from surveyapp.charts.words import Words
from surveyapp.database import db
from surveyapp.models import Batch, Round, StakeholderGroup
from surveyapp.models.drafting import planned_content
from surveyapp.privacy.retention import today

LANGUAGES = {"en": "en_GB", "de": "de"}  # language of a document -> how it writes dates


@dataclass(frozen=True)
class Ways:
    """Whether the service knows whom it has asked (personal links), and whether it asked people it does not know."""

    personal: bool
    unknown: bool


def document(name: str, round_: Round, language: str) -> str:
    """`record` (GDPR Art. 30) or `assessment` (Art. 35) of this round, in English or German."""
    locale, words = Locale.parse(LANGUAGES[language]), Words(planned_content(round_), language)
    contact = round_.texts.get("contact", {})
    return render_template(
        f"privacy/{name}.{language}.html",
        round=round_,
        city=round_.city,
        groups=[(words.group(group.key), group.kind) for group in round_.groups],
        languages=", ".join(locale.languages.get(code, code) for code in round_.languages),
        ways=ways_in(round_),
        contact=contact.get(language) or next(iter(contact.values()), ""),
        day=lambda date: format_date(date, "long", locale=locale),
        today=today(),
    )


def ways_in(round_: Round) -> Ways:
    """How the round has asked so far; trials of a draft are no way in."""
    channels = set(
        db.session.scalars(
            select(Batch.channel)
            .join(StakeholderGroup)
            .where(StakeholderGroup.round_id == round_.id, Batch.channel != "trial")
            .distinct()
        )
    )
    return Ways(personal="personal" in channels, unknown=bool(channels - {"personal"}))
