"""The list of people invited by mail, and starting, pausing and resuming the mail itself."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from sqlalchemy import func, select

from surveyapp.access import lead_of_round
from surveyapp.charts.words import Words
from surveyapp.extensions import db, queue, start_writing
from surveyapp.i18n import page_language
from surveyapp.layout import Page
from surveyapp.mailing import letters, people, public, reminders, schedule
from surveyapp.mailing.blueprint import OF_ROUND, bp
from surveyapp.mailing.jobs import send_mail
from surveyapp.mailing.listing import STATES, PeopleList, Search
from surveyapp.mailing.waves import start_invitations
from surveyapp.models import Delivery, Mailing, Round
from surveyapp.models.audit import record
from surveyapp.models.drafting import planned_content

__all__ = [
    "bp",
    "letters",
    "people",
    "public",
    "schedule",
]  # the pages of the blueprint, named so that they load


@bp.get(OF_ROUND)
@lead_of_round
def overview(round_: Round) -> Page:
    search = Search(
        words=request.args.get("words", "").strip()[:100],
        group=request.args.get("group", ""),
        state=request.args.get("state", ""),
    )
    listed = PeopleList(round_)
    pages, lines = listed.page(search, request.args.get("page", 1, int))
    return render_template(
        "mailing/overview.html",
        round=round_,
        city=round_.city,
        words=Words(planned_content(round_), page_language()),
        counts=listed.counts(),
        search=search,
        states=STATES,
        pages=pages,
        lines=lines,
        trouble=_trouble(round_),
        reminders=reminders.reminders_of(round_),
        no_server=current_app.config["MAIL_URL"].startswith("log:"),
    )


@bp.post(f"{OF_ROUND}/send")
@lead_of_round
def send(round_: Round) -> Page:
    start_writing()
    round_ = db.session.get_one(Round, round_.id, populate_existing=True)
    if round_.state != "open":
        flash(_("Mail goes out while the round is open."))
        return redirect(url_for(".overview", round_key=round_.key), 303)
    mailing = start_invitations(round_)
    if mailing is None:
        flash(_("Everybody on the list has been written to already."))
        return redirect(url_for(".overview", round_key=round_.key), 303)
    number = db.session.scalar(
        select(func.count()).select_from(Delivery).where(Delivery.mailing_id == mailing.id)
    )
    reminders.plan_first(round_)
    record(round_, current_user.email, "mail.sent", str(number))
    db.session.commit()
    queue.nudge(send_mail)
    flash(
        ngettext(
            "%(num)d invitation is on its way. You may close this page.",
            "%(num)d invitations are on their way. You may close this page.",
            number or 0,
        )
    )
    return redirect(url_for(".overview", round_key=round_.key), 303)


@bp.post(f"{OF_ROUND}/pause")
@lead_of_round
def pause(round_: Round) -> Page:
    _set_pause(round_, True)
    flash(_("Mail is paused. Nothing goes out until you let it go on."))
    return redirect(url_for(".overview", round_key=round_.key), 303)


@bp.post(f"{OF_ROUND}/resume")
@lead_of_round
def resume(round_: Round) -> Page:
    _set_pause(round_, False)
    queue.nudge(send_mail)
    flash(_("Mail goes on."))
    return redirect(url_for(".overview", round_key=round_.key), 303)


def _set_pause(round_: Round, paused: bool) -> None:
    start_writing()
    round_ = db.session.get_one(Round, round_.id, populate_existing=True)
    if round_.mail_paused != paused:
        round_.mail_paused = paused
        record(round_, current_user.email, "mail.paused" if paused else "mail.resumed")
    db.session.commit()


def _trouble(round_: Round) -> tuple[int, str] | None:
    """How many mails wait for another try, and what the server said to one of them.

    Not where its words name somebody: that a reminder waits says that no answer has come.
    """
    waiting = (
        select(func.count(), func.max(Delivery.error))
        .join(Mailing, Mailing.id == Delivery.mailing_id)
        .where(Mailing.round_id == round_.id, Delivery.status == "waiting", Delivery.error.is_not(None))
    )
    number, words = db.session.execute(waiting).one()
    return (number, words if words and "@" not in words else "") if number else None
