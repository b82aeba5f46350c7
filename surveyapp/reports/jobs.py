"""Making reports in the background: the row is the truth, the nudge only says that there is one."""

from surveyapp.extensions import db, queue, start_writing
from surveyapp.reports import actions


@queue.job
def build_report(report_id: int) -> None:
    """Safe to run twice: only the first run finds the report queued.

    Three transactions, so that people can answer while a file is made: the claim, the making, the result.
    """
    start_writing()
    report = actions.claim(report_id)
    db.session.commit()
    if report is not None:
        made = actions.make(report)
        db.session.rollback()
        start_writing()
        actions.store(report_id, made)
        db.session.commit()


@queue.sweep
def pick_up_reports() -> None:
    """What a crash or a lost nudge left behind."""
    start_writing()
    waiting = actions.left_behind()
    db.session.commit()
    for report_id in waiting:
        queue.nudge(build_report, report_id)
