"""Classes of a round: sets of codes, group links and paper, their counts, limits, sheets and class pages."""

import csv
import io

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security import current_user

from surveyapp.access import lead_of_round, of_round
from surveyapp.charts.words import Words
from surveyapp.classes import actions, queries, sheets
from surveyapp.classes.forms import Limits, Name, NewBatch, NewCodes, NewLink
from surveyapp.clock import zone_name
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import page_language
from surveyapp.issuing import class_token, group_code
from surveyapp.layout import Page, message
from surveyapp.models import Batch, Round
from surveyapp.models.audit import record
from surveyapp.models.drafting import planned_content
from surveyapp.pdf import PdfUnavailable
from surveyapp.tokens import in_fours

bp = Blueprint("classes", __name__, url_prefix="/rounds/<round_key>/classes")
staff = of_round("lead", "facilitator")
NEW = {"codes": NewCodes, "link": NewLink, "paper": NewBatch}


@bp.get("")
@staff
def overview(round_: Round) -> Page:
    search = request.args.get("q", "").strip()[:60]
    pages = queries.batches(round_, search)
    return render_template(
        "classes/overview.html",
        **_about(round_),
        pages=pages,
        counts=queries.counts(pages.items),
        search=search,
        window_state=queries.window_state,
    )


@bp.get("/new/<kind>")
@staff
def new(round_: Round, kind: str) -> Page:
    return _form_page(round_, kind, _new_form(round_, kind))


@bp.post("/new/<kind>")
@staff
def add(round_: Round, kind: str) -> Page:
    start_writing()
    form = _new_form(round_, kind)
    if not form.validate():
        return _form_page(round_, kind, form), 422
    group, label, language = form.chosen_group, form.label.data, form.batch_language.data
    if isinstance(form, NewCodes):
        batch = actions.add_codes(group, label, language, form.number.data)
        record(round_, current_user.email, "class.codes", f"{label}: {form.number.data}")
    elif isinstance(form, NewLink):
        batch = actions.add_link(group, label, language, form.size.data, form.window)
        record(round_, current_user.email, "class.link", label)
    else:
        batch = actions.add_paper(group, label, language)
        record(round_, current_user.email, "class.paper", label)
    db.session.commit()
    flash(_("“%(label)s” is ready.", label=label))
    return redirect(url_for(".batch", round_key=round_.key, batch_id=batch.id), 303)


@bp.get("/<int:batch_id>")
@staff
def batch(round_: Round, batch_id: int) -> Page:
    found = _batch(round_, batch_id)
    return _batch_page(round_, found, Limits.of_batch(found))


@bp.post("/<int:batch_id>/limits")
@staff
def limit(round_: Round, batch_id: int) -> Page:
    """Changes cap and window."""
    start_writing()
    found = _alive(round_, batch_id, "codes", "group_link")
    form = Limits()
    if not form.validate():
        return _batch_page(round_, found, form), 422
    actions.set_limits(found, form.cap.data if found.channel == "group_link" else None, form.window)
    return _changed(round_, found, "class.window", _("The limits have been changed."))


@bp.post("/<int:batch_id>/open")
@staff
def open_now(round_: Round, batch_id: int) -> Page:
    start_writing()
    found = _alive(round_, batch_id, "codes", "group_link")
    actions.open_now(found)
    return _changed(round_, found, "class.window", _("People can start now, for 90 minutes."))


@bp.post("/<int:batch_id>/close")
@staff
def close_now(round_: Round, batch_id: int) -> Page:
    start_writing()
    found = _alive(round_, batch_id, "codes", "group_link")
    actions.close_now(found)
    return _changed(
        round_, found, "class.window", _("Nobody can start any more. Who has started can finish.")
    )


@bp.post("/<int:batch_id>/page")
@lead_of_round
def give_page(round_: Round, batch_id: int) -> Page:
    start_writing()
    found = _alive(round_, batch_id, "codes", "group_link")
    actions.give_class_page(found)
    return _changed(round_, found, "class.page", _("The class page can be used now."))


@bp.post("/<int:batch_id>/page/revoke")
@lead_of_round
def revoke_page(round_: Round, batch_id: int) -> Page:
    start_writing()
    found = _batch(round_, batch_id, "codes", "group_link")
    actions.take_back_class_page(found)
    return _changed(round_, found, "class.page_revoked", _("The address of the class page no longer works."))


