"""The check of anonymity on a live database: it holds where all is well, and notices every way to break it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import insert, text

from surveyapp.database import db
from surveyapp.models import Batch, Invitation, Response, Round
from surveyapp.privacy.proof import Line, prove
from tests.builders import codes, group, opened_round
from tests.cli.conftest import Console
from tests.conftest import make_app, within
from tests.privacy.people import answer, closed, invite

EMAILS = [f"{letter}@x.example" for letter in "abcdefghijkl"]


def answered(app: Flask) -> Round:
    """Twelve people are invited and answer in their order."""
    round_ = opened_round()
    for path in invite(round_, *EMAILS).values():
        answer(app, path, "words")
    return db.session.get_one(Round, round_.id)


def states(lines: list[Line]) -> list[str]:
    return [line.state for line in lines]


def failures(round_: Round) -> list[str]:
    return [line.text for line in prove(round_) if line.state == "fails"]


def test_a_closed_round_holds(each_app: Flask) -> None:
    round_ = closed(answered(each_app))
    lines = prove(round_)
    assert set(states(lines)) == {"holds"}
    assert len(lines) == (6 if db.engine.dialect.name == "sqlite" else 7)


def test_an_open_round_says_what_waits_for_closing(each_app: Flask) -> None:
    found = states(prove(answered(each_app)))
    assert "fails" not in found
    assert found.count("later") == (1 if db.engine.dialect.name == "sqlite" else 2)


def test_a_round_without_answers_holds(each_app: Flask) -> None:
    assert "fails" not in states(prove(closed(opened_round())))


BREAKS: dict[str, tuple[str, str]] = {
    "a column that says when": ("ALTER TABLE responses ADD COLUMN sent_at TIMESTAMP", "responses.sent_at"),
    "a column that says who": (
        "ALTER TABLE comments ADD COLUMN invitation_id INTEGER",
        "comments.invitation_id",
    ),
    "a reference to an invitation": (
        "ALTER TABLE answers ADD COLUMN asked INTEGER REFERENCES invitations (id)",
        "invitations",
    ),
    "a table that joins them": (
        "CREATE TABLE receipts (invitation INTEGER REFERENCES invitations (id),"
        " response VARCHAR REFERENCES responses (id))",
        "receipts",
    ),
    "the random number beside a name": (
        "UPDATE contacts SET name = (SELECT min(id) FROM responses) WHERE email = 'a@x.example'",
        "contacts.name",
    ),
    "the random number in a new table": (
        "CREATE TABLE backups AS SELECT id AS old_key FROM responses",
        "backups.old_key",
    ),
    "an answer that was not sent": (
        "INSERT INTO drafts (invitation_id) SELECT min(id) FROM invitations",
        "of 1 people",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_every_way_back_is_noticed(each_app: Flask, name: str) -> None:
    round_ = closed(answered(each_app))
    statement, told = BREAKS[name]
    db.session.execute(text(statement))
    db.session.commit()
    found = failures(round_)
    assert found
    assert told in " ".join(found)


def test_another_round_is_not_blamed(app: Flask) -> None:
    """A number of another round's answers beside a name breaks that round's promise, and only that."""
    round_, other = closed(answered(app)), closed(opened_round(key="other", assessment="Other"))
    db.session.execute(text("UPDATE contacts SET name = (SELECT min(id) FROM responses)"))
    db.session.commit()
    assert failures(round_)
    assert not failures(other)


def test_sqlite_that_counts_rows_is_noticed(app: Flask) -> None:
    round_ = closed(answered(app))
    db.session.execute(text("PRAGMA foreign_keys=OFF"))
    db.session.commit()
    db.session.execute(text("ALTER TABLE comments RENAME TO old_comments"))
    db.session.execute(text("CREATE TABLE comments AS SELECT * FROM old_comments"))
    assert "comments" in " ".join(text_ for text_ in failures(round_) if "count their rows" in text_)
    db.session.rollback()


def written_apart(round_: Round) -> None:
    """As if closing had not written all at once: each answer by a transaction of its own."""
    for key in db.session.scalars(db.select(Response.id).order_by(Response.id)).all():
        db.session.execute(text("UPDATE responses SET batch_id = batch_id WHERE id = :id"), {"id": key})
        db.session.commit()


def laid_in_disorder(round_: Round) -> None:
    """As if closing had not laid them in the order of their numbers: one transaction, another order."""
    keys = db.session.scalars(db.select(Response.id).order_by(Response.id.desc())).all()
    db.session.execute(text("UPDATE answers SET choice = choice"))
    db.session.execute(text("UPDATE comments SET text = text"))
    db.session.execute(text("UPDATE invitations SET status = status"))
    for key in keys:
        db.session.execute(text("UPDATE responses SET batch_id = batch_id WHERE id = :id"), {"id": key})
    db.session.commit()


@pytest.mark.parametrize(
    ("break_", "told"),
    [
        (written_apart, "Transaction numbers differ"),
        (laid_in_disorder, "On the disk, answers lie in an order"),
    ],
)
def test_orders_on_postgresql_are_noticed(
    postgres_url: str, break_: Callable[[Round], None], told: str
) -> None:
    app = make_app(postgres_url)
    for _ in within(app):
        round_ = closed(answered(app))
        break_(round_)
        [found] = failures(round_)
        assert found.startswith(told)


def test_a_round_that_was_open_fails_the_check_of_a_closed_one(postgres_url: str) -> None:
    """Without the rewriting at closing, both orders would tell: the check must see it."""
    app = make_app(postgres_url)
    for _ in within(app):
        round_ = answered(app)
        db.session.execute(text("UPDATE rounds SET state = 'closed', closed_on = now()"))
        db.session.commit()
        db.session.expire_all()
        assert any("Transaction numbers differ" in line for line in failures(round_))


def test_a_list_of_one_is_pointed_out(app: Flask) -> None:
    round_ = opened_round()
    [code] = codes(round_)
    answer(app, f"/join/{code}")
    found = prove(db.session.get_one(Round, round_.id))
    assert "note" in states(found)
    assert "fails" not in states(found)


def test_the_command_prints_it_and_fails_where_something_fails(each_url: str) -> None:
    app = make_app(each_url)
    for _ in within(app):
        closed(answered(app))
    told = Console(each_url)("privacy", "autumn")
    assert told.startswith("autumn, checked on 20")
    assert told.count("\nholds: ") >= 6
    for _ in within(app):
        db.session.execute(text("ALTER TABLE responses ADD COLUMN sent_at TIMESTAMP"))
        db.session.commit()
    result = Console(each_url).run("privacy", "autumn")
    assert result.exit_code == 1
    assert "FAILS: Sent answers hold more than they should: responses.sent_at." in result.stdout
    assert "checks failed" in result.stderr
    assert "there is no round" in Console(each_url).refused(2, "privacy", "nowhere")


def test_a_large_round_costs_as_much_more_as_it_is_larger(app: Flask) -> None:
    """Every value is looked up by key: comparing all with all would take minutes for 20 000 people. Counted in
    steps of the database, which no other load on the machine changes."""
    round_ = opened_round()
    batch = Batch(group=group(round_, "learners"), channel="personal")
    db.session.add(batch)
    db.session.flush()
    spent = []
    for people in (range(1000), range(1000, 4000)):
        invited = [{"batch_id": batch.id, "status": "answered", "token_hash": f"{n:064}"} for n in people]
        db.session.execute(insert(Invitation), invited)
        sent = {"round_id": round_.id, "group_id": batch.group_id, "batch_id": batch.id}
        db.session.execute(insert(Response), [{"id": f"{n:032x}", **sent} for n in people])
        db.session.commit()
        spent.append(steps_of(lambda: prove(round_)))
    assert spent[1] < 6 * spent[0]  # four times the people; comparing all with all would make it sixteen


def steps_of(work: Callable[[], object]) -> int:
    """How many hundreds of instructions SQLite's machine runs for it."""
    ticks = 0

    def tick() -> int:
        nonlocal ticks
        ticks += 1
        return 0

    connection = db.session.connection().connection.driver_connection
    connection.set_progress_handler(tick, 100)
    work()
    connection.set_progress_handler(None, 100)
    return ticks
