"""Reminders: planned for a few days, at most three, and only to those who have not answered."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from surveyapp.database import db
from surveyapp.mailing.waves import start_reminder
from surveyapp.models import Delivery, Mailing, Round, StakeholderGroup
from surveyapp.models.mailing import BEFORE_CLOSING

MOST = 3
AFTER_DAYS = (7, 14)
MORNING = 7  # o'clock, UTC: nobody is reminded at night


class TooMany(Exception):
    """There are three reminders already, or four days were asked for."""


def today() -> date:
    return datetime.now(UTC).date()


def suggested(start: date, closes_on: date | None) -> list[date]:
    """A week and two after the first mail, and shortly before the end; only days before the end."""
    days = {start + timedelta(days=days) for days in AFTER_DAYS}
    if closes_on is not None:
        days = {day for day in days if day < closes_on - BEFORE_CLOSING}
        days.add(closes_on - BEFORE_CLOSING)
    return sorted(day for day in days if day > start)[:MOST]


def reminders_of(round_: Round) -> list[Mailing]:
    """Those that count: sent, being sent or planned, in order of day."""
    return list(
        db.session.scalars(
            select(Mailing)
            .where(Mailing.round_id == round_.id, Mailing.kind == "reminder", Mailing.state != "dropped")
            .order_by(Mailing.due_on, Mailing.id)
        )
    )


def not_taken(round_: Round) -> dict[int, int]:
    """How many mails of each reminder were refused or are perhaps lost: a number only, for the address would say
    that no answer had come from it."""
    rows = (
        select(Delivery.mailing_id, func.count())
        .join(Mailing, Mailing.id == Delivery.mailing_id)
        .where(Mailing.round_id == round_.id, Mailing.kind == "reminder")
        .where(Delivery.status.in_(("refused", "perhaps")))
        .group_by(Delivery.mailing_id)
    )
    return dict(db.session.execute(rows).all())


def plan(round_: Round, days: list[date]) -> None:
    """Sets the planned days anew; what has been sent stays and counts. Raises TooMany."""
    planned = [one for one in reminders_of(round_) if one.state == "planned"]
    begun = [one for one in reminders_of(round_) if one.state != "planned"]
    wanted = sorted(set(days))
    if len(begun) + len(wanted) > MOST:
        raise TooMany
    for old in planned:
        if old.due_on in wanted:
            wanted.remove(old.due_on)
        else:
            db.session.delete(old)
    db.session.add_all(
        [Mailing(round_id=round_.id, kind="reminder", state="planned", due_on=day) for day in wanted]
    )
    db.session.flush()


def plan_first(round_: Round) -> None:
    """With the first invitations: the suggested days, unless there is a plan already."""
    if not reminders_of(round_):
        plan(round_, suggested(today(), round_.closes_on))


def remind_now(round_: Round, group: StakeholderGroup | None) -> int:
    """One reminder at once, to one silent group or to all; returns how many people it goes to. Raises TooMany."""
    if len(reminders_of(round_)) >= MOST:
        raise TooMany
    mailing = Mailing(
        round_id=round_.id, kind="reminder", due_on=today(), group_id=group.id if group else None
    )
    db.session.add(mailing)
    db.session.flush()
    number = start_reminder(mailing, round_)
    if not number:
        db.session.delete(mailing)
        db.session.flush()
    return number


def fit_to_closing(round_: Round) -> None:
    """When the closing day has moved to an earlier day, what was planned for later moves before it."""
    if round_.closes_on is None:
        return
    planned = [one for one in reminders_of(round_) if one.state == "planned"]
    taken = {one.due_on for one in reminders_of(round_)}
    latest = round_.closes_on - BEFORE_CLOSING
    for late in planned:
        if late.due_on is None or late.due_on < round_.closes_on:
            continue
        if latest in taken or latest <= today():
            db.session.delete(late)
        else:
            late.due_on = latest
            taken.add(latest)
    db.session.flush()


def start_due() -> None:
    """Starts what is planned for today. Where several days have gone by (a pause, a server that was away) people
    get one mail, not all that were missed."""
    if datetime.now(UTC).hour < MORNING:
        return
    rounds = select(Round).where(
        Round.state == "open",
        ~Round.mail_paused,
        Round.id.in_(select(Mailing.round_id).where(Mailing.state == "planned")),
    )
    for round_ in db.session.scalars(rounds).all():
        fit_to_closing(round_)
        due = [
            one
            for one in reminders_of(round_)
            if one.state == "planned" and one.due_on is not None and one.due_on <= today()
        ]
        for missed in due[:-1]:
            missed.state = "dropped"
        for one in due[-1:]:
            start_reminder(one, round_)
        db.session.flush()
