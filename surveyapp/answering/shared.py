"""One device for several people, as in a class: each turn begins with nothing of the person before.

A turn ends with “Next person”, or by itself when nobody touches the device: its script warns and then ends it
(shared.js); without a script the next page that is asked for does. What was not sent is deleted then, and a code
can be used again.
"""

import time

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import delete, update

from surveyapp.access import public
from surveyapp.answering.seat import Seat, find_seat
from surveyapp.extensions import db, start_writing
from surveyapp.layout import Page, message
from surveyapp.models import Draft, Invitation

bp = Blueprint("shared", __name__)

# Without a script nothing can warn, so a turn lasts longer than the script's minute and a half
TURN_SECONDS = 300


@bp.get("/shared")
@public
def about() -> Page:
    return render_template("answering/shared.html")


@bp.post("/shared")
@public
def switch() -> Page:
    """This browser becomes a shared one, or its owner's again; either way nothing of before stays in it."""
    _end_turn(shared=request.form.get("shared") == "yes")
    return redirect(url_for("invitations.join" if session.get("shared") else ".about"), 303)


@bp.post("/answer/next-person")
@public
def next_person() -> Page:
    """Leaves nothing of this person in the browser; on somebody's own phone the language stays."""
    _end_turn(shared=bool(session.get("shared")))
    return redirect(url_for("invitations.join"), 303)


@bp.before_app_request
def watch_the_clock() -> Page | None:
    """Ends a turn in which nothing has happened for long, whatever page is asked for."""
    begun = {"invitation", "receipt"} & session.keys()
    if not session.get("shared") or not begun:
        return None
    seen, session["seen"] = session.get("seen"), int(time.time())
    if seen is None or session["seen"] - seen < TURN_SECONDS:
        return None
    _end_turn(shared=True)
    text = _("Nobody touched this device for some minutes, so the answers that were not sent are deleted.")
    return message(
        _("Ready for the next person"), text, further=(_("Type your code"), url_for("invitations.join"))
    )


def _end_turn(shared: bool) -> None:
    start_writing()
    seat = find_seat(writing=True) if session.get("shared") else None
    if seat is not None and seat.status == "started":
        _give_back(seat)
        db.session.commit()
    chosen = {name: session[name] for name in ("language", "large") if name in session}
    proposed = session.get("proposed", chosen)  # on a shared device, as it was when it was made one
    session.clear()
    session.update(proposed)
    if shared:
        session.update(shared=True, proposed=proposed)


def _give_back(seat: Seat) -> None:
    """What was not sent goes. A link or code can be used again, a place on a group's link is free again."""
    mine = Invitation.id == seat.invitation_id
    quiet = {"synchronize_session": False}
    if seat.channel == "group_link":
        db.session.execute(delete(Invitation).where(mine), execution_options=quiet)
    else:
        db.session.execute(
            delete(Draft).where(Draft.invitation_id == seat.invitation_id), execution_options=quiet
        )
        db.session.execute(update(Invitation).where(mine).values(status="invited"), execution_options=quiet)
