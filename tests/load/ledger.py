"""Compares what people were thanked for with what the database holds."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from surveyapp.database import db
from surveyapp.models import (
    Answer,
    Batch,
    Comment,
    Draft,
    Invitation,
    LanguageCount,
    Response,
    Round,
    StakeholderGroup,
)
from surveyapp.models.counts import TOOK_PART, recount, stored, tallied
from tests.load.respondent import Visit

Sheet = tuple[str, frozenset[tuple[str, str]], frozenset[tuple[str, str]]]
"""One person's group, (question, choice) and (question, text)."""


def complaints(visits: Sequence[Visit], round_: Round) -> list[str]:
    """What is lost, doubled, changed or miscounted, in words; nothing where all is well."""
    thanked = [made for made in visits if made.acknowledged]
    sent = Counter(_sheet(made.person.group, made.answers, made.texts) for made in thanked)
    kept = _kept_sheets()
    lost, unknown = (sent - kept).total(), (kept - sent).total()
    expected = Counter(
        (made.person.group, cell)
        for made in thanked
        if made.answers
        for cell in [*made.answers.items(), TOOK_PART]
    )
    groups = {group.id: group.key for group in round_.groups}
    counted = Counter(
        {(groups[place], cell): n for place, row in tallied(round_.id).items() for cell, n in row.items()}
    )
    answered = select(func.count()).select_from(Invitation).where(Invitation.status == "answered")
    totals = {
        "responses": db.session.scalar(select(func.count()).select_from(Response)),
        "invitations marked answered": db.session.scalar(answered),
        "languages counted": db.session.scalar(select(func.sum(LanguageCount.n))),
    }
    found = [f"{n} {what}, {len(thanked)} acknowledged" for what, n in totals.items() if n != len(thanked)]
    if lost:
        found.append(f"{lost} acknowledged submissions are not stored as they were sent")
    if unknown:
        found.append(f"{unknown} stored responses are none that was acknowledged, or one twice")
    if counted != expected:
        found.append(f"{len((counted - expected) + (expected - counted))} counters differ from what was sent")
    if recount(round_.id) != stored(round_.id):
        found.append("the tally differs from a recount")
    if drafts := db.session.scalar(select(func.count()).select_from(Draft)):
        found.append(f"{drafts} drafts are left over")
    return found


def _kept_sheets() -> Counter[Sheet]:
    answers: dict[str, dict[str, str]] = {}
    for response, question, choice in db.session.execute(
        select(Answer.response_id, Answer.question, Answer.choice)
    ):
        answers.setdefault(response, {})[question] = choice
    texts: dict[str, dict[str, str]] = {}
    for response, question, text in db.session.execute(
        select(Comment.response_id, Comment.question, Comment.text)
    ):
        texts.setdefault(response, {})[question] = text
    responses = db.session.execute(
        select(Response.id, StakeholderGroup.key)
        .join(Batch, Batch.id == Response.batch_id)
        .join(StakeholderGroup, StakeholderGroup.id == Batch.group_id)
    )
    return Counter(_sheet(group, answers.get(key, {}), texts.get(key, {})) for key, group in responses)


def _sheet(group: str, answers: Mapping[str, str], texts: Mapping[str, str]) -> Sheet:
    return group, frozenset(answers.items()), frozenset(texts.items())
