"""When reminders go out, and one to a silent group at once."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from surveyapp.access import lead_of_round
from surveyapp.charts.words import Words
from surveyapp.extensions import db, queue, start_writing
from surveyapp.i18n import page_language
from surveyapp.layout import Page
from surveyapp.layout.forms import options
from surveyapp.mailing import reminders
from surveyapp.mailing.blueprint import OF_ROUND, bp
from surveyapp.mailing.forms import NowForm, RemindersForm
from surveyapp.mailing.jobs import send_mail
from surveyapp.models import Round
from surveyapp.models.audit import record
from surveyapp.models.drafting import planned_content


@bp.get(f"{OF_ROUND}/reminders")
@lead_of_round
def plan(round_: Round) -> Page:
    _not_over(round_)
    days = [one.due_on for one in reminders.reminders_of(round_) if one.state == "planned"]
    form = RemindersForm(data=dict(zip(("first", "second", "third"), days, strict=False)))
    return _page(round_, form, _now_form(round_))


@bp.post(f"{OF_ROUND}/reminders")
@lead_of_round
def save_plan(round_: Round) -> Page:
    _not_over(round_)
    start_writing()
    form = RemindersForm()
    form.earliest, form.closes_on = reminders.today(), round_.closes_on
    if not form.validate():
        return _page(round_, form, _now_form(round_)), 422
    try:
        reminders.plan(round_, form.days())
    except reminders.TooMany:
        form.third.errors = [_("At most three reminders go out, counting those that were sent.")]
        return _page(round_, form, _now_form(round_)), 422
    record(round_, current_user.email, "mail.reminders", " ".join(map(str, sorted(form.days()))))
    db.session.commit()
    flash(_("The reminders are planned."))
    return redirect(url_for(".plan", round_key=round_.key), 303)


@bp.post(f"{OF_ROUND}/reminders/suggested")
@lead_of_round
def use_suggested(round_: Round) -> Page:
    """The days that fit the closing day as it is now."""
    _not_over(round_)
    start_writing()
    used = sum(one.state != "planned" for one in reminders.reminders_of(round_))
    days = _suggested(round_)[: reminders.MOST - used]
    reminders.plan(round_, days)
    record(round_, current_user.email, "mail.reminders", " ".join(map(str, days)))
    db.session.commit()
    flash(_("The reminders are planned."))
    return redirect(url_for(".plan", round_key=round_.key), 303)


@bp.post(f"{OF_ROUND}/reminders/now")
@lead_of_round
def remind(round_: Round) -> Page:
    """One of the three, at once."""
    start_writing()
    round_ = db.session.get_one(Round, round_.id, populate_existing=True)
    chosen = request.form.get("group", "")
    group = next((group for group in round_.groups if group.key == chosen), None)
    if round_.state != "open" or (chosen and group is None):
        abort(404)
    try:
        number = reminders.remind_now(round_, group)
    except reminders.TooMany:
        db.session.rollback()
        flash(_("Three reminders are sent or planned already. Leave out a planned one first."))
        return redirect(url_for(".plan", round_key=round_.key), 303)
    if number:
        record(round_, current_user.email, "mail.reminders", f"{chosen or '*'} {reminders.today()}")
    db.session.commit()
    queue.nudge(send_mail)
    flash(
        ngettext("%(num)d reminder is on its way.", "%(num)d reminders are on their way.", number)
        if number
        else _("There is nobody to remind: all have answered, or cannot be reached.")
    )
    return redirect(url_for(".plan", round_key=round_.key), 303)


def _not_over(round_: Round) -> None:
    if round_.ended:
        abort(404)


def _now_form(round_: Round) -> NowForm:
    form = NowForm(formdata=None)
    words = Words(planned_content(round_), page_language())
    form.group.choices = options(
        [
            ("", _("Everybody who has not answered")),
            *((group.key, words.group(group.key)) for group in round_.groups),
        ]
    )
    return form


def _suggested(round_: Round) -> list[reminders.date]:
    return reminders.suggested(round_.opened_on or reminders.today(), round_.closes_on)


def _page(round_: Round, form: RemindersForm, now: NowForm) -> str:
    listed = reminders.reminders_of(round_)
    planned = [one.due_on for one in listed if one.state == "planned"]
    suggested = [day for day in _suggested(round_) if day > reminders.today()]
    late = [day for day in planned if day and round_.closes_on and day >= round_.closes_on]
    return render_template(
        "mailing/reminders.html",
        round=round_,
        city=round_.city,
        words=Words(planned_content(round_), page_language()),
        keys={group.id: group.key for group in round_.groups},
        form=form,
        now=now,
        listed=listed,
        not_taken=reminders.not_taken(round_),
        late=late,
        suggested=suggested[: reminders.MOST - (len(listed) - len(planned))],
        planned=planned,
        most=reminders.MOST,
    )
