"""Making codes, links and paper batches for a class, their limits, and the page of whoever leads the class."""

import math
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select

from surveyapp.clock import now
from surveyapp.database import db
from surveyapp.issuing import class_token, issue_codes, open_group_link
from surveyapp.models import Batch, Invitation, Response, StakeholderGroup
from surveyapp.tokens import token_hash

MOST_CODES = 200
LESSON = timedelta(minutes=90)
# One in ten more than a class has: latecomers, and phones that lost their session
ROOM = 1.1


def add_codes(group: StakeholderGroup, label: str, language: str, number: int) -> Batch:
    batch = Batch(group=group, channel="codes", label=label, language=language)
    issue_codes(batch, number)
    return batch


def add_link(
    group: StakeholderGroup, label: str, language: str, size: int | None, window: tuple[datetime | None, ...]
) -> Batch:
    """A group link; for a class of known size with a cap a little above it."""
    batch, _ = open_group_link(group, label, language)
    set_limits(batch, cap_for(size) if size else None, window)
    return batch


def add_paper(group: StakeholderGroup, label: str, language: str) -> Batch:
    batch = Batch(group=group, channel="paper", label=label, language=language)
    db.session.add(batch)
    db.session.flush()
    return batch


def rename(batch: Batch, label: str) -> None:
    batch.label = label


def remove(batch: Batch) -> bool:
    """Takes a class out that was made by mistake; False, and nothing happens, where somebody has started with it.

    The rows are held first: who starts just now waits, and then finds that the code is unknown.
    """
    db.session.execute(select(Batch.id).where(Batch.id == batch.id).with_for_update())
    invited = select(Invitation.status).where(Invitation.batch_id == batch.id).with_for_update()
    answered = select(exists().where(Response.batch_id == batch.id))
    if set(db.session.scalars(invited)) - {"invited"} or db.session.scalar(answered):
        return False
    db.session.execute(delete(Batch).where(Batch.id == batch.id))
    return True


def cap_for(size: int) -> int:
    return math.ceil(round(size * ROOM, 6))


def set_limits(batch: Batch, cap: int | None, window: tuple[datetime | None, ...]) -> None:
    batch.cap = cap
    batch.opens_at, batch.closes_at = window


def open_now(batch: Batch) -> None:
    """For today's lesson: from now on, for an hour and a half."""
    batch.opens_at, batch.closes_at = now(), now() + LESSON


def close_now(batch: Batch) -> None:
    """Nobody starts from now on; whoever has started may finish."""
    batch.closes_at = now()
    if batch.opens_at is not None and batch.opens_at > batch.closes_at:
        batch.opens_at = None


def give_class_page(batch: Batch) -> None:
    """Switches the class page on. Its address is the same until it is taken back."""
    batch.class_hash = token_hash(class_token(batch))


def take_back_class_page(batch: Batch) -> None:
    """The address stops working for good: the next one is another."""
    batch.class_hash = None
    batch.class_version += 1
