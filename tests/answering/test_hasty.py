"""Answers sent within 40 seconds are counted per class or group link, and nowhere tied to anybody."""

import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from surveyapp.database import db
from surveyapp.models import Batch, Draft, Round
from tests.builders import codes, group_code, link, opened_round

BEGAN = "2026-11-30T09:00:00Z"


def send_after(app: Flask, path: str, seconds: int) -> FlaskClient:
    client = app.test_client()
    with time_machine.travel(BEGAN, tick=False) as clock:
        client.post(path)
        clock.shift(seconds)
        client.post("/answer/f7", data={"f7": "3", "f7:comment": "words"})
        assert client.post("/answer/send").location == "/answer/thanks"
    return client


def hasty() -> dict[str, int]:
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.execute(select(Batch.channel, func.sum(Batch.hasty)).group_by(Batch.channel))
    return dict(map(tuple, rows))


def test_hasty_answers_of_open_channels_are_counted(each_app: Flask) -> None:
    with time_machine.travel(BEGAN, tick=False):
        round_ = opened_round()
        paths = [f"/join/{code}" for code in codes(round_, 3)]
        shared, personal = f"/join/{group_code(round_)}", link(round_)
    for path, seconds in zip(paths, (39, 40, 3600), strict=True):
        send_after(each_app, path, seconds)
    for seconds in (5, 10, 300):
        send_after(each_app, shared, seconds)
    client = send_after(each_app, personal, 5)
    assert hasty() == {"codes": 1, "group_link": 2, "personal": 0}
    client.post("/answer/send")
    assert hasty()["group_link"] == 2
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0


def test_sending_twice_counts_once(each_app: Flask) -> None:
    with time_machine.travel(BEGAN, tick=False):
        client = send_after(each_app, f"/join/{group_code(opened_round())}", 5)
        client.post("/answer/send")
    assert hasty() == {"group_link": 1}


def test_sending_asks_the_database_little(app: Flask) -> None:
    counted: list[str] = []
    round_ = opened_round()
    event.listen(db.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    spent = {}
    for path, seconds in (
        (f"/join/{group_code(round_)}", 100),
        (f"/join/{codes(round_)[0]}", 5),
        (link(round_), 5),
    ):
        client = app.test_client()
        with time_machine.travel(BEGAN, tick=False) as clock:
            client.post(path)
            client.post("/answer/f7", data={"f7": "3", "f7:comment": "words"})
            clock.shift(seconds)
            counted.clear()
            client.post("/answer/send")
        statements = [one for one in counted if not one.startswith(("BEGIN", "COMMIT", "PRAGMA"))]
        spent[path.split("/")[1], seconds] = len(statements)
    assert spent == {("join", 100): 8, ("join", 5): 9, ("i", 5): 8}
    assert db.session.get_one(Round, round_.id).state == "open"
