"""Two browsers on one link, at the very same time: one response, on real databases with real threads."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from surveyapp.answering.actions import send
from surveyapp.answering.seat import seat_of
from surveyapp.assessments.actions import close_round, find_round
from surveyapp.database import db, start_writing
from surveyapp.models import Answer, Draft, Invitation, Response, Tally
from surveyapp.models.counts import tallied
from tests.builders import group_code, link, opened_round
from tests.conftest import make_app, within

RACES = 20


def at_once(*calls: Callable[[], TestResponse]) -> list[TestResponse]:
    """Runs all calls as near to each other as threads can; their answers in the order of the calls."""
    db.session.rollback()  # the test itself must hold no transaction open
    gate = threading.Barrier(len(calls))

    def run(call: Callable[[], TestResponse]) -> TestResponse:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_two_browsers_sending_at_once_make_one_response(each_app: Flask) -> None:
    round_ = opened_round()
    paths = [link(round_) for _ in range(RACES)]
    for race, path in enumerate(paths, 1):
        browsers = [each_app.test_client() for _ in range(2)]
        for browser in browsers:
            assert browser.post(path).status_code == 303
        browsers[0].post("/answer/f7", data={"f7": "2"})
        answers = at_once(*(partial(browser.post, "/answer/send") for browser in browsers))
        assert [answer.location for answer in answers] == ["/answer/thanks"] * 2
        assert count(Response) == race
        assert count(Answer) == race
    assert sorted({*db.session.scalars(select(Invitation.status))}) == ["answered"]
    [tally] = tallied(round_.id).values()
    assert tally == {("f7", "2"): RACES, ("*", "people"): RACES}


def test_saving_while_the_other_browser_sends_loses_or_keeps_whole(each_app: Flask) -> None:
    round_ = opened_round()
    for _ in range(RACES):
        path = link(round_)
        one, two = each_app.test_client(), each_app.test_client()
        for browser in (one, two):
            browser.post(path)
        one.post("/answer/f7", data={"f7": "2"})
        at_once(partial(one.post, "/answer/send"), partial(two.post, "/answer/f6", data={"f6": "1"}))
    # whichever came first, tally and answers tell the same, and nobody is counted twice
    assert count(Response) == RACES
    saved = db.session.scalar(select(func.count()).where(Answer.question == "f6")) or 0
    counted = db.session.scalar(select(func.sum(Tally.n)).where(Tally.question == "f6")) or 0
    assert saved == counted
    assert db.session.scalar(select(func.sum(Tally.n)).where(Tally.question == "f7")) == RACES


def test_starting_one_link_in_two_browsers_at_once(each_app: Flask) -> None:
    round_ = opened_round()
    for _ in range(RACES):
        path = link(round_)
        browsers = [each_app.test_client() for _ in range(2)]
        answers = at_once(*(partial(browser.post, path) for browser in browsers))
        assert [answer.status_code for answer in answers] == [303, 303]
    assert count(Draft) == RACES


def test_a_class_of_thirty_on_one_group_link(each_app: Flask) -> None:
    code = group_code(opened_round())
    browsers = [each_app.test_client() for _ in range(30)]

    def walk(browser: FlaskClient) -> TestResponse:
        assert browser.post(f"/join/{code}").status_code == 303
        assert browser.post("/answer/f7", data={"f7": "3"}).status_code == 303
        return browser.post("/answer/send")

    answers = at_once(*(partial(walk, browser) for browser in browsers))
    assert {answer.location for answer in answers} == {"/answer/thanks"}
    assert count(Response) == 30
    assert db.session.scalar(select(Tally.n).where(Tally.question == "f7")) == 30


def test_sending_while_the_round_closes_is_refused_or_counted_never_lost(each_app: Flask) -> None:
    """Whoever presses Send while the round closes waits, and is told the truth: nobody is thanked for nothing."""
    round_key = opened_round().key
    browser = each_app.test_client()
    browser.post(link(find_round(round_key)))
    browser.post("/answer/f7", data={"f7": "2"})
    start_writing()
    close_round(find_round(round_key))  # not committed yet
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(browser.post, "/answer/send")
        with pytest.raises(TimeoutError):
            sending.result(timeout=1)
        db.session.commit()
        assert sending.result().status_code == 410
    assert count(Response) == count(Draft) == count(Tally) == 0


def close(app: Flask, round_key: str) -> None:
    with app.app_context():
        close_round(find_round(round_key))
        db.session.commit()


def test_closing_waits_for_whoever_is_just_sending(postgres_url: str) -> None:
    for app in within(make_app(postgres_url)):
        round_key = opened_round().key
        browser = app.test_client()
        browser.post(link(find_round(round_key)))
        browser.post("/answer/f7", data={"f7": "2"})
        start_writing()
        invitation = db.session.scalar(select(Invitation))
        seat = seat_of(invitation.id, invitation.version, writing=True)
        assert seat is not None
        assert seat.open
        assert send(seat, "en")  # not committed yet

        with ThreadPoolExecutor(1) as pool:
            closing = pool.submit(close, app, round_key)
            with pytest.raises(TimeoutError):
                closing.result(timeout=1)
            db.session.commit()
            closing.result()
        writers = db.session.scalars(text("SELECT DISTINCT xmin::text FROM responses")).all()
        closer = db.session.scalar(text("SELECT xmin::text FROM rounds"))
        assert writers == [closer], "the last response was rewritten with all others"
