"""What operators watch, what every answer carries, and what a fault looks like."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from surveyapp.answering import actions
from surveyapp.cli.server import masked
from surveyapp.database import db
from surveyapp.models import DraftAnswer
from tests.builders import link, opened_round
from tests.conftest import make_app


def test_health_and_readiness(app: Flask, client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ok\n"
    assert client.get("/.well-known/security.txt").text.startswith("Contact: mailto:")


def test_not_ready_without_tables(tmp_path) -> None:
    bare = make_app(f"sqlite:///{tmp_path}/bare.sqlite").test_client()
    assert bare.get("/healthz").status_code == 200
    assert bare.get("/readyz").status_code == 503


def test_metrics_need_the_token(sqlite_url: str) -> None:
    client = make_app(sqlite_url, metrics_token="abc").test_client()
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer abd"}).status_code == 404
    assert "surveyapp_responses 0.0" in client.get("/metrics", headers={"Authorization": "Bearer abc"}).text
    assert (
        make_app(sqlite_url).test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (RuntimeError("a fault of ours"), 500),
        (OperationalError("SELECT", {}, Exception("disk is full")), 503),
    ],
)
def test_a_fault_is_told_kindly_and_keeps_what_was_saved(
    app: Flask, client: FlaskClient, monkeypatch, fault: Exception, status: int
) -> None:
    client.post(link(opened_round()), data={"language": "de"})
    client.post("/answer/f7", data={"f7": "3"})
    working = actions.save_answers

    def failing(*given: object) -> None:
        working(*given)
        raise fault

    monkeypatch.setattr(actions, "save_answers", failing)
    answer = client.post("/answer/f6", data={"f6": "1"})
    assert answer.status_code == status
    assert 'lang="de"' in answer.text
    assert "fault of ours" not in answer.text
    assert db.session.execute(select(DraftAnswer.question, DraftAnswer.choice)).all() == [("f7", "3")]
    monkeypatch.setattr(actions, "save_answers", working)
    assert client.post("/answer/f6", data={"f6": "1"}).status_code == 303


def test_tokens_do_not_reach_the_log() -> None:
    assert masked("/i/abcdefgh") == "/i/…"
    assert masked("/join/K7MW4PXT") == "/join/…"
    assert masked("/sign-in/WyJhIl0.x.y") == "/sign-in/…"
    assert masked("/sign-in/invited/WyJhIl0.x.y") == "/sign-in/invited/…"
    assert masked("/class/abcdefgh/open") == "/class/…/open"
    assert masked("/answer/f7") == "/answer/f7"


def test_an_unwritable_database_says_so(tmp_path) -> None:
    client = make_app(f"sqlite:///{tmp_path}").test_client()  # a folder stands where the file should be
    answer = client.get("/i/abcdefgh")
    assert answer.status_code == 503
    assert "Something went wrong" in answer.text
