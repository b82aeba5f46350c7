"""Does anything lead from a sent answer back to an invitation? Looked up in the live database, never assumed.

The schema is read from the database itself, since a table could have been changed by hand; values and the places of
rows are those of this round. The tests attack the same schema (tests/models/test_anonymity.py); this is the part
that can be repeated on every installation.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import gettext as _
from sqlalchemy import exists, func, select, text

from surveyapp.database import db
from surveyapp.i18n import number
from surveyapp.models import Batch, Draft, Invitation, Response, Round, StakeholderGroup

State = Literal["holds", "fails", "later", "note"]

SENT = {
    "responses": {"id", "round_id", "group_id", "batch_id", "receipt_hash"},
    "answers": {"response_id", "question", "choice"},
    "comments": {"response_id", "question", "text"},
}
# Tables that know whom they are about
PERSONAL = {"invitations", "contacts", "deliveries", "drafts", "draft_answers", "draft_comments"}
# The decision on a comment has to find its comment; it is read nowhere together with a person
KNOW_ANSWERS = {*SENT, "moderations"}
FEW = 5
# What tells one sent answer from another, and how long it is: see random_key() and answering/receipts.py
SECRETS = {"id": 32, "receipt_hash": 64}

COLUMNS = {
    "sqlite": "SELECT m.name, c.name, c.type FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'",
    "postgresql": "SELECT table_name, column_name, data_type FROM information_schema.columns"
    " WHERE table_schema = current_schema()",
}
REFERENCES = {
    "sqlite": 'SELECT m.name, f."table" FROM sqlite_master m, pragma_foreign_key_list(m.name) f'
    " WHERE m.type = 'table'",
    "postgresql": "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint"
    " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace",
}
UNORDERED = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%WITHOUT ROWID%'"
SAME_MOMENT = (
    "SELECT count(DISTINCT t.xmin::text) FROM {table} t JOIN responses r ON r.id = t.{key}"
    " WHERE r.round_id = :round"
)
ANSWERED_MOMENT = (
    "SELECT count(DISTINCT i.xmin::text) FROM invitations i JOIN batches b ON b.id = i.batch_id"
    " JOIN stakeholder_groups g ON g.id = b.group_id WHERE g.round_id = :round AND i.status = 'answered'"
)
# Closing writes responses in the order of their new random numbers: in any other order half of the steps go down
DESCENTS = (
    "SELECT count(*) FILTER (WHERE id < before), count(before) FROM"
    " (SELECT id, lag(id) OVER (ORDER BY ctid) AS before FROM responses WHERE round_id = :round) AS placed"
)
MOST_DESCENTS = 0.2


@dataclass(frozen=True)
class Line:
    """One thing looked at, and what was found."""

    state: State
    text: str


def prove(round_: Round) -> list[Line]:
    """Every check on this round, in the order in which somebody would attack it."""
    schema = _Schema()
    checks: tuple[Callable[[Round, _Schema], Iterator[Line]], ...] = (
        _references,
        _columns,
        _values,
        _drafts,
        _places,
        _small_channels,
    )
    return [line for check in checks for line in check(round_, schema)]


class _Schema:
    """Tables, columns and references as the database has them."""

    def __init__(self) -> None:
        self.dialect = db.engine.dialect.name
        self.columns: dict[str, dict[str, str]] = {}
        for table, column, kind in db.session.execute(text(COLUMNS[self.dialect])):
            self.columns.setdefault(table, {})[column] = kind.lower()
        self.references: dict[str, set[str]] = {}
        for table, target in db.session.execute(text(REFERENCES[self.dialect])):
            self.references.setdefault(table, set()).add(target)

    def reached_from(self, start: set[str]) -> set[str]:
        reached: set[str] = set()
        edge = set(start)
        while edge:
            reached |= edge
            edge = {target for table in edge for target in self.references.get(table, ())} - reached
        return reached


def _line(holds: bool, good: str, bad: str) -> Line:
    return Line("holds", good) if holds else Line("fails", bad)


def _references(round_: Round, schema: _Schema) -> Iterator[Line]:
    up = schema.reached_from(set(SENT)) & PERSONAL
    down = {table for table in schema.columns if table not in KNOW_ANSWERS} & {
        table for table, targets in schema.references.items() if targets & KNOW_ANSWERS
    }
    yield _line(
        not up and not down,
        _("No reference between tables leads from a sent answer to an invitation, or back."),
        _(
            "These tables connect sent answers with invitations: %(tables)s.",
            tables=", ".join(sorted(up | down)),
        ),
    )


def _columns(round_: Round, schema: _Schema) -> Iterator[Line]:
    more = [
        f"{table}.{column}"
        for table, known in SENT.items()
        for column in sorted(schema.columns.get(table, {}).keys() - known)
    ]
    yield _line(
        not more,
        _(
            "A sent answer holds only what was said, for which group and channel, and a check number of its receipt: "
            "no date, no language, no address."
        ),
        _("Sent answers hold more than they should: %(columns)s.", columns=", ".join(more)),
    )


def _values(round_: Round, schema: _Schema) -> Iterator[Line]:
    """Equal values join tables as well as references do: the random number of an answer may stand nowhere else."""
    places = [
        (table, column)
        for table, columns in sorted(schema.columns.items())
        for column, kind in sorted(columns.items())
        if table not in KNOW_ANSWERS and ("char" in kind or kind in ("text", "uuid"))
    ]
    # A cross join is taken from left to right by SQLite: every value is looked up once, by the key of responses
    search = " UNION ALL ".join(
        f"SELECT '{table}.{column}' WHERE EXISTS (SELECT 1 FROM {table} t CROSS JOIN responses r"  # noqa: S608 names of the schema
        f" WHERE length(CAST(t.{column} AS VARCHAR)) = {letters}"
        f" AND r.{secret} = CAST(t.{column} AS VARCHAR) AND r.round_id = :round)"
        for table, column in places
        for secret, letters in SECRETS.items()
    )
    shared = list(db.session.scalars(text(search), {"round": round_.id}))
    yield _line(
        not shared,
        _(
            "The random number of an answer stands nowhere else: %(count)s columns of other tables were searched.",
            count=number(len(places)),
        ),
        _("Random numbers of answers were found elsewhere: %(places)s.", places=", ".join(shared)),
    )


def _drafts(round_: Round, schema: _Schema) -> Iterator[Line]:
    if not round_.ended:
        yield Line("later", _("Answers not sent yet hang on their invitation. They are deleted at closing."))
        return
    left = db.session.scalar(
        select(func.count()).select_from(Draft).join(Invitation, Invitation.id == Draft.invitation_id)
        .join(Batch).join(StakeholderGroup).where(StakeholderGroup.round_id == round_.id)
    )  # fmt: skip
    yield _line(
        not left,
        _("No answer that was not sent is left."),
        _("Answers that were not sent are still there, of %(count)s people.", count=number(left or 0)),
    )


def _places(round_: Round, schema: _Schema) -> Iterator[Line]:
    if schema.dialect == "sqlite":
        numbered = SENT.keys() - set(db.session.scalars(text(UNORDERED)))
        yield _line(
            not numbered,
            _("Sent answers are stored in the order of their random numbers; the database counts no rows."),
            _(
                "These tables count their rows, which tells who answered first: %(tables)s.",
                tables=", ".join(sorted(numbered)),
            ),
        )
    elif not round_.ended:
        yield Line(
            "later",
            _("Until closing, the order of rows could tell the order of answering. Closing rewrites all."),
        )
    else:
        yield from _places_on_postgresql({"round": round_.id})


def _places_on_postgresql(place: dict[str, int]) -> Iterator[Line]:
    moments = [
        db.session.scalar(text(SAME_MOMENT.format(table=table, key=key)), place)
        for table, key in (("responses", "id"), ("answers", "response_id"), ("comments", "response_id"))
    ]
    moments.append(db.session.scalar(text(ANSWERED_MOMENT), place))
    yield _line(
        all((found or 0) <= 1 for found in moments),
        _(
            "All answers carry the same transaction number, that of closing, and so do the invitations answered."
        ),
        _("Transaction numbers differ between answers: they could tell the order of answering."),
    )
    down, steps = db.session.execute(text(DESCENTS), place).one()
    yield _line(
        down <= 1 + MOST_DESCENTS * steps,
        _("On the disk, answers lie in the order of their random numbers."),
        _("On the disk, answers lie in an order of their own: it could be that of answering."),
    )


def _small_channels(round_: Round, schema: _Schema) -> Iterator[Line]:
    """An answer names its channel, so a channel with one person in it would name the person."""
    asked: Any = (
        select(func.count())
        .select_from(Invitation)
        .where(Invitation.batch_id == Batch.id, Batch.channel.in_(("personal", "codes")))
        .correlate(Batch)
        .scalar_subquery()
    )
    small = db.session.scalar(
        select(func.count())
        .select_from(Batch)
        .join(StakeholderGroup)
        .where(
            StakeholderGroup.round_id == round_.id,
            exists().where(Response.batch_id == Batch.id),
            asked > 0,
            asked < FEW,
        )
    )
    if small:
        yield Line(
            "note",
            _(
                "%(count)s lists or classes were given to fewer than %(few)s people. Answers name their list or class, "
                "so somebody with the whole database could guess there.",
                count=number(small),
                few=number(FEW),
            ),
        )
    else:
        yield Line(
            "holds",
            _("Every list or class with answers was given to at least %(few)s people.", few=number(FEW)),
        )
