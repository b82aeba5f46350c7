"""Can anybody who holds the database tie an answer to an invitation? The tests attack the real schema."""

import subprocess
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import ColumnElement, inspect, select, text

from surveyapp.assessments.actions import close_round, sweep_remains
from surveyapp.database import db
from surveyapp.models import (
    Answer,
    Comment,
    Draft,
    DraftAnswer,
    DraftComment,
    Invitation,
    Moderation,
    Response,
    Round,
)
from tests.builders import group, link, opened_round
from tests.postgres import binaries

SENT = (Response, Answer, Comment)
KEPT_BEFORE = (Invitation, Draft, DraftAnswer, DraftComment)
PEOPLE = 24


def answer_in_order(app: Flask, people: int = PEOPLE) -> Round:
    """Everybody answers one after the other, and the order could be known: person n gives the comment `words n`."""
    round_ = opened_round()
    paths = [link(round_) for _ in range(people)]
    for number, path in enumerate(paths):
        browser = app.test_client()
        browser.post(path)
        browser.post("/answer/f7", data={"f7": str(number % 4), "f7:comment": f"words {number:03}"})
        browser.post("/answer/send")
    return db.session.get(Round, round_.id)  # type: ignore[return-value]


def closed(app: Flask) -> Round:
    round_ = answer_in_order(app)
    close_round(round_)
    db.session.commit()
    sweep_remains()
    return round_


def test_no_foreign_key_leads_from_an_answer_to_an_invitation(each_app: Flask) -> None:
    """The graph of foreign keys, walked from the sent tables upwards."""
    schema = inspect(db.engine)
    reached, edge = set(), {table.__tablename__ for table in SENT}
    while edge:
        reached |= edge
        edge = {key["referred_table"] for table in edge for key in schema.get_foreign_keys(table)} - reached
    assert reached == {
        "responses", "answers", "comments", "rounds", "assessments", "cities", "stakeholder_groups", "batches",
    }  # fmt: skip


def test_sent_rows_hold_nothing_but_what_was_said_and_where_it_belongs(each_app: Flask) -> None:
    columns = {table.__tablename__: {*table.__table__.columns.keys()} for table in SENT}
    assert columns == {
        "responses": {"id", "round_id", "group_id", "batch_id", "receipt_hash"},
        "answers": {"response_id", "question", "choice"},
        "comments": {"response_id", "question", "text"},
    }
    for table in (*SENT, *KEPT_BEFORE):
        for column in table.__table__.columns:
            assert column.type.python_type not in (date, datetime), f"{column} could tell when"


def test_no_value_of_a_sent_row_stands_anywhere_else(each_app: Flask) -> None:
    """Equal values join tables as well as keys do: random keys must occur nowhere but in the sent tables."""
    closed(each_app)
    keys = {*db.session.scalars(select(Response.id))}
    assert len(keys) == PEOPLE
    for table in db.metadata.sorted_tables:
        if table.name in {"responses", "answers", "comments", "moderations"}:
            continue  # a moderation names its comment, and nothing else names a moderation (below)
        for row in db.session.execute(select(table)):
            assert not keys & {value for value in row if isinstance(value, str)}, table.name


def test_the_draft_is_gone_and_its_keys_with_it(each_app: Flask) -> None:
    answer_in_order(each_app, 3)
    for table in (Draft, DraftAnswer, DraftComment):
        assert db.session.scalars(select(table)).all() == []


def stored_orders(round_: Round) -> Iterator[tuple[str, list[str]]]:
    """Comments in every order in which the database itself keeps or finds them."""
    yield "as found", list(db.session.scalars(select(Comment.text)))
    if db.engine.dialect.name == "postgresql":
        for hidden in ("ctid", "xmin::text::bigint"):
            found = db.session.scalars(text(f"SELECT text FROM comments ORDER BY {hidden}, ctid"))
            yield hidden, list(found)
        laid_out = (
            "SELECT c.text FROM moderations m JOIN comments c USING (response_id, question) ORDER BY m.ctid"
        )
        yield "moderations by ctid", list(db.session.scalars(text(laid_out)))
        by_response = "SELECT c.text FROM responses r JOIN comments c ON c.response_id = r.id ORDER BY r.ctid"
        yield "responses by ctid", list(db.session.scalars(text(by_response)))


def agreement(order: list[str]) -> float:
    """Share of pairs that stand in the order of answering; 0.5 is chance."""
    pairs = [(a, b) for i, a in enumerate(order) for b in order[i + 1 :]]
    return sum(a < b for a, b in pairs) / len(pairs)


def test_no_order_of_rows_tells_the_order_of_answering(each_app: Flask) -> None:
    round_ = closed(each_app)
    for name, order in stored_orders(round_):
        assert len(order) == PEOPLE
        # 24 shuffled people: a share outside these bounds comes by chance less than once in 100 000 runs
        assert 0.17 < agreement(order) < 0.83, name


