"""The questionnaire: one key factor a page, a last look, sent once."""

from flask import Blueprint, abort, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from surveyapp.access import public
from surveyapp.answering import actions, receipts
from surveyapp.answering.forms import begun, read
from surveyapp.answering.merging import merge, seen_since
from surveyapp.answering.pages import about, factor_page, review_page, what_next
from surveyapp.answering.receipt_views import receipt_page
from surveyapp.answering.seat import Place, Seat, find_seat
from surveyapp.benchmark.sheets import Sheet
from surveyapp.database import commit, reading, writing
from surveyapp.i18n import offer, page_language
from surveyapp.layout import Page, message

bp = Blueprint("answering", __name__, url_prefix="/answer")


@bp.get("")
@public
@reading
def resume() -> Page:
    """To the last page with an answer, or to the first of all."""
    seat = _seat()
    return redirect(url_for("answering.factor", key=_where_to_go_on(seat)))


@bp.get("/<key>")
@public
@reading
def factor(key: str) -> Page:
    seat = _seat()
    kept = actions.kept(seat)
    return factor_page("answering/factor.html", seat, _sheet(seat, key), kept.answers, kept.texts)


@bp.post("/<key>")
@public
@writing
def save_factor(key: str) -> Page:
    """Keeps what was changed. A page's script asks for JSON: after every answer, and for the way on."""
    seat = _seat(writing=True)
    page = _sheet(seat, key)
    sent = read(page, request.form)
    if sent.unknown:
        text = _(
            "This page was sent something it does not ask: %(what)s. Nothing was changed.",
            what=sent.unknown[0],
        )
        return message(_("Something is not right"), text, status=400, city=seat.city)
    stored = actions.kept(seat).fields
    merged = merge(sent.fields, request.form.get("was"), stored)
    actions.save_answers(seat, merged.changed)
    commit()
    stored |= merged.changed
    wrong = 409 if merged.conflicts else 422 if sent.too_long else 200
    if request.headers.get("Accept") == "application/json":
        # Told what it sent, not what is stored: what another window has changed since is still new to this one
        was = seen_since(request.form.get("was", ""), sent.fields, merged.conflicts)
        return make_response(jsonify(was=was, next=next_address(seat, key)), wrong)
    if wrong != 200:
        kept = actions.kept(seat)
        met = {name: (stored.get(name, ""), sent.fields[name]) for name in merged.conflicts}
        shown = factor_page("answering/factor.html", seat, page, kept.answers, kept.texts, sent.too_long, met)
        return shown, wrong
    return redirect(next_address(seat, key), 303)


@bp.get("/review")
@public
@reading
def review() -> Page:
    seat = _seat()
    return review_page(seat, actions.kept(seat), receipts.seal(receipts.new_code(), seat.invitation_id))


@bp.post("/send")
@public
@writing
def send() -> Page:
    """Answers with the receipt itself and not with a way to it: its code is in the form and nowhere else, so that
    whoever has to send again is shown the same one."""
    seat = find_seat(writing=True)
    code = receipts.unseal(request.form.get("receipt", ""), seat.invitation_id) if seat else None
    if seat and seat.status == "answered":
        held = receipts.find(code) if code else None
    else:
        seat = _to_answer(seat)
        response = actions.send(seat, page_language(), receipts.code_hash(code) if code else None)
        commit()
        held = receipts.held(seat, response) if response else None
    return receipt_page(held, code, seat) if held and code else redirect(url_for("answering.thanks"), 303)


@bp.get("/send")
@public
def sent() -> Page:
    """Who loads the receipt again from its address has left it."""
    return redirect(url_for("answering.thanks"))


@bp.get("/thanks")
@public
@reading
def thanks() -> Page:
    seat = find_seat()
    if seat is None or seat.status != "answered":
        return redirect(url_for("answering.resume"))
    offer(seat.languages, seat.wish or seat.batch_language)
    return render_template("answering/thanks.html", **about(seat), **what_next(seat))


def next_address(seat: Place, key: str) -> str:
    """Where the pressed button leads: another language on the same page, back, a page of the trail, or on."""
    order = (*seat.order, "review")
    go = request.form.get("go", "next")
    if {"language", "text", "clear"} & request.form.keys():
        target = key
    elif go in order:
        target = go
    else:
        target = order[max(order.index(key) - 1, 0)] if go == "back" else order[order.index(key) + 1]
    return url_for("answering.review") if target == "review" else url_for("answering.factor", key=target)


def _where_to_go_on(seat: Seat) -> str:
    done = begun(seat.content, seat.group, seat.short, actions.kept(seat).answers)
    return done[-1] if done else seat.order[0]


def _seat(writing: bool = False) -> Seat:
    return _to_answer(find_seat(writing))


def _to_answer(seat: Seat | None) -> Seat:
    """The seat, open to answer; anything else is told kindly and ends the request."""
    if seat is None or seat.status in ("revoked", "invited"):
        # "invited" once more: the round closed, which took the draft, and was opened again
        text = _(
            "We cannot tell which invitation is yours. "
            "Open your link or type your code again: what you saved is kept."
        )
        abort(make_response(message(_("Please open your link again"), text, status=403)))
    offer(seat.languages, seat.wish or seat.batch_language)
    if seat.status == "answered":
        abort(redirect(url_for("answering.thanks"), 303))
    if not seat.open:
        text = _("The questions can no longer be answered. Thank you for wanting to help.")
        abort(make_response(message(_("This survey is closed"), text, status=410, city=seat.city)))
    return seat


def _sheet(place: Place, key: str) -> Sheet:
    try:
        return place.sheet(key)
    except KeyError:
        abort(404)
