"""Pages that belong to nobody's task: what this is, your data, accessibility, and what operators watch."""

import hmac
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, current_app, render_template, request, session
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy import func, select, text

from surveyapp.access import public
from surveyapp.database import db
from surveyapp.extensions import queue
from surveyapp.i18n import page_language
from surveyapp.models import Invitation, Report, Round
from surveyapp.models import Response as Sent

bp = Blueprint("site", __name__)

# The day on which the accessibility statement was last looked through
STATEMENT_MADE = date(2026, 11, 25)

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; "
    "media-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


# A page of the preview may stand in a frame of our own, and the overview of the preview may hold such a frame.
FRAMES = {
    "preview.framed": POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
    "preview.overview": f"{POLICY}; frame-src 'self'",
}


@bp.get("/")
@public
def home() -> str:
    return render_template("layout/home.html")


@bp.get("/privacy")
@public
def privacy() -> str:
    return render_template("layout/privacy.html")


@bp.get("/protection")
@public
def protection() -> str:
    return render_template("layout/protection.html")


@bp.get("/accessibility")
@public
def accessibility() -> str:
    """The statement, with the contact of the round that this browser answers."""
    invitation = db.session.get(Invitation, session["invitation"]) if "invitation" in session else None
    contact = invitation.batch.group.round.texts.get("contact", {}) if invitation else {}
    return render_template(
        "layout/accessibility.html",
        made=STATEMENT_MADE,
        contact=contact.get(page_language()) or next(iter(contact.values()), ""),
    )


@bp.get("/.well-known/security.txt")
@public
def security_txt() -> Response:
    expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=365)
    lines = {
        "Contact": f"mailto:{current_app.config['MAIL_FROM']}",
        "Expires": expires.isoformat().replace("+00:00", "Z"),
        "Canonical": current_app.config["BASE_URL"] + request.path,
    }
    return Response("".join(f"{name}: {value}\n" for name, value in lines.items()), mimetype="text/plain")


@bp.get("/healthz")
@public
def healthz() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def readyz() -> Response:
    """Database and queue answer too."""
    db.session.execute(text("SELECT 1 FROM rounds LIMIT 1"))
    queue.pending(current_app)
    return Response("ok\n", mimetype="text/plain")


@bp.get("/metrics")
@public
def metrics() -> Response:
    """A few totals for monitoring, only with the token and only what says nothing about a group."""
    token = current_app.config["METRICS_TOKEN"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not token or not hmac.compare_digest(token.encode(), given.encode()):
        abort(404)
    registry = CollectorRegistry()
    totals = {
        "surveyapp_rounds_open": select(func.count()).select_from(Round).where(Round.state == "open"),
        "surveyapp_responses": select(func.count())
        .select_from(Sent)
        .join(Round)
        .where(Round.state != "draft"),
        "surveyapp_reports_waiting": select(func.count()).select_from(Report).where(Report.state == "queued"),
        "surveyapp_reports_failed": select(func.count()).select_from(Report).where(Report.state == "failed"),
    }
    for name, query in totals.items():
        Gauge(name, name, registry=registry).set(db.session.scalar(query) or 0)
    return Response(generate_latest(registry), mimetype="text/plain")


def protect(response: Response) -> Response:
    """Headers of every answer: nothing from elsewhere, nothing left behind."""
    guard(response.headers, FRAMES.get(request.endpoint or "", POLICY))
    if request.endpoint != "listening.sound":
        response.headers["Cache-Control"] = "no-store"
    return response


def guard(headers: Any, policy: str = POLICY) -> None:
    """The same for static files, which are answered before the application is asked."""
    headers.setdefault("Content-Security-Policy", policy)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
