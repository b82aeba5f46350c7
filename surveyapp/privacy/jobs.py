"""Deleting what has had its time: looked at every minute, at the price of one query where nothing is due."""

import logging

from surveyapp.extensions import db, queue, start_writing
from surveyapp.models import Round
from surveyapp.privacy.retention import (
    clear_remains,
    comments_due,
    contacts_due,
    delete_what_is_due,
    rounds_to_look_at,
    today,
)

log = logging.getLogger(__name__)


@queue.sweep
def delete_by_date() -> None:
    """Each round in a transaction of its own. Safe to run twice."""
    now = today()
    due = [
        round_.id
        for round_ in rounds_to_look_at()
        if any(day is not None and day <= now for day in (contacts_due(round_), comments_due(round_)))
    ]
    db.session.rollback()
    gone = [_delete(round_id) for round_id in due]
    if any(gone):
        clear_remains()


def _delete(round_id: int) -> bool:
    """Whether anything was deleted."""
    try:
        start_writing()
        gone = delete_what_is_due(db.session.get_one(Round, round_id), today())
        db.session.commit()
    except Exception:  # the next round must not wait for this one
        db.session.rollback()
        log.exception("round %s: what has had its time was not deleted", round_id)
        return False
    return any(gone.values())
