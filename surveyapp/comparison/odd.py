"""Odd answers: open channels in counts, and leaving one out of the results, with a reason that everybody reads."""

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_security import current_user
from wtforms import StringField

from surveyapp.access import lead_of_round, of_round
from surveyapp.charts.words import Words
from surveyapp.comparison.batches import CannotLeaveOut, leave_out, open_channel, open_channels, take_back
from surveyapp.comparison.views import SEE_COUNTS, bp
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import page_language
from surveyapp.layout import Page
from surveyapp.layout.forms import Form, at_most, needed
from surveyapp.models import Batch, Round
from surveyapp.models.audit import record
from surveyapp.models.content import content


class Reason(Form):
    reason = StringField(
        lazy_gettext("Why these answers do not count"),
        [needed(lazy_gettext("A reason is needed: the report prints it.")), at_most(200)],
        filters=[lambda text: " ".join((text or "").split())],
    )


@bp.get("/<round_key>/odd")
@of_round(*SEE_COUNTS)
def odd(round_: Round) -> str:
    if round_.state == "draft":
        abort(404)
    return _page("odd", round_, channels=open_channels(round_))


@bp.route("/<round_key>/odd/<int:batch_id>", methods=["GET", "POST"])
@lead_of_round
def leave_batch_out(round_: Round, batch_id: int) -> Page:
    form = Reason()
    if form.is_submitted():
        start_writing()
    batch = open_channel(round_, batch_id) or abort(404)
    if round_.state == "draft" or round_.shown_on is not None:
        abort(404)
    if not form.validate_on_submit():
        page = _page("leave_out", round_, form=form, batch=batch)
        return (page, 422) if form.is_submitted() else page
    return _changed(round_, batch, form.reason.data)


@bp.post("/<round_key>/odd/<int:batch_id>/back")
@lead_of_round
def take_batch_back(round_: Round, batch_id: int) -> Page:
    start_writing()
    batch = open_channel(round_, batch_id) or abort(404)
    return _changed(round_, batch, None)


def _changed(round_: Round, batch: Batch, reason: str | None) -> Page:
    try:
        take_back(round_, batch) if reason is None else leave_out(round_, batch, reason)
    except CannotLeaveOut:
        abort(404)
    action = "batch.taken_back" if reason is None else "batch.left_out"
    record(round_, current_user.email, action, batch.label or batch.group.key)
    db.session.commit()
    flash(_("These answers count again.") if reason is None else _("These answers are left out now."))
    return redirect(url_for(".odd", round_key=round_.key), 303)


def _page(name: str, round_: Round, **context: object) -> str:
    words = Words(content(round_), page_language())
    return render_template(f"comparison/{name}.html", round=round_, city=round_.city, words=words, **context)