@bp.post("/<int:batch_id>/name")
@staff
def rename(round_: Round, batch_id: int) -> Page:
    start_writing()
    found = _alive(round_, batch_id)
    form = Name()
    if not form.validate():
        return _batch_page(round_, found, Limits.of_batch(found), name=form), 422
    actions.rename(found, form.label.data)
    return _changed(round_, found, "class.renamed", _("The name has been changed."))


@bp.post("/<int:batch_id>/remove")
@staff
def remove(round_: Round, batch_id: int) -> Page:
    """Only while nobody has started: answers are never taken out with it."""
    start_writing()
    found = _alive(round_, batch_id)
    label = found.label
    if not actions.remove(found):
        db.session.rollback()
        flash(_("Somebody has started with it already, so it stays. You can end it instead."))
        return redirect(url_for(".batch", round_key=round_.key, batch_id=batch_id), 303)
    record(round_, current_user.email, "class.removed", label)
    db.session.commit()
    flash(_("“%(label)s” has been removed.", label=label))
    return redirect(url_for(".overview", round_key=round_.key), 303)


@bp.get("/<int:batch_id>/sheet/<language>")
@staff
def sheet(round_: Round, batch_id: int, language: str) -> Page | Response:
    """Slips, poster or form as PDF, in any language of the round."""
    return pdf_of(_batch(round_, batch_id), language)


@bp.get("/<int:batch_id>/codes.csv")
@staff
def codes(round_: Round, batch_id: int) -> Response:
    """Every code of the set, for mail merge: never which ones are used."""
    found = _batch(round_, batch_id, "codes")
    text = io.StringIO()
    csv.writer(text).writerows([("code", "address"), *sheets.addresses(found)])
    return _download(text.getvalue().encode("utf-8-sig"), "text/csv", f"{round_.key}-{found.id}-codes.csv")


def pdf_of(batch: Batch, language: str) -> Page | Response:
    round_ = batch.group.round
    part = request.args.get("part", 1, type=int)
    if language not in round_.languages or part < 1:
        abort(404)
    try:
        made = sheets.sheet_pdf(batch, language, part)
    except PdfUnavailable:
        text = _("The service lacks what it needs to make PDF files. Please tell whoever runs it.")
        return message(_("The file could not be made"), text, status=503, city=round_.city)
    return _download(made, "application/pdf", f"{round_.key}-{batch.id}-{language}-{part}.pdf")


def _download(data: bytes, kind: str, name: str) -> Response:
    response = Response(data, mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _batch(round_: Round, batch_id: int, *channels: str) -> Batch:
    return queries.batch_of(round_, batch_id, *channels) or abort(404)


def _alive(round_: Round, batch_id: int, *channels: str) -> Batch:
    """A class that may still change: read after start_writing(), so that the round's state is that of now."""
    if round_.state not in ("draft", "open"):
        abort(404)
    return _batch(round_, batch_id, *channels)


def _changed(round_: Round, batch: Batch, action: str, said: str) -> Page:
    record(round_, current_user.email, action, batch.label)
    db.session.commit()
    flash(said)
    return redirect(url_for(".batch", round_key=round_.key, batch_id=batch.id), 303)


def _about(round_: Round) -> dict[str, object]:
    words = Words(planned_content(round_), page_language())
    return {"round": round_, "city": round_.city, "words": words, "zone": zone_name()}


def _new_form(round_: Round, kind: str) -> NewBatch:
    if kind not in NEW or round_.state not in ("draft", "open"):
        abort(404)
    return NEW[kind]().of(round_, Words(planned_content(round_), page_language()))


def _form_page(round_: Round, kind: str, form: NewBatch) -> str:
    return render_template("classes/new.html", **_about(round_), kind=kind, form=form)


def _batch_page(round_: Round, batch: Batch, form: Limits, name: Name | None = None) -> str:
    counts = queries.counts([batch])[batch.id]
    link = batch.channel == "group_link"
    return render_template(
        "classes/batch.html",
        **_about(round_),
        batch=batch,
        counts=counts,
        parts=sheets.parts(counts.invited),
        window=queries.window_state(batch),
        form=form,
        name=name or Name(formdata=None, label=batch.label),
        code=in_fours(group_code(batch)) if link else None,
        short_address=sheets.short_address(),
        messages={code: sheets.message_text(batch, code) for code in round_.languages}
        if link and not round_.ended
        else {},
        class_page=sheets.class_address(class_token(batch))
        if batch.class_hash and g.role == "lead"
        else None,
    )
