"""For the data protection officer: what is stored and for how long, that it holds, and what people may ask for."""

import json
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user

from surveyapp.access import lead_of_round
from surveyapp.analysis.rules import RULES
from surveyapp.extensions import db, start_writing
from surveyapp.layout import Page
from surveyapp.models import Round
from surveyapp.models.audit import record
from surveyapp.privacy import jobs as jobs  # its sweep is bound to the queue by being imported
from surveyapp.privacy.contacts import erase, everything_about, found_under, wants_no_mail
from surveyapp.privacy.documents import LANGUAGES, document, ways_in
from surveyapp.privacy.forms import Erasure, Keeping, Search
from surveyapp.privacy.proof import prove
from surveyapp.privacy.retention import OnlyShorter, comments_due, contacts_due, keep_for, plan, today

bp = Blueprint("privacy", __name__, url_prefix="/rounds/<round_key>/privacy")


@bp.get("")
@lead_of_round
def overview(round_: Round) -> Page:
    keeping = Keeping(contact_days=round_.contacts_keep_days, comment_months=round_.comments_keep_months)
    return _overview(round_, keeping)


@bp.post("")
@lead_of_round
def keep(round_: Round) -> Page:
    form = Keeping()
    if not form.validate_on_submit():
        return _overview(round_, form), 422
    start_writing()
    try:
        db.session.refresh(round_, with_for_update=True)
        changed = keep_for(round_, form.contact_days.data, form.comment_months.data)
    except OnlyShorter:
        db.session.rollback()
        _refuse_longer(form, round_)
        return _overview(round_, form), 422
    record(round_, current_user.email, "privacy.keeping", changed)
    db.session.commit()
    flash(_("The periods are saved."))
    return redirect(url_for(".overview", round_key=round_.key), 303)


def _refuse_longer(form: Keeping, round_: Round) -> None:
    """The error goes beside the field that asks for more."""
    for field, now in (
        (form.contact_days, round_.contacts_keep_days),
        (form.comment_months, round_.comments_keep_months),
    ):
        if field.data > now:
            field.errors = [_("This round has ended: the period can only become shorter.")]


def _overview(round_: Round, keeping: Keeping) -> str:
    return _page(
        "overview",
        round_,
        keeping=keeping,
        ways=ways_in(round_),
        rules=RULES,
        lines=prove(round_),
        today=today(),
        due={"contacts": contacts_due(round_), "comments": comments_due(round_)},
        documents=LANGUAGES,
    )


@bp.get("/deletion")
@lead_of_round
def deletion(round_: Round) -> Page:
    """A dry run: what would go, and when."""
    return _page("deletion", round_, due=plan([round_]), today=today())


@bp.get("/contact")
@lead_of_round
def contact(round_: Round) -> Page:
    return _page("contact", round_, search=Search(), email=None)


@bp.post("/contact")
@lead_of_round
def find_contact(round_: Round) -> Page:
    """A search that is posted, so that no address stands in a log or in the history of a browser."""
    search = Search()
    if not search.validate_on_submit():
        return _page("contact", round_, search=search, email=None), 422
    return _contact(round_, search, Erasure(email=search.email.data))


def _contact(round_: Round, search: Search, erasure: Erasure) -> str:
    email = search.email.data
    found = [each for _contact, each in found_under(round_.city, email)]
    no_mail = wants_no_mail(round_.city, email)
    return _page("contact", round_, search=search, erasure=erasure, email=email, found=found, no_mail=no_mail)


@bp.post("/contact/export")
@lead_of_round
def export_contact(round_: Round) -> Page:
    search = Search()
    if not search.validate_on_submit():
        abort(400)
    start_writing()
    told = everything_about(round_.city, search.email.data)
    record(round_, current_user.email, "privacy.contact_exported")
    db.session.commit()
    return _download(
        json.dumps(told, ensure_ascii=False, indent=2) + "\n", "application/json", "contact.json"
    )


@bp.post("/contact/erase")
@lead_of_round
def erase_contact(round_: Round) -> Page:
    form = Erasure()
    if not form.validate_on_submit():
        if not form.email.data:
            abort(400)
        return _contact(round_, Search(email=form.email.data), form), 422
    start_writing()
    rounds = erase(round_.city, form.email.data, form.no_more_mail.data)
    record(round_, current_user.email, "privacy.contact_erased")
    db.session.commit()
    jobs.clear_remains()
    flash(
        ngettext(
            "Name and address are deleted from %(count)s round.",
            "Name and address are deleted from %(count)s rounds.",
            rounds,
            count=rounds,
        )
    )
    return redirect(url_for(".contact", round_key=round_.key), 303)


@bp.get("/record/<language>")
@lead_of_round
def processing_record(round_: Round, language: str) -> Page:
    return _document("record", round_, language)


@bp.get("/assessment/<language>")
@lead_of_round
def impact_assessment(round_: Round, language: str) -> Page:
    return _document("assessment", round_, language)


def _document(name: str, round_: Round, language: str) -> Page:
    if language not in LANGUAGES:
        abort(404)
    return _download(
        document(name, round_, language), "text/html", f"{round_.key}-privacy-{name}-{language}.html"
    )


def _download(content: str, mimetype: str, name: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(name: str, round_: Round, **values: Any) -> str:
    return render_template(f"privacy/{name}.html", round=round_, city=round_.city, **values)
