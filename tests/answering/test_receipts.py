"""The receipt: whoever holds its code reads, corrects, withdraws and files what was sent; nobody else can."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from surveyapp import limits
from surveyapp.assessments.actions import close_round
from surveyapp.database import db
from surveyapp.extensions import queue, start_writing
from surveyapp.models import Answer, Batch, Comment, Moderation, Response, Round
from surveyapp.models.counts import TOOK_PART, off, recount, stored, tallied
from surveyapp.models.perspectives import show_results
from surveyapp.reports.actions import report_html
from surveyapp.tokens import typed
from tests.answering.test_at_once import count
from tests.builders import link, opened_round
from tests.conftest import make_app, within
from tests.reports.checker import faults, text_of

CODE = re.compile(r'<p class="code" dir="ltr">([^<]+)</p>')
SEALED = re.compile(r'name="receipt" value="([^"]+)"')
SAID = {"f7": "2", "f7-lea-1": "1", "f7:comment": "more evenings"}


@dataclass
class Person:
    """Somebody who has sent, with the receipt before them."""

    client: FlaskClient
    path: str
    receipt: TestResponse

    @property
    def code(self) -> str:
        return CODE.findall(self.receipt.text)[0]

    def opened(self) -> FlaskClient:
        """Another browser that was told the code."""
        browser = self.client.application.test_client()
        assert browser.post("/receipt", data={"code": self.code}).location == "/receipt/answers"
        return browser


def send(app: Flask, path: str, language: str = "en") -> Person:
    client = app.test_client()
    assert client.post(path, data={"language": language}).status_code == 303
    client.post("/answer/f7", data=SAID)
    form = {"receipt": SEALED.findall(client.get("/answer/review").text)[0]}
    return Person(client, path, client.post("/answer/send", data=form))


def agree(round_id: int) -> dict[tuple[str, str], int]:
    """The round's counters, which a recount agrees with."""
    db.session.rollback()
    assert stored(round_id) == recount(round_id)
    return sum((Counter(counters) for counters in stored(round_id).values()), Counter())


def close(round_id: int) -> None:
    round_ = db.session.get_one(Round, round_id)
    close_round(round_)
    db.session.commit()
    show_results(round_)
    db.session.commit()


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    db.session.rollback()
    tables = db.metadata.tables.values()
    return {table.name: sorted(map(tuple, db.session.execute(select(table))), key=str) for table in tables}


def test_sending_again_shows_the_same_code(each_app: Flask) -> None:
    path = link(opened_round())
    client = each_app.test_client()
    client.post(path)
    client.post("/answer/f7", data=SAID)
    forms = [{"receipt": SEALED.findall(client.get("/answer/review").text)[0]} for _ in range(2)]
    first = client.post("/answer/send", data=forms[0])
    again = {"receipt": SEALED.findall(first.text)[0], "language": "ar"}
    [code] = CODE.findall(first.text)
    assert re.fullmatch("([0-9A-Z]{4}-){2}[0-9A-Z]{4}", code)
    for form in (forms[0], again):
        page = client.post("/answer/send", data=form)
        assert (page.status_code, CODE.findall(page.text)) == (200, [code])
        assert page.headers["Cache-Control"] == "no-store"
    assert '<html lang="ar" dir="rtl">' in page.text
    assert client.post("/answer/send", data=forms[1]).location == "/answer/thanks", (
        "a second look, another code"
    )
    assert client.get("/answer/send").location == "/answer/thanks"
    assert code not in client.get("/answer/thanks").text
    assert count(Response) == 1


def test_sending_without_or_with_a_foreign_form_gives_no_receipt(app: Flask) -> None:
    round_ = opened_round()
    first = send(app, link(round_))
    foreign = SEALED.findall(first.receipt.text)
    for sealed in ("", "nonsense", *foreign):
        client = app.test_client()
        client.post(link(round_))
        assert client.post("/answer/send", data={"receipt": sealed}).location == "/answer/thanks"
    assert sorted(found is None for found in db.session.scalars(select(Response.receipt_hash))) == [
        False, *[True] * (2 + len(foreign)),
    ]  # fmt: skip


def test_the_code_is_stored_nowhere(each_app: Flask) -> None:
    person = send(each_app, link(opened_round()))
    held = str(everything()).upper()
    assert "MORE EVENINGS" in held
    assert person.code not in held
    assert typed(person.code) not in held


def test_the_code_opens_what_was_answered_in_any_browser(each_app: Flask) -> None:
    person = send(each_app, link(opened_round()))
    for written in (person.code, person.code.lower().replace("-", " "), f" {typed(person.code)} "):
        browser = each_app.test_client()
        assert browser.post("/receipt", data={"code": written}).status_code == 303
        page = browser.get("/receipt/answers").text
        assert "<dd>Mostly</dd>" in page
        assert '<dd dir="auto">more evenings</dd>' in page
        assert person.code not in page
    assert browser.post("/receipt/done").location == "/receipt"
    assert browser.get("/receipt/answers").location == "/receipt"


def test_a_correction_moves_the_tally_along(each_app: Flask) -> None:
    round_id = opened_round().id
    other, person = (send(each_app, link(db.session.get_one(Round, round_id))) for _ in range(2))
    browser = person.opened()
    assert 'name="f7" value="2" checked' in browser.get("/receipt/answers/f7").text
    form = {"f7": "0", "f7:comment": "no evenings"}
    assert browser.post("/receipt/answers/f7", data=form).location == "/receipt/answers#f7"
    assert agree(round_id) == {TOOK_PART: 2, ("f7", "0"): 1, ("f7", "2"): 1, ("f7-lea-1", "1"): 2}
    browser.post("/receipt/answers/f6", data={"f6": "dk"})
    browser.post("/receipt/answers/f7", data={"clear": "f7-lea-1"})
    assert agree(round_id) == {
        TOOK_PART: 2, ("f7", "0"): 1, ("f7", "2"): 1, ("f7-lea-1", "1"): 1, ("f6", "dk"): 1,
    }  # fmt: skip
    assert sorted(db.session.scalars(select(Comment.text))) == ["more evenings", "no evenings"]
    assert "<dd>Mostly</dd>" in other.opened().get("/receipt/answers").text, "nothing of the other is touched"
    for key in ("f7", "f6"):
        for choice in ({"clear": key}, {f"{key}:comment": ""}):
            browser.post(f"/receipt/answers/{key}", data=choice)
    assert agree(round_id) == {TOOK_PART: 1, ("f7", "2"): 1, ("f7-lea-1", "1"): 1}, (
        "who says nothing is nobody"
    )


@pytest.mark.parametrize(("key", "form", "status"), [
    ("f7", {"f7": "9"}, 400), ("f7", {"f6": "1"}, 400), ("f7", {"f7:comment": "w" * 1001}, 422),
    ("f7", {"was": "f7.1", "f7": "3"}, 409), ("f99", {}, 404),
])  # fmt: skip
def test_a_wrong_correction_changes_nothing(app: Flask, key: str, form: dict[str, str], status: int) -> None:
    browser = send(app, link(opened_round())).opened()
    before = everything()
    assert browser.post(f"/receipt/answers/{key}", data=form).status_code == status
    assert everything() == before


def test_withdrawing_while_open_takes_the_person_out(each_app: Flask) -> None:
    round_id = opened_round().id
    _, person = (send(each_app, link(db.session.get_one(Round, round_id))) for _ in range(2))
    browser = person.opened()
    assert "The invitation cannot be used again." in browser.get("/receipt/withdraw").text
    assert count(Response) == 2, "asking deletes nothing"
    told = browser.post("/receipt/withdraw").text
    assert "Your answers are deleted and count no more. The invitation cannot be used again." in told
    assert agree(round_id) == {TOOK_PART: 1, ("f7", "2"): 1, ("f7-lea-1", "1"): 1}
    assert (count(Response), count(Answer), count(Comment)) == (1, 2, 1)
    assert [*db.session.scalars(select(Batch.withdrawn))] == [0, 0], "it was never counted"
    for answer in (person.client.get(person.path), each_app.test_client().post(person.path)):
        assert "Thank you. You have already answered." in answer.text
    assert person.client.post("/answer/f7", data={"f7": "3"}).location == "/answer/thanks"
    assert browser.get("/receipt/answers").location == "/receipt"
    again = browser.post("/receipt", data={"code": person.code})
    assert again.status_code == 422
    assert "If you took your answers back, the code works no more." in again.text
    assert agree(round_id)[TOOK_PART] == 1


def test_after_closing_nothing_is_corrected_and_counts_stand(each_app: Flask) -> None:
    round_id = opened_round().id
    people = [send(each_app, link(db.session.get_one(Round, round_id))) for _ in range(6)]
    browser = people[0].opened()
    close(round_id)
    before, figures = everything(), tallied(round_id)
    report = report_html(db.session.get_one(Round, round_id), "en", "public")
    assert "Mostly" in report
    for answer in (browser.get("/receipt/answers/f7"), browser.post("/receipt/answers/f7", data={"f7": "0"})):
        assert answer.status_code == 410
        assert "nothing can be changed any more. You can still delete your answers." in answer.text
    assert everything() == before
    assert "/receipt/answers/f7" not in browser.get("/receipt/answers").text

    plainly = "its counts, and reports that were made, stay as they are."
    assert plainly in browser.get("/receipt/answers").text
    assert plainly in browser.get("/receipt/withdraw").text
    told = browser.post("/receipt/withdraw").text
    assert "Your answers and texts are deleted. Counts and reports that were made stay as they are." in told
    assert (count(Response), count(Answer), count(Comment), count(Moderation)) == (5, 10, 5, 5)
    assert tallied(round_id) == figures
    assert report_html(db.session.get_one(Round, round_id), "en", "public") == report
    assert sum(db.session.scalars(select(Batch.withdrawn))) == 1
    assert off(round_id) == [], "the check of the tally knows of it"


def in_a_row(*calls: Callable[[], TestResponse]) -> list[TestResponse]:
    """Lets all calls come as far as they can while the answers are held, and then go on at once."""
    db.session.rollback()
    start_writing()
    db.session.scalars(select(Response.id).with_for_update()).all()
    with ThreadPoolExecutor(len(calls)) as pool:
        waiting = [pool.submit(call) for call in calls]
        assert not wait(waiting, timeout=1).done
        db.session.commit()
        return [one.result() for one in waiting]


@pytest.mark.parametrize("closed", [False, True])
def test_two_withdrawals_at_once_take_away_once(each_app: Flask, closed: bool) -> None:
    round_id = opened_round().id
    _, person = (send(each_app, link(db.session.get_one(Round, round_id))) for _ in range(2))
    browsers = person.opened(), person.opened()
    if closed:
        close(round_id)
    answers = in_a_row(*(partial(browser.post, "/receipt/withdraw") for browser in browsers))
    first, second = sorted(answer.status_code for answer in answers)
    assert first == 200
    assert second in (303, 404), "there is nothing left"
    assert count(Response) == 1
    assert sum(db.session.scalars(select(Batch.withdrawn))) == int(closed)
    assert off(round_id) == []
    if not closed:
        assert agree(round_id) == {TOOK_PART: 1, ("f7", "2"): 1, ("f7-lea-1", "1"): 1}


def test_correcting_and_withdrawing_at_once_leaves_a_true_tally(each_app: Flask) -> None:
    round_ = opened_round()
    round_id, person = round_.id, send(each_app, link(round_))
    one, two, gone = person.opened(), person.opened(), person.opened()
    answers = in_a_row(
        partial(one.post, "/receipt/answers/f7", data={"f7": "3"}),
        partial(two.post, "/receipt/answers/f7", data={"f7": "0"}),
        partial(gone.post, "/receipt/withdraw"),
    )
    assert {answer.status_code for answer in answers} <= {200, 303, 404}
    assert agree(round_id) == {}
    assert count(Response) == count(Answer) == count(Comment) == 0


def guess(app: Flask, code: str, address: str = "192.0.2.1") -> TestResponse:
    return app.test_client().post("/receipt", data={"code": code}, environ_base={"REMOTE_ADDR": address})


def test_a_wrong_code_is_one_plain_error(app: Flask, client: FlaskClient) -> None:
    code = send(app, link(opened_round())).code
    for wrong in ("", code[:-1], "AAAA-AAAA-AAAA", "<b>'\x00؟", "x" * 2000):
        page = client.post("/receipt", data={"code": wrong})
        assert page.status_code == 422
        assert page.text.count('role="alert"') == page.text.count("We do not know this code") == 1
        assert "<b>'" not in page.text
    assert client.get("/receipt/answers").location == "/receipt"


def test_guessing_is_limited_by_address_and_by_code(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WRONG_CODES_PER_ADDRESS", 4)
    monkeypatch.setattr(limits, "WRONG_TRIES_PER_CODE", 3)
    code = send(each_app, link(opened_round())).code
    with time_machine.travel("2026-11-24T09:10:00Z") as clock:
        tried = [guess(each_app, f"WRNG-{n}").status_code for n in range(5)]
        assert tried == [422] * 4 + [429]
        assert "Wait an hour and try again." in guess(each_app, code).text
        assert guess(each_app, code, "192.0.2.2").status_code == 303, "another address is free"
        tried = [guess(each_app, "GUESSED", f"198.51.100.{n}").status_code for n in range(4)]
        assert tried == [422] * 3 + [429]
        clock.shift(3600)
        assert guess(each_app, code).status_code == 303


def test_thirty_right_codes_behind_one_address_are_never_slowed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WRONG_CODES_PER_ADDRESS", 1)
    monkeypatch.setattr(limits, "WRONG_TRIES_PER_CODE", 1)
    round_ = opened_round()
    people = [send(app, path) for path in [link(round_) for _ in range(30)]]
    for _ in range(2):
        assert {guess(app, person.code).status_code for person in people} == {303}
    assert guess(app, "WRONG").status_code == 422


@pytest.mark.parametrize(("language", "words"), [
    ("en", ("What I answered", "more evenings", "Mostly", "With it you can open, change or delete")),
    ("ar", ("إجاباتي", "هذا رمزك", "more evenings")),
])  # fmt: skip
def test_the_file_is_in_the_language_of_the_page_and_kept_nowhere(
    sqlite_url: str,
    tmp_path: Path,
    language: str,
    words: tuple[str, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    for app in within(make_app(sqlite_url, queue_url=f"sqlite:///{tmp_path}/queue.sqlite")):
        assert queue.pending(app) == 0
        person = send(app, link(opened_round()), language)
        browser = person.opened()
        before, files = everything(), sorted(tmp_path.rglob("*"))
        pages = (person.receipt, browser.get(f"/receipt/answers?language={language}"))
        for page, client in zip(pages, (person.client, browser), strict=True):
            form = {"receipt": SEALED.findall(page.text)[-1]}
            file = client.post("/receipt/file", data=form)
            assert (file.mimetype, file.headers["Cache-Control"]) == ("application/pdf", "no-store")
            assert file.headers["Content-Disposition"] == 'attachment; filename="my-answers.pdf"'
        assert (everything(), sorted(tmp_path.rglob("*")), queue.pending(app)) == (before, files, 0)
        assert {*faults(file.data, language)} <= {"tables without header cells"}, "it has none at all"
    path = tmp_path_factory.mktemp("read") / "receipt.pdf"
    path.write_bytes(file.data)
    text = " ".join(unicodedata.normalize("NFKC", text_of(path)).split())
    assert person.code in text
    for part in words:
        assert part in text


def test_a_file_needs_the_sealed_code(app: Flask, client: FlaskClient) -> None:
    person = send(app, link(opened_round()))
    for sealed in ("", person.code, SEALED.findall(person.receipt.text)[0]):
        assert client.post("/receipt/file", data={"receipt": sealed}).status_code == 404
