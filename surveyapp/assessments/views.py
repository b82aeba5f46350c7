"""Setting up a round in the browser, step by step. Every step can be left, and taken up again later."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask import request as asked
from flask_babel import gettext as _
from flask_security import current_user

from surveyapp.access import lead_of_round, signed_in
from surveyapp.assessments.actions import hold
from surveyapp.assessments.beginning import NewRoundForm, cities_led_by, earlier_rounds, form_for
from surveyapp.assessments.starting import copy_round, start_round
from surveyapp.assessments.steps import STEPS, after, before, first_open
from surveyapp.assessments.steps.step import Step
from surveyapp.extensions import db, start_writing
from surveyapp.layout import Page, message
from surveyapp.layout.forms import Form
from surveyapp.models import Round
from surveyapp.models.audit import record

bp = Blueprint("assessments", __name__, url_prefix="/rounds")


@bp.get("/new")
@signed_in
def new() -> Page:
    cities = cities_led_by(current_user.id)
    if not cities:
        return message(_("Only a city lead can start a round"), _("Ask the lead of your city."), status=403)
    return render_template("assessments/new.html", form=form_for(cities, earlier_rounds(cities)))


@bp.post("/new")
@signed_in
def create() -> Page:
    start_writing()
    cities = cities_led_by(current_user.id)
    if not cities:
        abort(403)
    rounds = earlier_rounds(cities)
    form = form_for(cities, rounds)
    if not form.validate():
        return render_template("assessments/new.html", form=form), 422
    round_ = _made(form, {round_.key: round_ for round_ in rounds}.get(form.earlier.data))
    db.session.commit()
    return redirect(url_for(".setup", round_key=round_.key), 303)


def _made(form: NewRoundForm, earlier: Round | None) -> Round:
    languages = current_app.config["LANGUAGES"]
    if earlier is not None:
        round_ = copy_round(earlier, form.title.data, languages, done=[key for key in STEPS if key != "name"])
        record(round_, current_user.email, "round.copied", earlier.key)
    else:
        round_ = start_round(form.chosen_city, form.title.data, form.pack.data, languages, current_user.email)
        record(round_, current_user.email, "round.created")
    return round_


@bp.get("/<round_key>/setup")
@lead_of_round
def setup(round_: Round) -> Page:
    return redirect(url_for(".step", round_key=round_.key, step=first_open(round_)))


@bp.get("/<round_key>/setup/<step>")
@lead_of_round
def step(round_: Round, step: str) -> Page:
    part = STEPS.get(step) or abort(404)
    return _settled(round_) or _page(part, round_, part.form(round_))


@bp.post("/<round_key>/setup/<step>")
@lead_of_round
def save_step(round_: Round, step: str) -> Page:
    part = STEPS.get(step) or abort(404)
    start_writing()
    hold(round_)  # against being opened by somebody else in this moment
    if settled := _settled(round_):
        return settled
    form = part.form(round_)
    if not form.validate():
        return _page(part, round_, form), 422
    part.save(round_, form)
    round_.setup_done = [key for key in STEPS if key in {*round_.setup_done, step}]
    record(round_, current_user.email, "round.changed", step)
    db.session.commit()
    return redirect(_next(round_, step, asked.form.get("do", "")), 303)


def _next(round_: Round, step: str, do: str) -> str:
    """Where the button that was pressed leads to."""
    if do == "leave":
        flash(_("Saved. You can go on with setting up at any time."))
        return url_for("comparison.rounds")
    if do in ("stay", "add"):
        flash(_("Saved."))
        return url_for(".step", round_key=round_.key, step=step)
    following = after(step)
    if following is None:
        return url_for("running.check", round_key=round_.key)
    return url_for(".step", round_key=round_.key, step=following)


def _settled(round_: Round) -> Page | None:
    """What is said where a round has opened already; None for a draft."""
    if round_.state == "draft":
        return None
    text = _("What a round asks is fixed when it opens. Copy it to ask something else next time.")
    return message(_("This round is set up already"), text, status=409, city=round_.city)


def _page(part: Step, round_: Round, form: Form) -> str:
    return render_template(
        f"assessments/steps/{part.key}.html",
        round=round_,
        city=round_.city,
        form=form,
        part=part,
        steps=STEPS,
        before=before(part.key),
        **part.shown(round_, form),
    )
