"""Making reports in the background: the row is the truth, the nudge only says that there is one."""

from functools import partial

from surveyapp.extensions import db, queue, start_writing
from surveyapp.reports import actions

PAGES_BETWEEN_NOTES = 4


@queue.job
def build_report(report_id: int) -> None:
    """Safe to run twice: only the first run finds the report queued.

    Short transactions, so that people can answer while a file is made: the claim, the reading, how far the drawing
    has come, the result.
    """
    start_writing()
    report = actions.claim(report_id)
    db.session.commit()
    if report is not None:
        page = actions.page_of(report)
        db.session.rollback()
        made = page if isinstance(page, actions.Made) else actions.draw(page, partial(_note, report_id))
        start_writing()
        actions.store(report_id, made)
        db.session.commit()


def _note(report_id: int, pages: int) -> None:
    if pages % PAGES_BETWEEN_NOTES == 0:
        start_writing()
        actions.note_progress(report_id, pages)
        db.session.commit()


@queue.sweep
def pick_up_reports() -> None:
    """What a crash or a lost nudge left behind."""
    start_writing()
    waiting = actions.left_behind()
    db.session.commit()
    for report_id in waiting:
        queue.nudge(build_report, report_id)
