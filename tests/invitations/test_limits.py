"""Cap and window of a class: enforced at the start, said kindly, and never against someone who has started."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from surveyapp.assessments.actions import close_round, find_round
from surveyapp.database import db, start_writing
from surveyapp.models import Batch, Draft, Invitation
from tests.answering.test_at_once import at_once, count
from tests.builders import codes, group_code, link, opened_round
from tests.test_guards import MOST_QUERIES

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def limited(**limits: object) -> str:
    """Code of a group link with these limits."""
    code = group_code(opened_round())
    batch = db.session.scalars(select(Batch)).one()
    for name, value in limits.items():
        setattr(batch, name, value)
    db.session.commit()
    return code


def test_thirty_at_once_on_ten_places(each_app: Flask) -> None:
    code = limited(cap=10)
    browsers = [each_app.test_client() for _ in range(30)]
    answers = at_once(*(partial(browser.post, f"/join/{code}") for browser in browsers))
    assert sorted(answer.status_code for answer in answers) == [303] * 10 + [409] * 20
    assert count(Invitation) == count(Draft) == 10, "who came too late has left nothing"
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert "All places of this code are taken" in refused.text


def test_full_is_said_before_one_starts_and_not_to_those_inside(app: Flask) -> None:
    code = limited(cap=1)
    inside, late = app.test_client(), app.test_client()
    assert inside.post(f"/join/{code}").status_code == 303
    for answer in (late.get(f"/join/{code}"), late.post(f"/join/{code}")):
        assert answer.status_code == 409
        assert "As many people as expected" in answer.text
    assert inside.get(f"/join/{code}").status_code == 200
    assert inside.post(f"/join/{code}").status_code == 303
    assert count(Invitation) == 1


@time_machine.travel(NOW, tick=False)
def test_too_early_and_too_late(app: Flask, client: FlaskClient) -> None:
    moment = NOW.replace(tzinfo=None)
    code = limited(opens_at=moment + timedelta(minutes=1))
    for answer in (client.get(f"/join/{code}"), client.post(f"/join/{code}")):
        assert answer.status_code == 403
        assert "It is too early for this code" in answer.text
        assert "You can start from 24 Nov 2026, 09:01 (UTC)." in answer.text
    batch = db.session.scalars(select(Batch)).one()
    batch.opens_at, batch.closes_at = moment, moment + timedelta(minutes=1)
    db.session.commit()
    assert client.post(f"/join/{code}").status_code == 303
    batch = db.session.scalars(select(Batch)).one()
    batch.closes_at = moment
    db.session.commit()
    late = app.test_client()
    for answer in (late.get(f"/join/{code}"), late.post(f"/join/{code}")):
        assert answer.status_code == 410
        assert "The time for this code is over" in answer.text
    assert client.post(f"/join/{code}").status_code == 303, "who has started may finish"
    assert client.post("/answer/f7", data={"f7": "2"}).status_code == 303
    assert client.post("/answer/send").status_code == 303
    assert count(Invitation) == 1


@time_machine.travel(NOW, tick=False)
def test_a_window_holds_for_slips_too(app: Flask, client: FlaskClient) -> None:
    [code] = codes(opened_round())
    batch = db.session.scalars(select(Batch)).one()
    batch.closes_at = NOW.replace(tzinfo=None)
    db.session.commit()
    assert client.post(f"/join/{code}").status_code == 410
    assert db.session.scalar(select(Invitation.status)) == "invited"


def test_the_start_with_a_code_is_kept_to_the_second(app: Flask, client: FlaskClient) -> None:
    path = f"/join/{codes(opened_round())[0]}"
    with time_machine.travel(NOW, tick=False):
        client.post(path)
    assert db.session.scalar(select(Draft.began)) == int(NOW.timestamp())
    client.post(path)
    assert db.session.scalar(select(Draft.began)) == int(NOW.timestamp()), "resuming does not start anew"


def test_the_start_on_a_personal_link_is_not_kept(app: Flask, client: FlaskClient) -> None:
    client.post(link(opened_round()))
    assert db.session.execute(select(Draft.began)).all() == [(None,)]


@pytest.mark.parametrize("holding", ["link", "code", "group"])
def test_starting_while_the_round_closes_leaves_no_empty_draft(each_app: Flask, holding: str) -> None:
    round_ = opened_round()
    made: dict[str, Callable[[], str]] = {
        "link": lambda: link(round_),
        "code": lambda: f"/join/{codes(round_)[0]}",
        "group": lambda: f"/join/{group_code(round_)}",
    }
    path, browser, key = made[holding](), each_app.test_client(), round_.key
    start_writing()
    close_round(find_round(key))  # not committed yet
    with ThreadPoolExecutor(1) as pool:
        starting = pool.submit(browser.post, path)
        with pytest.raises(TimeoutError):
            starting.result(timeout=1)
        db.session.commit()
        answer: TestResponse = starting.result()
    assert answer.status_code == 410
    assert "This survey is closed" in answer.text
    assert count(Draft) == 0
    assert db.session.scalar(select(func.count()).where(Invitation.status == "started")) == 0


@pytest.mark.parametrize("cap", [None, 30])
def test_queries_of_starting_with_a_code(app: Flask, client: FlaskClient, cap: int | None) -> None:
    code = limited(cap=cap)
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    for method in ("GET", "POST"):
        counted.clear()
        assert client.open(f"/join/{code}", method=method).status_code in (200, 303)
        spent = [one for one in counted if not one.startswith(("BEGIN", "COMMIT", "PRAGMA", "ROLLBACK"))]
        assert len(spent) <= MOST_QUERIES


def test_the_notice_of_the_round_stands_on_the_start_page(app: Flask, client: FlaskClient) -> None:
    words = {"en": "We keep your answers in Testville.\nAsk the data officer.", "de": "Wir bewahren sie auf."}
    round_ = opened_round(texts={"contact": {"en": "Ask us at 0100 555 010"}, "privacy": words})
    page = client.get(link(round_)).text
    assert "What Testville does with your data" in page
    assert '<p dir="auto">Ask the data officer.</p>' in page
    assert "Ask us at 0100 555 010" in page
    assert "Wir bewahren sie auf." in client.get(link(round_) + "?language=de").text
    assert "does with your data" not in client.get(link(opened_round(key="bare", city="B"))).text


def test_whoever_lost_a_link_is_led_on(client: FlaskClient) -> None:
    page = client.get("/join").text
    assert '<a class="back" href="/lost-link">Lost your link?</a>' in page
    assert client.get("/lost-link").status_code == 200
