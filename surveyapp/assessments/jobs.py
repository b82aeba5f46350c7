"""What a round does by itself: it warns its leads 48 hours before the end, and it closes when its last day is over."""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Select, select

from surveyapp import mail
from surveyapp.analysis.disclosure import PublicEdition
from surveyapp.analysis.rules import RULES
from surveyapp.assessments.actions import CannotMove, close_round, sweep_remains
from surveyapp.charts.words import Words
from surveyapp.extensions import db, queue, start_writing
from surveyapp.i18n import day, number, page_language
from surveyapp.models import Membership, Round, User
from surveyapp.models.audit import SYSTEM, record
from surveyapp.models.content import content
from surveyapp.models.counts import TOOK_PART, tallied

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Missing:
    """A group that has too few answers to be shown yet."""

    group: str
    answered: int
    needed: int


@queue.sweep
def close_by_date() -> None:
    """Closes every round whose last day is over, each in a transaction of its own. Safe to run twice."""
    over = select(Round.id).where(Round.state == "open", Round.closes_on < _today())
    for round_id in _found(over):
        try:
            _close(round_id)
        except Exception:  # the next round must not wait for this one
            db.session.rollback()
            log.exception("round %s did not close by its date", round_id)


def _close(round_id: int) -> None:
    start_writing()
    round_ = db.session.get_one(Round, round_id)
    try:
        close_round(round_)
    except CannotMove:  # somebody else was faster
        db.session.rollback()
        return
    if round_.closes_on is None or round_.closes_on >= _today():  # the date was moved a moment ago
        db.session.rollback()
        return
    record(round_, SYSTEM, "round.closed")
    db.session.commit()
    sweep_remains()


@queue.sweep
def warn_before_the_end() -> None:
    """Tells the leads once, 48 hours before the end (the last day ends at midnight, UTC). Safe to run twice."""
    near = Round.closes_on.between(_today(), _today() + timedelta(days=1))
    for round_id in _found(select(Round.id).where(Round.state == "open", Round.warned_on.is_(None), near)):
        try:
            _warn(round_id)
        except Exception:
            db.session.rollback()
            log.exception("the leads of round %s were not warned", round_id)


def _warn(round_id: int) -> None:
    """The mark comes first, so that no crash can send a warning twice; only if every mail is refused it goes again."""
    start_writing()
    round_ = db.session.get_one(Round, round_id, with_for_update=True)
    if round_.state != "open" or round_.warned_on is not None:
        db.session.rollback()
        return
    round_.warned_on = _today()
    db.session.commit()
    leads = list(
        db.session.scalars(
            select(User.email)
            .join(Membership)
            .where(Membership.city_id == round_.assessment.city_id, Membership.role == "lead", User.active)
            .order_by(User.email)
        )
    )
    with force_locale(current_app.config["LANGUAGES"][0]):
        subject, text = _warning(round_)
    db.session.rollback()  # no transaction stays open while a mail server takes its time
    sent = [_sent(address, subject, text) for address in leads]
    if leads and not any(sent):
        start_writing()
        db.session.get_one(Round, round_id).warned_on = None
        db.session.commit()


def _warning(round_: Round) -> tuple[str, str]:
    """Subject and text in the language of the moment."""
    assert round_.closes_on is not None, "only a round with a last day is warned of"
    words = Words(content(round_), page_language())
    missing = still_missing(round_)
    path = current_app.url_map.bind("").build("comparison.round_", {"round_key": round_.key})
    paragraphs = [
        _(
            "“%(round)s” in %(city)s closes by itself at the end of %(day)s (UTC).",
            round=round_.title,
            city=round_.city.name,
            day=day(round_.closes_on),
        ),
        _("Every group has enough answers to be shown."),
        current_app.config["BASE_URL"] + path,
    ]
    if missing:
        told = [
            _(
                "%(group)s: %(answered)s answered, %(needed)s are needed",
                group=words.group(count.group),
                answered=number(count.answered),
                needed=number(count.needed),
            )
            for count in missing
        ]
        paragraphs[1:2] = [
            _("These groups have too few answers so far. Without more, their answers stay hidden:"),
            "\n".join(f"- {line}" for line in told),
            _("You can still write to these groups, or move the closing date."),
        ]
    return _("“%(round)s” ends in 48 hours", round=round_.title), "\n\n".join(paragraphs) + "\n"


def still_missing(round_: Round) -> list[Missing]:
    """Groups with too few answers to be shown, in the order of the round."""
    counted, edition = tallied(round_.id), PublicEdition(RULES)
    counts = [
        Missing(
            group.key,
            counted.get(group.id, {}).get(TOOK_PART, 0),
            edition.threshold(round_.threshold, "persons" if group.kind == "persons" else "organisations"),
        )
        for group in round_.groups
    ]
    return [count for count in counts if count.answered < count.needed]


def _sent(address: str, subject: str, text: str) -> bool:
    try:
        mail.send(address, subject, text)
    except mail.PerhapsTaken:
        return True  # better once than twice
    except mail.MailRefused as refused:
        log.warning("a warning before the end of a round was not taken: %s", refused.for_a_log)
        return False
    return True


def _found(query: Select[int]) -> list[int]:
    ids = list(db.session.scalars(query))
    db.session.rollback()
    return ids


def _today() -> date:
    return datetime.now(UTC).date()
