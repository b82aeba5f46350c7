"""Rounds: set up as a draft, opened (which freezes what is asked), closed (which unties who from what)."""

import random
from datetime import UTC, datetime
from pathlib import Path

from babel.support import Translations
from sqlalchemy import delete, func, select, text

from surveyapp.assessments.plan import RoundPlan
from surveyapp.benchmark import Benchmark, find_packs, load, messages
from surveyapp.benchmark import select as select_content
from surveyapp.benchmark.frozen import content_hash, freeze
from surveyapp.config import data_folder
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
    Response,
    Round,
    StakeholderGroup,
)
from surveyapp.models.response import random_key


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


def pack_folder(pack: str) -> Path:
    """A pack by name, of those that come with the program, or a folder of one's own."""
    for folder in find_packs(data_folder("benchmark")):
        if folder.name == pack:
            return folder
    return Path(pack)


def open_round(round_: Round) -> None:
    """Freezes content and wording, and lets answers in. Raises CannotMove unless the round is a draft."""
    if round_.state != "draft":
        raise CannotMove(f"round {round_.key} is {round_.state}: only a draft can be opened")
    pack = load(pack_folder(round_.pack))
    try:
        benchmark = select_content(pack, tuple(round_.factors), tuple(group.key for group in round_.groups))
    except KeyError as missing:
        raise CannotMove(
            f"round {round_.key}: its benchmark no longer has {missing}: add the round again"
        ) from None
    words = {
        language: wording(benchmark, pack_folder(round_.pack).name, language) for language in round_.languages
    }
    words.setdefault(benchmark.source_language, wording(benchmark, "", benchmark.source_language))
    data = freeze(benchmark, words)
    round_.content, round_.content_hash = data, content_hash(data)
    round_.state = "open"


def wording(benchmark: Benchmark, pack: str, language: str) -> dict[str, str]:
    """Every text of the content in a language, by content key; the source's own where no translation stands."""
    translations = Translations.load(data_folder("translations"), [language], "benchmark")
    return {
        message.key: message.text
        if language == benchmark.source_language
        else translations.pgettext(f"{pack}/{message.key}", message.text)
        for message in messages(benchmark)
    }


def close_round(round_: Round) -> None:
    """Ends answering: unsent drafts go (their number stays), and every row is written anew in random order.

    After the commit neither row order nor a transaction's number (PostgreSQL's xmin, ctid) ties a response to
    an invitation or to another. `sweep_remains` then clears what the database keeps of the old rows.
    """
    db.session.flush()
    db.session.refresh(round_, with_for_update=True)  # waits for everyone who is just sending: see WHILE_OPEN
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
    _rewrite_statuses(list(db.session.scalars(invitations.order_by(Invitation.id))))


def _rewrite_responses(round_: Round) -> None:
    """New keys in random order, in the database's own hands: 66 000 responses stay cheap."""
    old_keys = list(db.session.scalars(select(Response.id).where(Response.round_id == round_.id)))
    if not old_keys:
        return
    random.SystemRandom().shuffle(old_keys)
    new_keys = sorted(random_key() for _ in old_keys)
    db.session.execute(text("CREATE TEMPORARY TABLE renewed (old VARCHAR PRIMARY KEY, new VARCHAR)"))
    db.session.execute(
        text("INSERT INTO renewed (old, new) VALUES (:old, :new)"),
        [{"old": old, "new": new} for old, new in zip(old_keys, new_keys, strict=True)],
    )
    for statement in (
        "INSERT INTO responses (id, round_id, group_id, batch_id) SELECT renewed.new, round_id, group_id, batch_id"
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
            for table in (Draft, DraftAnswer, DraftComment, Invitation, Response, Answer, Comment):
                connection.execute(text(f"VACUUM {table.__tablename__}"))
        else:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
