"""Keeping what the city adds to a report."""

from collections.abc import Mapping

from sqlalchemy import delete, select

from surveyapp.database import db
from surveyapp.models import ContextRating, Remark, Round
from surveyapp.models.prose import Influence


def remarks_in(round_: Round, language: str) -> dict[str, str]:
    """Everything said in a language, by place."""
    found = select(Remark).where(Remark.round_id == round_.id, Remark.language == language)
    return {remark.place: remark.text for remark in db.session.scalars(found)}


def languages_of_remarks(round_: Round) -> list[str]:
    """Languages in which the city has said something."""
    found = select(Remark.language).where(Remark.round_id == round_.id).distinct().order_by(Remark.language)
    return list(db.session.scalars(found))


def keep_remarks(round_: Round, language: str, texts: Mapping[str, str]) -> bool:
    """Keeps texts by place; an empty one takes away what was there. Whether anything changed."""
    stood = remarks_in(round_, language)
    changed = {place: text for place, text in texts.items() if text != stood.get(place, "")}
    for place, text in changed.items():
        if not text:
            own = (Remark.round_id == round_.id, Remark.place == place, Remark.language == language)
            db.session.execute(delete(Remark).where(*own))
        else:
            db.session.merge(Remark(round_id=round_.id, place=place, language=language, text=text))
    return bool(changed)


def ratings_of(round_: Round) -> dict[str, ContextRating]:
    """Ratings by context factor."""
    found = select(ContextRating).where(ContextRating.round_id == round_.id)
    return {rating.context_factor: rating for rating in db.session.scalars(found)}


def rate_context(round_: Round, rated: Mapping[str, Influence | None]) -> bool:
    """Keeps a rating by context factor, or takes it away where it is None. Whether anything changed."""
    stood, changed = ratings_of(round_), False
    for context_factor, influence in rated.items():
        before = stood.get(context_factor)
        if influence is None:
            if before is not None:
                db.session.delete(before)
                changed = True
        elif before is None or (before.influence, tuple(before.factors)) != (
            influence.influence,
            influence.factors,
        ):
            db.session.merge(
                ContextRating(
                    round_id=round_.id,
                    context_factor=context_factor,
                    influence=influence.influence,
                    factors=list(influence.factors),
                )
            )
            changed = True
    return changed
