"""The languages of a city: how far each is translated, files for translators, and who has read it."""

from functools import lru_cache

from babel.messages.catalog import Catalog
from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from wtforms import BooleanField

from surveyapp import catalogues
from surveyapp.access import in_city
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import SOURCE, catalogues_of, endonym
from surveyapp.layout import Page
from surveyapp.layout.forms import Form, needed
from surveyapp.models import City
from surveyapp.models.audit import record
from surveyapp.models.translation import draft_for
from surveyapp.translating import actions, po
from surveyapp.translating.queries import lines
from surveyapp.translating.xliff import xliff

bp = Blueprint("translating", __name__, url_prefix="/cities/<int:city_id>/languages")


class Reading(Form):
    agreed = BooleanField(
        _l("I am a native speaker (or work as a translator of this language) and have read all of it"),
        [needed(_l("Tick the box if it is so."))],
    )


@bp.get("")
@in_city("lead", "translator", "viewer")
def overview(city: City) -> Page:
    return _overview(city, Reading(formdata=None))


@bp.post("/<language>/review")
@in_city("lead", "translator")
def review(city: City, language: str) -> Page:
    _check_offered(language)
    form = Reading()
    if not form.validate():
        return _overview(city, form, language), 422
    start_writing()
    try:
        actions.mark_reviewed(city, language, current_user)
    except actions.NotWhole:
        db.session.rollback()
        flash(_("Parts of this language are not translated yet."))
        return _back(city)
    record(city, current_user.email, "language.reviewed", endonym(language))
    db.session.commit()
    flash(_("Thank you. %(language)s is marked as reviewed.", language=endonym(language)))
    return _back(city)


@bp.post("/<language>/take-back")
@in_city("lead", "translator")
def take_back(city: City, language: str) -> Page:
    _check_offered(language)
    start_writing()
    if actions.take_back(city, language):
        record(city, current_user.email, "language.review_taken_back", endonym(language))
        flash(_("%(language)s is no longer marked as reviewed.", language=endonym(language)))
    db.session.commit()
    return _back(city)


@bp.get("/<language>/<kind>")
@in_city("lead", "translator")
def download(city: City, language: str, kind: str) -> Page:
    """All strings of a language, with what is translated so far."""
    _check_offered(language)
    if kind not in ("po", "xliff"):
        abort(404)
    sources = {domain: each for domain, each in _sources().items() if domain in catalogues_of(language)}
    told = catalogues.up_to_date(language, sources)
    if kind == "po":
        return _file(po.packed(language, told), "application/zip", f"surveyapp-{language}.zip")
    document = xliff(language, told, reviewed=not draft_for(city, language))
    return _file(document, "application/xliff+xml", f"surveyapp-{language}.xlf")


@lru_cache(maxsize=1)
def _sources() -> dict[str, Catalog]:
    """Read once: the program does not change while it runs."""
    return catalogues.gather()


def _check_offered(language: str) -> None:
    if language == SOURCE or language not in current_app.config["LANGUAGES"]:
        abort(404)


def _file(content: bytes, mimetype: str, name: str) -> Response:
    answer = Response(content, mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _back(city: City) -> Page:
    return redirect(url_for(".overview", city_id=city.id), 303)


def _overview(city: City, form: Reading, asked: str | None = None) -> str:
    """`asked` is the language whose box was not ticked."""
    told = lines(city, current_app.config["LANGUAGES"])
    return render_template("translating/languages.html", city=city, lines=list(told), form=form, asked=asked)
