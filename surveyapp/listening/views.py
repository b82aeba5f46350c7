"""Staff put recordings in, one language of a round at a time; everybody may hear them."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user
from sqlalchemy import select

from surveyapp.access import of_round, public
from surveyapp.charts.words import Words
from surveyapp.extensions import db, start_writing
from surveyapp.i18n import page_language
from surveyapp.layout import Page
from surveyapp.listening.actions import File, Refused, Text, add_recordings, remove_recording, texts
from surveyapp.models import Recording, Round, StakeholderGroup
from surveyapp.models.audit import record
from surveyapp.models.drafting import planned_content
from surveyapp.models.recording import recorded, text_hash

bp = Blueprint("listening", __name__)

MOST_AT_ONCE = 60_000_000


@bp.url_value_preprocessor
def _make_room(endpoint: str | None, _values: dict[str, object] | None) -> None:
    """Recordings come many at a time; every other page keeps the limit of the installation."""
    if endpoint == "listening.add":
        request.max_content_length = MOST_AT_ONCE


@bp.get("/sound/<sound>")
@public
def sound(sound: str) -> Response:
    """A recording, by what it sounds like: the address of other sounds is another, so browsers may keep it."""
    found = db.session.execute(
        select(Recording.data, Recording.media_type).where(Recording.sound == sound).limit(1)
    ).one_or_none()
    if found is None:
        abort(404)
    answer = Response(found.data, mimetype=found.media_type)
    whose = "private" if session.get("shared") else "public"  # on a shared device it comes with a cookie
    answer.headers["Cache-Control"] = f"{whose}, max-age=31536000, immutable"
    answer.headers["Accept-Ranges"] = "none"
    return answer


@bp.get("/rounds/<round_key>/recordings")
@of_round("lead", "translator")
def overview(round_: Round) -> Page:
    return _page(round_)


@bp.post("/rounds/<round_key>/recordings")
@of_round("lead", "translator")
def add(round_: Round) -> Page:
    start_writing()
    group, language = _asked(round_)
    files = [
        File(file.filename or "", file.read()) for file in request.files.getlist("files") if file.filename
    ]
    known = texts(planned_content(round_), group.key, group.short, language)
    taken, refused = add_recordings(round_.city, language, known, files)
    if taken:
        record(round_, current_user.email, "recordings.added", f"{language}: {taken}")
    db.session.commit()
    if refused or not files:
        return _page(round_, refused, taken, nothing=not files), 422
    flash(ngettext("%(num)d recording is there now.", "%(num)d recordings are there now.", taken))
    return redirect(_here(round_, group, language), 303)


@bp.post("/rounds/<round_key>/recordings/remove")
@of_round("lead", "translator")
def remove(round_: Round) -> Page:
    start_writing()
    group, language = _asked(round_)
    remove_recording(round_.city, language, request.form.get("text", ""))
    record(round_, current_user.email, "recordings.removed", language)
    db.session.commit()
    flash(_("The recording is removed."))
    return redirect(_here(round_, group, language), 303)


def _here(round_: Round, group: StakeholderGroup, language: str) -> str:
    shown: dict[str, Any] = {"round_key": round_.key, "group": group.key, "in": language}
    return url_for(".overview", **shown)


def _page(round_: Round, refused: list[Refused] | None = None, taken: int = 0, nothing: bool = False) -> str:
    group, language = _asked(round_)
    frozen = planned_content(round_)
    sounds = dict(recorded(round_.city.id, language))
    lines: list[tuple[Text, str | None, str]] = [
        (text, sounds.get(text_hash(text.words)), text_hash(text.words))
        for text in texts(frozen, group.key, group.short, language)
    ]
    return render_template(
        "listening/overview.html",
        round=round_,
        city=round_.city,
        words=Words(frozen, page_language()),
        group=group,
        language=language,
        lines=lines,
        there=sum(sound is not None for _text, sound, _hash in lines),
        refused=refused or [],
        taken=taken,
        nothing=nothing,
    )


def _asked(round_: Round) -> tuple[StakeholderGroup, str]:
    """The group and the language of the page: what is asked for, else the first of the round."""
    if not round_.groups or not round_.languages:
        abort(404)
    wished = {group.key: group for group in round_.groups}
    plain = wished.get("learners", round_.groups[0])  # who needs it most
    language = request.values.get("in", "")
    return (
        wished.get(request.values.get("group", ""), plain),
        language if language in round_.languages else round_.languages[0],
    )
