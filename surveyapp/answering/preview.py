"""Staff look at what each group will see, and try it: nothing of a trial stays after opening."""

import json
from functools import lru_cache
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from markupsafe import Markup

from surveyapp.access import lead_of_round, of_round
from surveyapp.answering.forms import sheet, steps
from surveyapp.answering.pages import questions, worded
from surveyapp.answering.trial import start_trial
from surveyapp.benchmark import PackFaults
from surveyapp.benchmark.frozen import Frozen, freeze, thaw
from surveyapp.charts.words import Words
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import page_language
from surveyapp.layout import Page, message
from surveyapp.models import Round, StakeholderGroup
from surveyapp.models.drafting import planned_content
from surveyapp.models.recording import recorded

bp = Blueprint("preview", __name__, url_prefix="/rounds/<round_key>/preview")

END = "end"  # what follows the last page


@bp.get("")
@of_round("lead", "translator")
def overview(round_: Round) -> Page:
    """One group's pages in one language beside a page as on a phone."""
    frozen = _planned(round_)
    group = _group(round_, request.args.get("group") or round_.groups[0].key)
    order = steps(frozen, group.key, group.short)
    wish = request.args.get("page", "")
    return render_template(
        "answering/preview.html",
        round=round_,
        city=round_.city,
        words=Words(frozen, page_language()),
        group=group,
        language=_language(round_),
        order=order,
        shown=wish if wish in order else next(iter(order), END),
    )


@bp.get("/<group>/<factor>")
@of_round("lead", "translator")
def framed(round_: Round, group: str, factor: str) -> Page:
    """A page of the questionnaire in a language of its own, which the staff's pages do not take on."""
    frozen, asked, language = _planned(round_), _group(round_, group), _language(round_)
    order = (*steps(frozen, asked.key, asked.short), END)
    if factor not in order:
        abort(404)
    if "go" in request.args:
        turned: dict[str, Any] = {
            "round_key": round_.key,
            "group": group,
            "factor": _turned(order, factor),
            "in": language,
        }
        return redirect(url_for(".framed", **turned))
    with force_locale(language):
        about = {
            "framed": True,
            "round": round_,
            "city": round_.city,
            "group": asked,
            "order": order[:-1],
            **worded(frozen, asked.key),
        }
        if factor == END:
            return render_template("answering/framed_end.html", **about)
        heard = recorded(round_.city.id, language)
        return render_template(
            "answering/framed.html",
            page=sheet(frozen, factor, asked.key, asked.short),
            questions=Markup(questions(frozen, factor, asked.key, asked.short, language, heard)),  # noqa: S704
            begun=(),
            written=lambda _key: "",
            met={},
            too_long={},
            **about,
        )


@bp.post("/<group>/try")
@lead_of_round
def try_out(round_: Round, group: str) -> Page:
    """Into the questionnaire itself, as somebody of the group who opened a personal link."""
    start_writing()
    db.session.refresh(round_, with_for_update=True)
    if round_.state != "draft":
        abort(404)
    _planned(round_)
    invitation = start_trial(_group(round_, group))
    db.session.commit()
    session["invitation"], session["version"] = invitation.id, invitation.version
    return redirect(url_for("answering.resume"), 303)


def _turned(order: tuple[str, ...], here: str) -> str:
    """The page a button of the framed page leads to."""
    go, place = request.args["go"], order.index(here)
    if go in order:
        return go
    return order[max(place - 1, 0)] if go == "back" else order[min(place + 1, len(order) - 1)]


def _group(round_: Round, key: str) -> StakeholderGroup:
    return next((group for group in round_.groups if group.key == key), None) or abort(404)


def _language(round_: Round) -> str:
    """The language asked for, of those the round offers."""
    wish = request.args.get("in") or page_language()
    return wish if wish in round_.languages else round_.languages[0]


def _planned(round_: Round) -> Frozen:
    """What the round asks or would ask. A draft that has nothing to ask yet, or lost its pack, is told kindly."""
    try:
        planned = planned_content(round_)
    except (KeyError, PackFaults) as fault:
        text = _("Its benchmark is not whole: %(what)s", what=fault)
        abort(make_response(message(_("There is nothing to look at yet"), text, 409, round_.city)))
    if not round_.groups or not round_.languages:
        text = _("Choose groups and languages first.")
        abort(make_response(message(_("There is nothing to look at yet"), text, 409, round_.city)))
    if round_.state != "draft":
        return planned
    data = freeze(planned.benchmark, planned.wording)
    return _drawn_up(json.dumps(data, ensure_ascii=False))


@lru_cache(maxsize=8)
def _drawn_up(data: str) -> Frozen:
    """One object for equal content: pages are cached by it (see forms.py), and every look would leave one there."""
    return thaw(json.loads(data))
