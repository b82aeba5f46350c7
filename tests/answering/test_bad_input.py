"""What reaches the questionnaire by mistake or by malice changes nothing, and is answered kindly."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text

from surveyapp.answering.forms import COMMENT_MAX
from surveyapp.assessments.actions import close_round
from surveyapp.database import db
from surveyapp.models import Draft, DraftAnswer, DraftComment, Invitation, Response, Round
from tests.builders import codes, link, opened_round


def kept() -> dict[str, str]:
    db.session.rollback()
    return dict(db.session.execute(select(DraftAnswer.question, DraftAnswer.choice)).all())


def begun(app: Flask, round_: Round) -> FlaskClient:
    """Somebody who has answered one question."""
    client = app.test_client()
    assert client.post(link(round_)).location == "/answer/f7"
    assert client.post("/answer/f7", data={"f7": "3"}).status_code == 303
    return client


@pytest.fixture
def round_(app: Flask) -> Round:
    return opened_round()


@pytest.fixture
def learner(app: Flask, round_: Round) -> FlaskClient:
    return begun(app, round_)


MALFORMED = {
    "cut off": lambda path: path[:-1],
    "one letter more": lambda path: path + "a",
    "one letter else": lambda path: path[:-1] + ("b" if path[-1] == "a" else "a"),
    "shouted": lambda path: path.upper().replace("/I/", "/i/"),
    "nothing at all": lambda path: "/i/%20",
    "a NUL": lambda path: path + "%00",
    "no UTF-8": lambda path: "/i/%ff%fe",
    "very long": lambda path: path + "a" * 5000,
}


def test_a_malformed_link_is_unknown(each_app: Flask) -> None:
    path = link(opened_round())
    client = each_app.test_client()
    for what, spoil in MALFORMED.items():
        for answer in (client.get(spoil(path)), client.post(spoil(path))):
            assert answer.status_code == 404, what
            assert "We do not know this link" in answer.text, what
        assert client.get("/answer").status_code == 403, "nobody is let in"
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_token_of_one_kind_opens_no_other_door(client: FlaskClient, round_: Round) -> None:
    [code] = codes(round_)
    assert client.post(f"/i/{code}").status_code == 404
    token = link(round_).removeprefix("/i/")
    assert client.post(f"/join/{token}").location == "/join"
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_a_wrong_code_is_shown_again(each_app: Flask) -> None:
    client = each_app.test_client()
    answer = client.post("/join", data={"code": '<b>K7MW"'})
    assert answer.status_code == 422
    assert html.escape('<b>K7MW"', quote=True) in answer.text.replace("&#34;", "&quot;")
    assert client.post("/join").status_code == 422, "nothing typed"
    assert client.get("/join/K7MW4PXT").location == "/join"


def test_a_round_that_closed_meanwhile(round_: Round, learner: FlaskClient) -> None:
    close_round(round_)
    db.session.commit()
    for answer in (
        learner.get("/answer/f7"),
        learner.post("/answer/f7", data={"f7": "0"}),
        learner.post("/answer/send"),
    ):
        assert answer.status_code == 410
        assert "This survey is closed" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Response)) == 0
    assert kept() == {}


def test_a_link_that_was_taken_back(round_: Round, learner: FlaskClient) -> None:
    db.session.execute(db.update(Invitation).values(status="revoked"))
    db.session.commit()
    assert learner.post("/answer/f7", data={"f7": "0"}).status_code == 403
    assert learner.post("/answer/send").status_code == 403
    assert kept() == {"f7": "3"}
    assert db.session.scalar(select(func.count()).select_from(Response)) == 0


def test_a_text_that_is_too_long_comes_back_and_the_rest_is_saved(each_app: Flask) -> None:
    learner = begun(each_app, opened_round())
    words = "é" * COMMENT_MAX + "<"
    answer = learner.post("/answer/f6", data={"f6": "2", "f6-lea-1": "dk", "f6:comment": words})
    assert answer.status_code == 422
    assert f">\n{html.escape(words)}</textarea>" in answer.text, "what was written is not lost"
    assert f"at most {COMMENT_MAX} letters, now {COMMENT_MAX + 1}" in answer.text
    assert kept() == {"f7": "3", "f6": "2", "f6-lea-1": "dk"}
    assert db.session.scalar(select(func.count()).select_from(DraftComment)) == 0
    assert learner.post("/answer/f6", data={"f6:comment": words[:COMMENT_MAX]}).status_code == 303
    assert db.session.scalars(select(DraftComment.text)).all() == [words[:COMMENT_MAX]]


UNASKED = {
    "an unknown question": {"f99": "1"},
    "a question of another group": {"f7-city-1": "1"},
    "a question of another page": {"f6": "1"},
    "a step the scale lacks": {"f7": "4"},
    "a word for a code": {"f7": "Mostly"},
    "a sign before the code": {"f7": "+1"},
    "an empty code": {"f7": ""},
    "not for me where it is not offered": {"f7": "na"},
    "a comment on another page": {"f6:comment": "x"},
    "markup": {"<script>": "alert(1)"},
}


@pytest.mark.parametrize("extra", UNASKED.values(), ids=UNASKED)
def test_what_the_page_does_not_ask_changes_nothing(learner: FlaskClient, extra: dict[str, str]) -> None:
    answer = learner.post("/answer/f7", data={"f7-lea-1": "1", **extra})
    assert answer.status_code == 400
    assert "Nothing was changed" in answer.text
    assert html.escape(next(iter(extra))) in answer.text, "it says what"
    assert "<script>alert" not in answer.text
    assert kept() == {"f7": "3"}


def test_a_page_that_does_not_exist(learner: FlaskClient) -> None:
    for key in ("f10", "F7", "closing2", "%00", "f7%0a"):
        assert learner.get(f"/answer/{key}").status_code == 404, key
        assert learner.post(f"/answer/{key}", data={"f7": "1"}).status_code == 404, key
    assert kept() == {"f7": "3"}


def test_more_than_a_page_can_take(learner: FlaskClient) -> None:
    answer = learner.post("/answer/f7", data={"f7:comment": "x" * 1_000_001})
    assert answer.status_code == 413
    assert kept() == {"f7": "3"}


def test_a_form_without_its_token_is_refused_kindly(app: Flask, round_: Round, learner: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    stranger = app.test_client()
    path = link(round_)
    assert stranger.post(path).status_code == 400
    assert stranger.get("/answer").status_code == 403
    for data in ({"f7": "0"}, {"f7": "0", "csrf_token": "forged"}):
        answer = learner.post("/answer/f7", data=data)
        assert answer.status_code == 400
        assert "This page is out of date" in answer.text
    assert learner.post("/answer/send").status_code == 400
    assert kept() == {"f7": "3"}

    field = re.search(r'name="csrf_token" value="([^"]+)"', learner.get("/answer/f7").text)
    assert field
    token = field.group(1)
    assert learner.post("/answer/f7", data={"f7": "0", "csrf_token": token}).status_code == 303
    assert kept() == {"f7": "0"}


def test_a_fault_of_ours_is_told_in_the_language_and_keeps_what_was_saved(each_app: Flask) -> None:
    learner = begun(each_app, opened_round())
    db.session.execute(text("ALTER TABLE draft_answers RENAME TO away"))
    db.session.commit()
    learner.get("/join?language=de")
    answer = learner.post("/answer/f7", data={"f7": "0"})
    assert answer.status_code in (500, 503)
    assert 'lang="de"' in answer.text
    assert "draft_answers" not in answer.text, "nothing of the inside is shown"
    db.session.rollback()
    db.session.execute(text("ALTER TABLE away RENAME TO draft_answers"))
    db.session.commit()
    assert kept() == {"f7": "3"}
    assert learner.post("/answer/f7", data={"f7": "0"}).status_code == 303
