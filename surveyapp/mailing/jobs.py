"""Mail in the background: the rows are the truth, a nudge only says that there is something to send."""

from flask import current_app

from surveyapp.extensions import db, queue, start_writing
from surveyapp.mailing import lost, reminders, sending, waves

# Then other jobs have their turn: somebody waits for a link
SECONDS = 10


@queue.job
def send_mail() -> None:
    """Safe to run twice, and in two workers: each mail is claimed before it goes out."""
    _give_up_interrupted()
    if sending.send_some(SECONDS):
        queue.nudge(send_mail)


@queue.job
def send_lost_links(invitation_ids: list[int]) -> None:
    """To somebody who asked for their links; an empty list does nothing, in the same time for who asked."""
    lost.send_links(invitation_ids)


@queue.sweep
def move_mail() -> None:
    """What a crash left behind, what is planned for today, what may be tried again."""
    _give_up_interrupted()
    start_writing()
    waves.drop_ended()
    reminders.start_due()
    db.session.commit()
    queue.nudge(send_mail)


def _give_up_interrupted() -> None:
    """The first time in this process everything that is marked as being sent was another's, who has died."""
    first = not current_app.extensions.setdefault("surveyapp.mailing", False)
    current_app.extensions["surveyapp.mailing"] = True
    start_writing()
    sending.give_up_interrupted(all_=first)
    db.session.commit()
