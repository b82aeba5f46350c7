"""Rounds: set up as a draft, opened (which freezes what is asked), closed (which unties who from what).

What may change in between and afterwards stands in changing.py."""

import random
from datetime import UTC, datetime

from sqlalchemy import delete, func, insert, select, text

from surveyapp.assessments.plan import RoundPlan
from surveyapp.database import db
from surveyapp.models import (
    Answer,
    Assessment,
    Batch,
    City,
    Comment,
    Draft,
    DraftAnswer,
    DraftComment,
    Invitation,
    LanguageCount,
    Moderation,
    Response,
    Round,
    StakeholderGroup,
)
from surveyapp.models.drafting import freeze_plan
from surveyapp.models.response import random_key
from surveyapp.models.translation import drafts


class CannotMove(Exception):
    """The round is in no state for what was asked; the text says which."""


def add_round(plan: RoundPlan) -> Round:
    """Stores a draft round; a city or assessment named for the first time is made."""
    city = db.session.scalar(select(City).where(City.name == plan.city))
    if city is None:
        city = City(name=plan.city, invented=plan.invented)
    assessment = db.session.scalar(
        select(Assessment).where(Assessment.city_id == city.id, Assessment.title == plan.assessment)
    ) or Assessment(city=city, title=plan.assessment)
    if find_round(plan.key) is not None:
        raise CannotMove(f"there is already a round {plan.key}: choose another id")
    round_ = Round(
        key=plan.key,
        assessment=assessment,
        title=plan.title,
        pack=str(plan.pack),
        factors=list(plan.factors),
        languages=list(plan.languages),
        self_group=plan.self_group,
        threshold=plan.threshold,
        closes_on=plan.closes_on,
        texts={kind: dict(words) for kind, words in plan.texts.items()},
        answers_export=plan.answers_export,
        groups=[
            StakeholderGroup(
                key=group.key, kind=group.kind, position=place, short=group.short, expected=group.expected
            )
            for place, group in enumerate(plan.groups)
        ],
    )
    db.session.add(round_)
    db.session.flush()
    return round_


def find_round(key: str) -> Round | None:
    return db.session.scalar(select(Round).where(Round.key == key))


def hold(round_: Round) -> None:
    """Takes the round for this transaction: whoever is just answering is waited for (see WHILE_OPEN)."""
    db.session.flush()
    db.session.refresh(round_, with_for_update=True)


def open_round(round_: Round) -> None:
    """Freezes content and wording, and lets answers in. Raises CannotMove unless the round is a draft."""
    hold(round_)
    if round_.state != "draft":
        raise CannotMove(f"round {round_.key} is {round_.state}: only a draft can be opened")
    try:
        freeze_plan(round_)
    except KeyError as missing:
        raise CannotMove(
            f"round {round_.key}: its benchmark no longer has {missing}: add the round again"
        ) from None
    _wipe_trial(round_)
    # What was reviewed since the lead agreed to a draft is asked as what it is now
    unread = drafts(round_.city, round_.draft_languages)
    round_.draft_languages = [language for language in round_.draft_languages if language in unread]
    round_.state = "open"
    round_.opened_on = datetime.now(UTC).date()


def _wipe_trial(round_: Round) -> None:
    """What staff answered while they tried the draft goes, with all that hangs on it in every table."""
    groups = select(StakeholderGroup.id).where(StakeholderGroup.round_id == round_.id)
    db.session.execute(delete(Batch).where(Batch.channel == "trial", Batch.group_id.in_(groups)))
    db.session.execute(delete(LanguageCount).where(LanguageCount.round_id == round_.id))


