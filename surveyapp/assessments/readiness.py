"""Is a draft ready to open? What keeps it from opening, what had better be mended first, and where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

import msgspec
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from surveyapp.analysis.disclosure import PublicEdition
from surveyapp.analysis.rules import RULES
from surveyapp.assessments.changing import today
from surveyapp.benchmark import messages
from surveyapp.charts.words import Words
from surveyapp.database import db
from surveyapp.i18n import SOURCE, endonym
from surveyapp.models import Batch, Invitation, Round, StakeholderGroup
from surveyapp.models.drafting import named, pack_folder, pack_of
from surveyapp.models.translation import drafts
from surveyapp.progress import Text, unfinished

Weight = Literal["blocks", "warns", "informs"]

# Texts of a pack that no respondent reads
FOR_STAFF = re.compile(
    r"title|standard|inspiration|context_factor\..*|group\..*\.role|[^.]+\.(why|guide|example)(\..*)?"
)


@dataclass(frozen=True)
class Finding:
    """What is missing, how bad that is, and the page where it can be mended."""

    weight: Weight
    text: str
    endpoint: str | None = "assessments.step"
    step: str | None = None


def findings(round_: Round, words: Words, mail_works: bool) -> list[Finding]:
    """Everything to say about a draft, what keeps it from opening first. Sentences are in the page's language."""
    found = [
        *_last_day(round_.closes_on),
        *_languages(round_),
        *_texts(round_, words),
        *_groups(round_, words),
        *_own_questions(round_),
        *_channels(round_, words, mail_works),
    ]
    if not round_.title.strip():
        found.insert(0, Finding("blocks", _("The round has no title."), step="name"))
    order: tuple[Weight, ...] = ("blocks", "warns", "informs")
    return sorted(found, key=lambda finding: order.index(finding.weight))


def _last_day(closes_on: date | None) -> Iterator[Finding]:
    if closes_on is None:
        yield Finding("blocks", _("There is no closing date."), step="name")
    elif closes_on < today():
        yield Finding("blocks", _("The closing date is over."), step="name")


def _languages(round_: Round) -> Iterator[Finding]:
    unread = drafts(round_.city, round_.languages)
    for language in round_.languages:
        name = endonym(language)
        if missing := untranslated(round_, language):
            text = ngettext(
                "%(language)s: %(num)d text that people will read is not translated, or has changed since.",
                "%(language)s: %(num)d texts that people will read are not translated, or have changed since.",
                missing,
                language=name,
            )
            yield Finding("blocks", text, step="languages")
        if language not in unread:
            continue
        if language in round_.draft_languages:
            text = _("%(language)s: the translation is a draft. The report will say so.", language=name)
            yield Finding("warns", text, step="languages")
        else:
            text = _(
                "%(language)s: no native speaker has reviewed the translation yet. "
                "Leave the language out, or say that you open it all the same.",
                language=name,
            )
            yield Finding("blocks", text, step="languages")


def untranslated(round_: Round, language: str) -> int:
    """How many texts that respondents and readers of this round read have no current translation."""
    pack = pack_of(round_)
    missing = unfinished(language, "benchmark", _asked(round_)) if language != pack.source_language else 0
    if language == SOURCE:
        return missing
    return missing + unfinished(language, "answering") + unfinished(language, "report")


def _asked(round_: Round) -> set[Text]:
    """The pack's texts that respondents of this round read."""
    pack, name = pack_of(round_), pack_folder(round_.pack).name
    groups = {group.based_on or group.key for group in round_.groups}
    reduced = msgspec.structs.replace(
        pack,
        groups=tuple(group for group in pack.groups if group.key in groups),
        factors=tuple(factor for factor in pack.factors if factor.key in round_.factors),
    )
    return {
        (f"{name}/{message.key}", message.text)
        for message in messages(reduced)
        if not FOR_STAFF.fullmatch(message.key)
    }


def _texts(round_: Round, words: Words) -> Iterator[Finding]:
    for kind, told in (
        ("contact", _("Nobody is named whom people can ask. Missing in: %(languages)s.")),
        ("privacy", _("There is no privacy notice. Missing in: %(languages)s.")),
    ):
        written = round_.texts.get(kind, {})
        lacking = [endonym(code) for code in round_.languages if not written.get(code, "").strip()]
        if lacking:
            yield Finding("blocks", told % {"languages": words.all_of(lacking)}, step="texts")


def _groups(round_: Round, words: Words) -> Iterator[Finding]:
    if len(round_.groups) == 1:
        text = _("Only one group is asked. The results show how far its people agree, and compare nothing.")
        yield Finding("informs", text, step="groups")
    edition = PublicEdition(RULES)
    for group in round_.groups:
        name = words.group(group.key)
        if group.based_on and not named(group, words.language):
            text = _("A group of your own, based on “%(group)s”, has no name.", group=name)
            yield Finding("blocks", text, step="groups")
        kind: Literal["persons", "organisations"] = "persons" if group.kind == "persons" else "organisations"
        needed = edition.threshold(round_.threshold, kind)
        if group.expected is None:
            text = _("%(group)s: it is not said how many people you expect.", group=name)
            yield Finding("warns", text, step="groups")
        elif group.expected < needed:
            text = _(
                "%(group)s: you expect %(expected)s answers, and %(needed)s are needed to show any.",
                group=name,
                expected=group.expected,
                needed=needed,
            )
            yield Finding("warns", text, step="groups")


def _own_questions(round_: Round) -> Iterator[Finding]:
    keys = {group.key for group in round_.groups}
    for number, question in enumerate(round_.own_questions, 1):
        if question["factor"] not in round_.factors or not keys.intersection(question["groups"]):
            text = _("Question %(number)s of your own has no factor or no group any more.", number=number)
            yield Finding("blocks", text, step="questions")
        for language in round_.languages:
            if not question["texts"].get(language, "").strip():
                text = _(
                    "Question %(number)s of your own has no wording in %(language)s.",
                    number=number,
                    language=endonym(language),
                )
                yield Finding("blocks", text, step="questions")


def _channels(round_: Round, words: Words, mail_works: bool) -> Iterator[Finding]:
    rows = db.session.execute(
        select(Batch.group_id, Batch.channel, func.count(Invitation.id))
        .join(StakeholderGroup, StakeholderGroup.id == Batch.group_id)
        .outerjoin(Invitation, Invitation.batch_id == Batch.id)
        .where(StakeholderGroup.round_id == round_.id)
        .group_by(Batch.group_id, Batch.channel)
    ).all()
    reached = {group for group, channel, n in rows if channel == "group_link" or (channel != "trial" and n)}
    silent = [group.key for group in round_.groups if group.id not in reached]
    if silent:
        text = _("Nobody is invited yet, by mail, code or link: %(groups)s.", groups=words.groups(silent))
        yield Finding("warns", text, "mailing.overview")
    if not mail_works and any(channel == "personal" and n for _group, channel, n in rows):
        text = _(
            "Sending mail is not set up here, so personal invitations cannot go out. "
            "Ask the people who run this service."
        )
        yield Finding("warns", text, None)
