"""The log of a city: who of the staff did what, and when. For the lead to read, and to take along as a file."""

import csv
import io

from flask import Blueprint, Response, render_template, request
from sqlalchemy import Select, select

from surveyapp.access import in_city
from surveyapp.accounts.log_words import words_for
from surveyapp.extensions import db
from surveyapp.layout import Page
from surveyapp.models import Assessment, AuditEntry, City, Round
from surveyapp.models.audit import SYSTEM

bp = Blueprint("log", __name__, url_prefix="/cities/<int:city_id>/log")

SERVICE = "service"  # how the filter names what the service did by itself
# A cell that begins with one of these is a formula to a spreadsheet
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@bp.get("")
@in_city("lead")
def overview(city: City) -> Page:
    pages = db.paginate(_entries(city), per_page=50, max_per_page=50)
    people = db.session.scalars(
        select(AuditEntry.who).where(AuditEntry.city_id == city.id).distinct().order_by(AuditEntry.who)
    )
    return render_template(
        "accounts/log.html",
        city=city,
        pages=pages,
        people=list(people),
        rounds=_rounds(city),
        words_for=words_for,
        service=SERVICE,
    )


@bp.get("/log.csv")
@in_city("lead")
def export(city: City) -> Response:
    """What the filter shows, as a file; the byte order mark has spreadsheets read it as UTF-8."""
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerow(["time (UTC)", "who", "action", "what", "round", "about"])
    for entry in db.session.scalars(_entries(city)):
        cells = [entry.who, entry.action, words_for(entry.action), entry.round_key or "", entry.about]
        writer.writerow([entry.at.isoformat(sep=" "), *map(_plain, cells)])
    response = Response("\ufeff" + rows.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="log.csv"'
    return response


def _entries(city: City) -> Select[AuditEntry]:
    """Of this city, newest first, as far as the filter lets them through."""
    wanted = select(AuditEntry).where(AuditEntry.city_id == city.id)
    if who := request.args.get("who", "")[:254]:
        wanted = wanted.where(AuditEntry.who == (SYSTEM if who == SERVICE else who))
    if round_key := request.args.get("round", "")[:100]:
        wanted = wanted.where(AuditEntry.round_key == round_key)
    return wanted.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())


def _rounds(city: City) -> dict[str, str]:
    """Title by key: the rounds of the log, also those that are deleted since."""
    logged = db.session.scalars(
        select(AuditEntry.round_key)
        .where(AuditEntry.city_id == city.id, AuditEntry.round_key.is_not(None))
        .distinct()
        .order_by(AuditEntry.round_key)
    )
    titled = select(Round.key, Round.title).join(Assessment).where(Assessment.city_id == city.id)
    titles = {row.key: row.title for row in db.session.execute(titled)}
    return {key: titles.get(key, key) for key in logged if key}


def _plain(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell
