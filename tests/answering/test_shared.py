"""One device for several people: each turn begins with nothing of the person before."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from surveyapp import limits
from surveyapp.answering.shared import TURN_SECONDS
from surveyapp.database import db
from surveyapp.models import Batch, Draft, DraftComment, Invitation, Response
from tests.answering.test_at_once import count
from tests.answering.test_receipts import CODE, SEALED
from tests.builders import codes, group_code, link, opened_round

WORDS = "the words of the first"
CHECKED = re.compile(r'value="(\w+)" checked')
OVER = "Ready for the next person"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-24T09:10:00Z", tick=False) as moved:
        yield moved


def device(app: Flask, **chosen: str) -> FlaskClient:
    """A browser that was made a shared one."""
    client = app.test_client()
    client.get("/shared", query_string=chosen)
    assert client.post("/shared", data={"shared": "yes"}).location == "/join"
    return client


def begin(client: FlaskClient, code: str, **form: str) -> None:
    assert client.post("/join", data={"code": code}).location == f"/join/{code}"
    assert client.post(f"/join/{code}", data=form).location == "/answer/f7"


def answer(client: FlaskClient, code: str) -> None:
    begin(client, code)
    assert client.post("/answer/f7", data={"f7": "3", "f7:comment": WORDS}).status_code == 303
    assert WORDS in client.get("/answer/f7").text


def nothing_is_shown(client: FlaskClient) -> None:
    """Going back, or opening what stood in the address line, shows nothing of the person before."""
    for path in ("/answer", "/answer/f7", "/answer/review", "/answer/thanks", "/receipt/answers"):
        page = client.get(path, follow_redirects=True)
        assert WORDS not in page.text
        assert not CHECKED.findall(page.text)
    assert client.get("/answer/f7").status_code == 403
    assert client.post("/answer/f7", data={"f7": "0"}).status_code == 403
    assert client.post("/answer/send").status_code == 403


def test_pages_of_a_turn_stay_nowhere(app: Flask) -> None:
    [code], client = codes(opened_round()), device(app)
    pages = [client.get(path) for path in ("/shared", "/join", f"/join/{code}")]
    begin(client, code)
    pages += [client.get(f"/answer/{key}") for key in ("f7", "closing", "review")]
    pages.append(client.post("/answer/send", data={"receipt": SEALED.findall(pages[-1].text)[0]}))
    client.post("/receipt", data={"code": CODE.findall(pages[-1].text)[0]})
    pages += [client.get(f"/receipt/{path}") for path in ("answers", "answers/f7", "withdraw")]
    pages.append(client.get("/answer/thanks"))
    for page in pages:
        assert page.status_code == 200
        assert page.headers["Cache-Control"] == "no-store"
        for field in re.findall(r'<(?:textarea|input class="field)[^>]*>', page.text):
            assert 'autocomplete="off"' in field
        assert "data-device" not in page.text, "a script would keep it"
    for page in pages[2:]:
        assert 'action="/answer/next-person"' in page.text
        assert "shared.js" in page.text
    assert client.get_cookie("session").expires is None, "it goes when the browser is closed"


@pytest.mark.parametrize("channel", [group_code, lambda round_: codes(round_)[0]])
def test_the_next_person_gets_nothing_of_the_one_before(each_app: Flask, channel: object) -> None:
    round_ = opened_round()
    code, other, client = channel(round_), codes(round_)[0], device(each_app)
    answer(client, code)
    assert client.post("/answer/next-person").location == "/join"
    assert count(Draft) == count(DraftComment) == 0, "what was not sent is deleted"
    assert {*db.session.scalars(select(Invitation.status))} == {"invited"}, "and the place is free again"
    nothing_is_shown(client)
    for next_code in (code, other):
        begin(client, next_code)
        page = client.get("/answer/f7").text
        assert WORDS not in page
        assert not CHECKED.findall(page)
        client.post("/answer/next-person")


def test_what_was_sent_stays_sent_and_its_receipt_is_gone(each_app: Flask) -> None:
    [code], client = codes(opened_round()), device(each_app)
    answer(client, code)
    form = {"receipt": SEALED.findall(client.get("/answer/review").text)[0]}
    receipt = client.post("/answer/send", data=form)
    client.post("/receipt", data={"code": CODE.findall(receipt.text)[0]})
    client.post("/answer/next-person")
    nothing_is_shown(client)
    assert client.post("/answer/send", data=form).status_code == 403, (
        "sending the form again shows no receipt"
    )
    assert "Thank you. You have already answered." in client.get(f"/join/{code}").text
    assert count(Response) == 1


def test_a_turn_that_nobody_goes_on_with_is_over(each_app: Flask, clock: time_machine.Traveller) -> None:
    code, client = group_code(opened_round()), device(each_app)
    batch = db.session.scalars(select(Batch)).one()
    batch.cap = 1
    db.session.commit()
    answer(client, code)
    for _ in range(3):
        clock.shift(TURN_SECONDS - 1)
        assert WORDS in client.get("/answer/f7").text, "whoever goes on has time again"
    assert each_app.test_client().post(f"/join/{code}").status_code == 409
    clock.shift(TURN_SECONDS)
    page = client.post("/answer/f7", data={"f7": "0", "f7:comment": WORDS})
    assert OVER in page.text
    assert "so the answers that were not sent are deleted" in page.text
    assert WORDS not in page.text
    assert count(Invitation) == count(Draft) == 0
    nothing_is_shown(client)
    begin(client, code)
    assert count(Invitation) == 1, "the place was given back"


@pytest.mark.parametrize("path", ["/receipt/answers", "/answer/thanks"])
def test_a_receipt_left_open_is_closed(app: Flask, clock: time_machine.Traveller, path: str) -> None:
    [code], client = codes(opened_round()), device(app)
    answer(client, code)
    form = {"receipt": SEALED.findall(client.get("/answer/review").text)[0]}
    receipt = CODE.findall(client.post("/answer/send", data=form).text)[0]
    if path == "/receipt/answers":  # somebody who comes only to read
        client.post("/answer/next-person")
        client.post("/receipt", data={"code": receipt})
        assert WORDS in client.get(path).text
    clock.shift(TURN_SECONDS)
    assert OVER in client.get(path).text
    nothing_is_shown(client)
    assert count(Response) == 1


def language(page: str) -> str:
    return re.findall('<html lang="([a-z]+)"', page)[0]


@pytest.mark.parametrize("ends", ["next person", "idle"])
def test_each_turn_begins_in_the_language_the_device_was_set_up_in(
    app: Flask, clock: time_machine.Traveller, ends: str
) -> None:
    round_, client = opened_round(), device(app, language="de")
    for code in codes(round_, 2):
        begin(client, code, language="ar")
        client.post("/answer/f7", data={"text": "large"})
        page = client.get("/answer/f7").text
        assert language(page) == "ar"
        assert 'class="large"' in page
        if ends == "idle":
            clock.shift(TURN_SECONDS)
            assert language(client.get("/answer/f7").text) == "de"
        client.post("/answer/next-person")
        page = client.get("/join").text
        assert language(page) == "de"
        assert 'class="large"' not in page


def test_nobodys_own_phone_is_ever_timed_out(app: Flask, clock: time_machine.Traveller) -> None:
    round_ = opened_round()
    for path in (link(round_), f"/join/{codes(round_)[0]}", f"/join/{group_code(round_)}"):
        client = app.test_client()
        client.post(path)
        client.post("/answer/f7", data={"f7": "3", "f7:comment": WORDS})
        clock.shift(20 * 24 * 3600)
        page = client.get("/answer/f7").text
        assert WORDS in page
        assert "shared.js" not in page
        assert "Shared device" not in page


def test_a_device_is_one_persons_again(app: Flask, clock: time_machine.Traveller) -> None:
    first, second = codes(opened_round(), 2)
    client = device(app)
    answer(client, first)
    assert client.post("/shared", data={"shared": "no"}).location == "/shared"
    nothing_is_shown(client)
    answer(client, second)
    clock.shift(TURN_SECONDS)
    assert WORDS in client.get("/answer/f7").text


def test_next_person_on_somebodys_phone_keeps_the_draft(app: Flask, client: FlaskClient) -> None:
    """Only a shared device deletes: a personal link goes on elsewhere."""
    path = link(opened_round())
    client.post(path)
    client.post("/answer/f7", data={"f7": "3", "f7:comment": WORDS})
    client.post("/answer/next-person")
    nothing_is_shown(client)
    other = app.test_client()
    other.post(path)
    assert WORDS in other.get("/answer/f7").text


def test_a_class_of_thirty_in_a_row(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind one address, with slips; everybody is wrong once, and one more would be one too many."""
    monkeypatch.setattr(limits, "WRONG_CODES_PER_ADDRESS", 31)
    client = device(each_app)
    issued = codes(opened_round(), 30)
    for number, code in enumerate(issued):
        assert client.post("/join", data={"code": f"WRONG{number}"}).status_code == 422
        begin(client, code)
        assert not CHECKED.findall(client.get("/answer/f7").text)
        client.post("/answer/f7", data={"f7": "3"})
        assert client.post("/answer/send").location == "/answer/thanks"
        client.post("/answer/next-person")
    assert count(Response) == 30
    assert "already answered" in client.get(f"/join/{issued[0]}").text
