"""The pages of the questionnaire, whoever asks for them: a draft, a sent answer that is corrected, or a preview."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import render_template, session
from markupsafe import Markup
from sqlalchemy import bindparam, select

from surveyapp.answering.actions import Kept
from surveyapp.answering.forms import begun, icon_shares, voice
from surveyapp.answering.merging import COMMENT, fields, seen
from surveyapp.answering.seat import Place, Seat
from surveyapp.benchmark.frozen import Frozen
from surveyapp.benchmark.sheets import Sheet, sheet
from surveyapp.database import connection
from surveyapp.i18n import page_language
from surveyapp.layout.drawing import Drawn, Look, blank, fill
from surveyapp.models import Round
from surveyapp.models.recording import recorded


def about(place: Place) -> dict[str, Any]:
    """What every page shows around its questions."""
    return {
        "place": place,
        "city": place.city,
        "order": place.order,
        **worded(place.content, place.group),
    }


def what_next(place: Place) -> dict[str, Any]:
    """What the city has written about the time after."""
    texts = connection().scalar(_TEXTS, {"round": place.round_id}) or {}
    return {"next_steps": texts.get("next_steps", {}).get(page_language(), "")}


_TEXTS = select(Round.texts).where(Round.id == bindparam("round"))


def worded(frozen: Frozen, group: str) -> dict[str, Any]:
    """The words of the page's language, and how full the icons beside them are."""
    return {
        "words": frozen.wording.get(page_language()) or frozen.wording[frozen.benchmark.source_language],
        "shares": icon_shares(frozen.benchmark.scale.size),
        "stem_key": f"scale.{voice(frozen, group)}.stem",
    }


def factor_page(
    template: str,
    place: Place,
    page: Sheet,
    answers: Mapping[str, str],
    texts: Mapping[str, str],
    too_long: Mapping[str, tuple[str, int]] | None = None,
    met: Mapping[str, tuple[str, str]] | None = None,
) -> str:
    """One page with what is stored. `met` are fields that two windows changed: what is stored, and what was posted."""
    met = met or {}
    mine = {name: posted for name, (_, posted) in met.items()}
    own = {item.key for item in page.items} | {text.key + COMMENT for text in page.texts}
    stored = {name: value for name, value in fields(answers, texts).items() if name in own}
    language = page_language()
    heard = recorded(place.city_id, language)
    drawn = questions(place.content, page.key, place.group, place.short, language, heard)
    values = {
        "questions": filled(drawn, {**stored, **mine}),
        "was": seen(stored),
        "draft_name": getattr(place, "draft_name", ""),
        "device": session.get("browser", ""),
    }
    marks = tuple(begun(place.content, place.group, place.short, answers))
    if not (met or too_long):
        written = {text.key: texts.get(text.key, "") for text in page.texts}
        return fill(_drawn(template, Look.here(place.for_anybody), page.key, marks), {**values, **written})
    return render_template(
        template,
        **about(place),
        **values,
        page=page,
        begun=marks,
        written=lambda key: mine.get(key + COMMENT, texts.get(key, "")),
        too_long=too_long or {},
        met=met,
    )


@lru_cache(maxsize=2048)
def _drawn(template: str, look: Look[Place], key: str, begun: tuple[str, ...]) -> Drawn:
    """A page without what a person said on it."""
    blanks = {name: blank(name) for name in ("questions", "was", "draft_name", "device")}
    return look.draw(
        template, **about(look.shown), **blanks, page=look.shown.sheet(key), begun=begun, written=blank
    )


@lru_cache(maxsize=1024)
def questions(
    frozen: Frozen, key: str, group: str, short: bool, language: str, heard: tuple[tuple[str, str], ...] = ()
) -> str:
    """The questions of a page in the page's language, with nothing chosen. They never change while a round runs, so
    each is drawn once per process."""
    return render_template(
        "answering/questions.html",
        page=sheet(frozen, key, group, short),
        sounds=dict(heard),
        **worded(frozen, group),
    )


def filled(drawn: str, answers: Mapping[str, str]) -> Markup:
    """The same with somebody's choices."""
    for key, code in answers.items():
        if code and not key.endswith(COMMENT):
            drawn = drawn.replace(f'name="{key}" value="{code}"', f'name="{key}" value="{code}" checked', 1)
    return Markup(drawn)  # noqa: S704  (drawn by a template that escapes; keys and codes are of a-z, 0-9 and -)


def review_page(seat: Seat, kept: Kept, receipt: str) -> str:
    """A last look before sending."""
    parts = []
    for key in seat.order:
        page = seat.sheet(key)
        overall = next((item.key for item in page.items if item.overall), "")
        given = sum(item.key in kept.answers for item in page.items)
        wrote = any(text.key in kept.texts for text in page.texts)
        code = kept.answers.get(overall, "")
        parts.append(_summary(seat.content, key, seat.group, seat.short, page_language(), code, given, wrote))
    values = {"parts": Markup().join(parts), "draft_name": seat.draft_name, "receipt": receipt}
    return fill(_review(Look.here(seat.for_anybody), not kept.fields), values)


@lru_cache(maxsize=256)
def _review(look: Look[Place], nothing: bool) -> Drawn:
    blanks = {name: blank(name) for name in ("parts", "draft_name", "receipt")}
    return look.draw("answering/review.html", **about(look.shown), **blanks, nothing=nothing)


@lru_cache(maxsize=4096)
def _summary(
    frozen: Frozen, key: str, group: str, short: bool, language: str, code: str, given: int, wrote: bool
) -> Markup:
    """One page of the last look; `code` is what was chosen for its statement."""
    page = sheet(frozen, key, group, short)
    label = next((item.labels.get(code) for item in page.items if item.overall), None)
    text = render_template(
        "answering/review_part.html",
        page=page,
        code=code,
        label=label,
        given=given,
        wrote=wrote,
        **worded(frozen, group),
    )
    return Markup(text)  # noqa: S704  (drawn by a template that escapes)
