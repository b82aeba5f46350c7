"""With the code of a receipt: what I answered, as a page and as a file; correcting it, and taking it back."""

from functools import lru_cache
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from markupsafe import Markup

from surveyapp.access import public
from surveyapp.answering import receipts
from surveyapp.answering.forms import read
from surveyapp.answering.merging import merge
from surveyapp.answering.pages import about, factor_page, what_next
from surveyapp.answering.receipts import Held
from surveyapp.answering.seat import Place, Seat
from surveyapp.benchmark.sheets import Sheet
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import offer
from surveyapp.layout import Page, message
from surveyapp.layout.drawing import Drawn, Look, blank, fill
from surveyapp.limits import count_wrong_code, too_many_wrong_codes
from surveyapp.pdf import PdfUnavailable, to_pdf
from surveyapp.tokens import in_fours, typed

bp = Blueprint("receipts", __name__, url_prefix="/receipt")


@bp.get("")
@public
def ask() -> Page:
    return render_template("answering/receipt_code.html")


@bp.post("")
@public
def find() -> Page:
    """The code is typed or pasted; a wrong one counts against guessing as every wrong code does."""
    start_writing()
    code = typed(request.form.get("code", ""))
    if too_many_wrong_codes(code):
        text = _("Too many wrong codes were typed here. Wait an hour and try again.")
        return message(_("Please wait a little"), text, status=429)
    if receipts.find(code) is None:
        count_wrong_code(code)
        db.session.commit()
        wrong = request.form.get("code", "")[:30]
        return render_template("answering/receipt_code.html", wrong=wrong), 422
    session["receipt"] = code
    return redirect(url_for(".answers"), 303)


@bp.get("/answers")
@public
def answers() -> Page:
    held = _held()
    sealed = receipts.seal(session["receipt"])
    return render_template("answering/receipt_answers.html", **_told(held), sealed=sealed)


@bp.get("/answers/<key>")
@public
def factor(key: str) -> Page:
    held = _held(to_change=True)
    kept = receipts.kept(held)
    return factor_page("answering/correct.html", held, _sheet(held, key), kept.answers, kept.texts)


@bp.post("/answers/<key>")
@public
def correct(key: str) -> Page:
    start_writing()
    held = _held(to_change=True, writing=True)
    page = _sheet(held, key)
    sent = read(page, request.form)
    if sent.unknown:
        return message(_("Something is not right"), _("Nothing was changed."), status=400, city=held.city)
    if not receipts.lock(held):
        abort(_unknown())
    kept = receipts.kept(held)
    merged = merge(sent.fields, request.form.get("was"), kept.fields)
    receipts.correct(held, merged.changed)
    db.session.commit()
    if sent.too_long or merged.conflicts:
        kept = receipts.kept(held)
        met = {name: (kept.fields.get(name, ""), sent.fields[name]) for name in merged.conflicts}
        shown = factor_page(
            "answering/correct.html", held, page, kept.answers, kept.texts, sent.too_long, met
        )
        return shown, 409 if met else 422
    stays = {"language", "text", "clear"} & request.form.keys()
    return redirect(url_for(".factor", key=key) if stays else url_for(".answers", _anchor=key), 303)


@bp.get("/withdraw")
@public
def really() -> Page:
    return render_template("answering/withdraw.html", **about(held := _held()), held=held)


@bp.post("/withdraw")
@public
def withdraw() -> Page:
    start_writing()
    held = _held(writing=True)
    if not receipts.lock(held):
        abort(_unknown())
    receipts.withdraw(held)
    db.session.commit()
    session.pop("receipt", None)
    text = (
        _("Your answers are deleted and count no more. The invitation cannot be used again.")
        if held.open
        else _("Your answers and texts are deleted. Counts and reports that were made stay as they are.")
    )
    return message(_("Your answers are withdrawn"), text, city=held.city)


@bp.post("/done")
@public
def done() -> Page:
    """The code leaves this browser."""
    session.pop("receipt", None)
    return redirect(url_for(".ask"), 303)


@bp.post("/file")
@public
def file() -> Page | Response:
    """The receipt as a PDF, made while one waits; nothing of it is kept."""
    code = receipts.unseal(request.form.get("receipt", ""))
    held = receipts.find(code) if code else None
    if held is None or code is None:
        return _unknown()
    offer(held.languages, held.batch_language)
    try:
        pdf = to_pdf(render_template("answering/receipt_file.html", **_told(held), code=code))
    except PdfUnavailable:
        text = _("This service cannot make PDF files now. Go back and print the page instead.")
        return message(_("There is no file"), text, status=503, city=held.city)
    return Response(
        pdf,
        mimetype="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="my-answers.pdf"'},
    )


def receipt_page(held: Held, code: str, seat: Seat) -> str:
    """What somebody reads right after sending; its form sends once more, to read the same in another language."""
    offer(held.languages, held.batch_language)
    values = {
        "code": in_fours(code),
        "sealed": receipts.seal(code),
        "again": receipts.seal(code, seat.invitation_id),
        "draft_name": seat.draft_name,
        "said": Markup(render_template("answering/said.html", **_told(held))),  # noqa: S704  (it escapes)
    }
    return fill(_receipt(Look.here(held.for_anybody), what_next(held)["next_steps"]), values)


@lru_cache(maxsize=256)
def _receipt(look: Look[Place], next_steps: str) -> Drawn:
    blanks = {name: blank(name) for name in ("code", "sealed", "again", "draft_name", "said")}
    return look.draw("answering/receipt.html", **about(look.shown), **blanks, next_steps=next_steps)


def _told(held: Held) -> dict[str, Any]:
    kept = receipts.kept(held)
    pages = [held.sheet(key) for key in held.order]
    return {**about(held), "pages": pages, "kept": kept.answers, "texts": kept.texts}


def _held(to_change: bool = False, writing: bool = False) -> Held:
    """The answer of this session's receipt, in its round's languages; anything else ends the request kindly."""
    held = receipts.find(session["receipt"], writing) if "receipt" in session else None
    if held is None:
        session.pop("receipt", None)
        abort(redirect(url_for(".ask"), 303))
    offer(held.languages, held.batch_language)
    if to_change and not held.open:
        text = _(
            "The survey is closed, so nothing can be changed any more. You can still delete your answers."
        )
        abort(make_response(message(_("This survey is closed"), text, status=410, city=held.city)))
    return held


def _unknown() -> Response:
    text = _("Perhaps these answers were withdrawn, or the code is not whole.")
    return make_response(message(_("We do not find these answers"), text, status=404))


def _sheet(held: Held, key: str) -> Sheet:
    try:
        return held.sheet(key)
    except KeyError:
        abort(404)