def test_what_staff_moderate_tells_neither_order_nor_person(each_app: Flask) -> None:
    """They work by the moderation's own random key; its rows lie in the order of these keys."""
    closed(each_app)
    rows = db.session.execute(
        select(Moderation.key, Comment.text).join(Comment, onclause(Moderation, Comment))
    )
    in_order_of_key = [words for _, words in sorted(map(tuple, rows))]
    assert len(in_order_of_key) == PEOPLE
    assert 0.17 < agreement(in_order_of_key) < 0.83
    schema, keys = inspect(db.engine), {*db.session.scalars(select(Moderation.key))}
    for table in db.metadata.sorted_tables:
        assert all(key["referred_table"] != "moderations" for key in schema.get_foreign_keys(table.name))
        if table.name != "moderations":
            for row in db.session.execute(select(table)):
                assert not keys & {value for value in row if isinstance(value, str)}, table.name


def onclause(moderation: type[Moderation], comment: type[Comment]) -> ColumnElement[bool]:
    return (moderation.response_id == comment.response_id) & (moderation.question == comment.question)


def test_sqlite_keeps_no_row_numbers(app: Flask) -> None:
    for table in (*SENT, Moderation):
        with pytest.raises(Exception, match="no such column: rowid"):
            db.session.execute(text(f"SELECT rowid FROM {table.__tablename__}"))
        db.session.rollback()


def test_one_transaction_wrote_all_that_remains(request: pytest.FixtureRequest, postgres_url: str) -> None:
    from tests.conftest import make_app, within

    for app in within(make_app(postgres_url)):
        closed(app)
        for table in (*SENT, Moderation, Invitation):
            found = db.session.scalars(text(f"SELECT DISTINCT xmin::text FROM {table.__tablename__}")).all()
            assert len(found) == 1, f"{table.__tablename__} was written by {len(found)} transactions"


def test_invitations_lie_in_the_order_of_their_numbers(
    request: pytest.FixtureRequest, postgres_url: str
) -> None:
    """Whoever answered last was written last: closing writes all once more, so that place tells nothing."""
    from tests.conftest import make_app, within

    for app in within(make_app(postgres_url)):
        round_ = opened_round()
        paths = [link(round_) for _ in range(8)]
        for path in reversed(paths):
            browser = app.test_client()
            browser.post(path)
            browser.post("/answer/send")
        round_ = db.session.get(Round, round_.id)
        close_round(round_)
        db.session.commit()
        sweep_remains()
        numbers = list(db.session.scalars(text("SELECT id FROM invitations ORDER BY ctid")))
        assert numbers == sorted(numbers)


def test_a_dump_from_before_closing_does_not_lead_to_rows_after_it(each_app: Flask) -> None:
    """An old backup holds drafts and old keys; after closing no key, no place and no row of it lives on."""
    round_ = answer_in_order(each_app)
    before = {*db.session.scalars(select(Response.id))}
    close_round(round_)
    db.session.commit()
    assert before.isdisjoint(db.session.scalars(select(Response.id)))


def test_a_dump_taken_during_the_draft_shares_no_key_with_the_response(each_app: Flask) -> None:
    round_ = opened_round()
    browser = each_app.test_client()
    browser.post(link(round_))
    browser.post("/answer/f7", data={"f7": "2"})
    draft = {
        str(value)
        for table in KEPT_BEFORE
        for row in db.session.execute(select(table.__table__))
        for value in row
    }
    browser.post("/answer/send")
    [response] = db.session.scalars(select(Response))
    assert response.id not in draft
    assert group(round_, "learners").id == response.group_id


def test_deleted_words_leave_the_sqlite_file(app: Flask, sqlite_url: str) -> None:
    round_ = opened_round()
    browser = app.test_client()
    browser.post(link(round_))
    browser.post("/answer/f7", data={"f7:comment": "never sent words"})
    close_round(db.session.get(Round, round_.id))  # type: ignore[arg-type]
    db.session.commit()
    db.session.remove()
    sweep_remains()
    db.engine.dispose()
    path = sqlite_url.removeprefix("sqlite:///")
    for file in (path, f"{path}-wal"):
        try:
            with open(file, "rb") as content:
                assert b"never sent words" not in content.read()
        except FileNotFoundError:
            pass


def test_a_postgres_dump_holds_no_time_and_no_address(postgres_url: str) -> None:
    from tests.conftest import make_app, within

    for app in within(make_app(postgres_url)):
        closed(app)
        db.session.rollback()
        tables = [argument for table in SENT for argument in ("-t", table.__tablename__)]
        dump = subprocess.run(
            [binaries() / "pg_dump", "--data-only", "--inserts", *tables, postgres_url],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
        assert "words 003" in dump
        assert "127.0.0.1" not in dump
        assert str(date.today().year) not in dump.replace("\\restrict", "")


def test_closing_keeps_every_answer_and_the_tally(each_app: Flask) -> None:
    from surveyapp.models.counts import recount, stored

    round_ = answer_in_order(each_app)
    answers = sorted(db.session.scalars(select(Answer.choice)))
    before = stored(round_.id)
    close_round(round_)
    db.session.commit()
    assert sorted(db.session.scalars(select(Answer.choice))) == answers
    assert stored(round_.id) == before == recount(round_.id)
    assert round_.unsent_drafts == 0
