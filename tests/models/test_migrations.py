"""Upgrading keeps what is there: each later migration is run over rows that the first one took."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from surveyapp.app import create_app
from surveyapp.config import Settings
from surveyapp.database import db
from surveyapp.issuing import find_by_token, find_group_link
from surveyapp.tokens import link_token, short_code
from tests.conftest import within

ROWS = (
    "INSERT INTO cities (id, name, invented) VALUES (1, 'Testville', false)",
    "INSERT INTO assessments (id, city_id, title) VALUES (1, 1, 'Courses')",
    "INSERT INTO rounds (id, key, assessment_id, title, state, pack, factors, languages, threshold, texts,"
    " answers_export, content_hash, closed_on) VALUES"
    " (1, 'spring', 1, 'Spring', 'closed', 'p', '[]', '[]', 5, '{}', false, 'h', '2026-05-01')",
    "INSERT INTO stakeholder_groups (id, round_id, key, kind, position, short)"
    " VALUES (1, 1, 'city', 'persons', 0, false)",
    "INSERT INTO batches (id, group_id, channel, label, version) VALUES (1, 1, 'codes', '', 1)",
    "INSERT INTO invitations (id, batch_id, status, version, token_hash) VALUES (1, 1, 'answered', 1, 'x')",
    "INSERT INTO responses (id, round_id, group_id, batch_id) VALUES ('r', 1, 1, 1)",
    "INSERT INTO comments (response_id, question, text) VALUES ('r', 'f1', 'good')",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_app(request: pytest.FixtureRequest, tmp_path: object) -> Iterator[Flask]:
    url = f"sqlite:///{tmp_path}/bare.sqlite"
    if request.param == "postgresql":
        url = request.getfixturevalue("cluster").create("bare")
    yield from within(create_app(Settings(database_url=url, queue_url="memory:")))
    if request.param == "postgresql":
        request.getfixturevalue("cluster").drop("bare")


def test_upgrading_keeps_every_row(bare_app: Flask) -> None:
    upgrade(revision="0001")
    with db.engine.begin() as connection:
        for row in ROWS:
            connection.execute(text(row))
        for kind, row in (("codes", 7), ("group_link", 8), ("personal", 9)):
            connection.execute(
                text(
                    "INSERT INTO batches (id, group_id, channel, label, version, token_hash)"
                    " VALUES (:row, 1, :kind, '', 1, :hash)"
                ),
                {"row": row, "kind": kind, "hash": "old" if kind == "group_link" else None},
            )
            connection.execute(
                text(
                    "INSERT INTO invitations (id, batch_id, status, version, token_hash)"
                    " VALUES (:row, :row, 'invited', 2, :kind)"
                ),
                {"row": row, "kind": kind},
            )
    upgrade()
    assert find_by_token(short_code("code", 7, 2)).id == 7
    assert find_by_token(link_token("personal", 9, 2)).id == 9
    assert find_group_link(short_code("group", 8, 1)).id == 8
    rows = {
        "cities": 1,
        "rounds": 1,
        "stakeholder_groups": 1,
        "batches": 4,
        "invitations": 4,
        "responses": 1,
        "comments": 1,
    }
    for table, number in rows.items():
        assert db.session.scalar(text(f"SELECT count(*) FROM {table}")) == number, table
    round_ = db.session.execute(text("SELECT contacts_keep_days, shown_on FROM rounds")).one()
    assert (round_.contacts_keep_days, str(round_.shown_on)) == (90, "2026-05-01")
    db.session.commit()


def test_the_database_watches_references_again_after_an_upgrade(bare_app: Flask) -> None:
    upgrade()
    with pytest.raises(Exception, match=r"(?i)foreign key"), db.engine.begin() as connection:
        connection.execute(text("INSERT INTO assessments (id, city_id, title) VALUES (1, 99, 'x')"))