def close_round(round_: Round) -> None:
    """Ends answering: unsent drafts go (their number stays), and every row is written anew in random order.

    After the commit neither row order nor a transaction's number (PostgreSQL's xmin, ctid) ties a response to
    an invitation or to another. `sweep_remains` then clears what the database keeps of the old rows.
    """
    hold(round_)
    if round_.state != "open":
        raise CannotMove(f"round {round_.key} is {round_.state}: only an open round can be closed")
    round_.state = "closed"
    round_.closed_on = datetime.now(UTC).date()
    invitations = (
        select(Invitation.id).join(Batch).join(StakeholderGroup).where(StakeholderGroup.round_id == round_.id)
    )
    round_.unsent_drafts = db.session.scalar(
        select(func.count()).select_from(Draft).where(Draft.invitation_id.in_(invitations))
    )
    for table in (DraftAnswer, DraftComment, Draft):
        db.session.execute(delete(table).where(table.invitation_id.in_(invitations)))
    _rewrite_responses(round_)
    _lay_out_comments(round_)
    _rewrite_statuses(list(db.session.scalars(invitations.order_by(Invitation.id))))


def _rewrite_responses(round_: Round) -> None:
    """New keys in random order, in the database's own hands: 66 000 responses stay cheap."""
    old_keys = list(db.session.scalars(select(Response.id).where(Response.round_id == round_.id)))
    if not old_keys:
        return
    random.SystemRandom().shuffle(old_keys)
    new_keys = sorted(random_key() for _ in old_keys)
    db.session.execute(
        text("CREATE TEMPORARY TABLE renewed (old VARCHAR PRIMARY KEY, new VARCHAR, receipt VARCHAR)")
    )
    db.session.execute(
        text("INSERT INTO renewed (old, new) VALUES (:old, :new)"),
        [{"old": old, "new": new} for old, new in zip(old_keys, new_keys, strict=True)],
    )
    for statement in (
        # a receipt finds one row, so the old one lets go of it before the new one takes it
        "UPDATE renewed SET receipt = (SELECT receipt_hash FROM responses WHERE responses.id = renewed.old)",
        "UPDATE responses SET receipt_hash = NULL WHERE id IN (SELECT old FROM renewed)",
        "INSERT INTO responses (id, round_id, group_id, batch_id, receipt_hash)"
        " SELECT renewed.new, round_id, group_id, batch_id, renewed.receipt"
        " FROM renewed JOIN responses ON responses.id = renewed.old ORDER BY renewed.new",
        "INSERT INTO answers (response_id, question, choice) SELECT renewed.new, question, choice"
        " FROM renewed JOIN answers ON answers.response_id = renewed.old ORDER BY renewed.new, question",
        "INSERT INTO comments (response_id, question, text) SELECT renewed.new, question, text"
        " FROM renewed JOIN comments ON comments.response_id = renewed.old ORDER BY renewed.new, question",
        "DELETE FROM answers WHERE response_id IN (SELECT old FROM renewed)",
        "DELETE FROM comments WHERE response_id IN (SELECT old FROM renewed)",
        "DELETE FROM responses WHERE id IN (SELECT old FROM renewed)",
        "DROP TABLE renewed",
    ):
        db.session.execute(text(statement))


def _lay_out_comments(round_: Round) -> None:
    """One row for every comment somebody has to look at, under a random key and in the order of these keys."""
    comments = (
        select(Comment.response_id, Comment.question)
        .join(Response, Response.id == Comment.response_id)
        .where(Response.round_id == round_.id, func.trim(Comment.text) != "")
    )
    rows = [
        {"key": random_key(), "response_id": response, "question": question, "state": "pending"}
        for response, question in db.session.execute(comments)
    ]
    if rows:
        db.session.execute(insert(Moderation), sorted(rows, key=lambda row: row["key"]))


def _rewrite_statuses(invitation_ids: list[int]) -> None:
    """Writes every invitation once more, one by one in order of number: PostgreSQL keeps rows where they were
    last written, and one statement for all would follow that order, which is the order of answering."""
    if invitation_ids:
        db.session.execute(
            text("UPDATE invitations SET status = status WHERE id = :id"),
            [{"id": key} for key in invitation_ids],
        )


def sweep_remains() -> None:
    """After closing and its commit: clears what a database keeps of deleted and rewritten rows."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "postgresql":
            for table in (
                Draft,
                DraftAnswer,
                DraftComment,
                Invitation,
                Response,
                Answer,
                Comment,
                Moderation,
            ):
                connection.execute(text(f"VACUUM {table.__tablename__}"))
        else:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
