"""Mail that goes out through a real server: once to each, whatever breaks on the way."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from surveyapp import mail
from surveyapp.assessments.actions import close_round
from surveyapp.database import db, start_writing
from surveyapp.mailing import sending, waves
from surveyapp.mailing.jobs import send_mail
from surveyapp.models import AuditEntry, Delivery, Mailing, Round, User
from tests.builders import draft_round, lead, opened_round
from tests.comparison.closed import sign_in
from tests.mailing.post import Post, deliveries, lead_of, listed, minute, path


def test_the_mail_as_it_arrives(app: Flask, post: Post) -> None:
    own = {
        "contact": {"en": "Ask us at 0100 555 010"},
        "invitation_subject": {"de": "Wie gut sind die Kurse?"},
    }
    round_ = opened_round(closes_on=date(2027, 1, 20), texts=own)
    listed(round_, "anna@one.example", name="Anna Berg")
    listed(round_, "bert@one.example", language="de")
    listed(round_, "dina@one.example", language="ar", name="دينا")
    answer = lead_of(app, round_).post(path(round_, "/send"), follow_redirects=True)
    assert "3 invitations are on their way" in answer.text
    english, german, arabic = post.messages
    assert english["To"] == "anna@one.example"
    assert english["From"] == "Testville <surveyapp@localhost>"
    assert english["Subject"] == "What do you think about the language courses in Testville?"
    assert english["Auto-Submitted"] == "auto-generated"
    assert english["Content-Language"] == "en"
    plain = english.get_body(("plain",)).get_content()
    assert plain.startswith("Hello Anna Berg,")
    assert "20 January 2027" in plain
    assert "0100 555 010" in plain
    assert not re.search(r"[{}]", plain)
    assert "Hello," not in plain
    html = english.get_body(("html",)).get_content()
    assert '<html lang="en" dir="ltr">' in html
    link = re.search(r"http://127\.0\.0\.1:8000(/i/[a-z2-7]{24})\b", plain)
    assert link
    assert html.count(link[0]) == 2, "the address can be pressed and read"
    assert "img" not in html
    assert "http" not in html.replace("http://127.0.0.1:8000/i/", "").replace(
        "http://127.0.0.1:8000/stop/", ""
    )
    assert app.test_client().get(link[1]).status_code == 200
    stop = english["List-Unsubscribe"].strip("<>")
    assert stop in plain
    assert english["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert german["Subject"] == f"Wie gut sind die Kurse? / {english['Subject']}"
    assert len({message["Message-ID"] for message in post.messages}) == 3
    assert all(message["Message-ID"].endswith("@localhost>") for message in post.messages)
    assert "دينا" in arabic.get_body(("plain",)).get_content()
    assert '<html lang="ar" dir="rtl">' in arabic.get_body(("html",)).get_content()
    assert {status for status, _ in deliveries().values()} == {"sent"}
    wave = db.session.scalars(select(Mailing).where(Mailing.kind == "invitation")).one()
    assert (wave.state, wave.sent) == ("done", 3)
    assert post.connections == 1, "one connection for many mails"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "mail.sent")).one()
    assert entry.about == "3"


def test_sending_again_reaches_only_those_who_are_new(app: Flask, post: Post) -> None:
    round_ = opened_round()
    client = lead_of(app, round_)
    assert "already" in client.post(path(round_, "/send"), follow_redirects=True).text
    listed(round_, "a@one.example")
    client.post(path(round_, "/send"))
    listed(round_, "b@one.example")
    client.post(path(round_, "/send"))
    client.post(path(round_, "/send"))
    assert post.addresses == ["a@one.example", "b@one.example"]


def test_nothing_goes_out_before_the_round_is_open_or_after_it(app: Flask, post: Post) -> None:
    round_ = draft_round()
    listed(round_, "a@one.example")
    client = lead_of(app, round_)
    client.post(path(round_, "/send"))
    assert deliveries() == {}
    other = opened_round(key="second", city="Otherton", title="Spring")
    listed(other, "b@one.example")
    start_writing()
    waves.start_invitations(db.session.get(Round, other.id))
    close_round(db.session.get(Round, other.id))
    db.session.commit()
    minute()
    assert post.messages == []
    assert deliveries() == {}, "what waited counts as never sent"
    assert [wave.state for wave in db.session.scalars(select(Mailing))] == ["done"]


def test_a_refusal_is_kept_for_its_address(app: Flask, post: Post) -> None:
    round_ = opened_round()
    listed(round_, "a@one.example", "gone@one.example", "c@one.example")
    post.answers["gone@one.example"] = "550 5.1.1 no such mailbox"
    client = lead_of(app, round_)
    client.post(path(round_, "/send"))
    assert post.addresses == ["a@one.example", "c@one.example"]
    assert deliveries()["gone@one.example"] == ("refused", "550 5.1.1 no such mailbox")
    assert "550 5.1.1 no such mailbox" in client.get(path(round_)).text
    minute()
    assert len(post.messages) == 2, "a mailbox that does not exist is not tried again"


def test_a_message_refused_after_it_was_read(app: Flask, post: Post) -> None:
    round_ = opened_round()
    listed(round_, "a@one.example")
    post.after_data = "554 looks like spam"
    lead_of(app, round_).post(path(round_, "/send"))
    assert deliveries()["a@one.example"] == ("refused", "554 looks like spam")


@pytest.mark.parametrize("way", ["4xx", "away"])
def test_a_failure_that_may_pass_is_tried_again_later(app: Flask, post: Post, way: str) -> None:
    round_ = opened_round()
    listed(round_, "a@one.example")
    if way == "4xx":
        post.answers["a@one.example"] = "450 4.2.1 come back later"
    else:
        app.config["MAIL_URL"] = "smtp://127.0.0.1:1"
    with time_machine.travel("2026-12-01T09:00:00Z", tick=False) as clock:
        client = lead_of(app, round_)
        client.post(path(round_, "/send"))
        tried = 1
        for minutes in (1, 5, 30, 120, 720):
            clock.shift(timedelta(minutes=minutes) - timedelta(seconds=1))
            minute()
            assert db.session.scalars(select(Delivery.tries)).one() == tried, "not before its time"
            assert deliveries()["a@one.example"][0] == "waiting"
            assert "tried again by itself" in client.get(path(round_)).text
            clock.shift(timedelta(seconds=1))
            minute()
            tried += 1
            assert db.session.scalars(select(Delivery.tries)).one() == tried
        status, error = deliveries()["a@one.example"]
        assert status == "refused"
        assert "450 4.2.1 come back later" in error if way == "4xx" else "refused" in error.lower()
    assert post.messages == []


def test_a_later_try_may_do(app: Flask, post: Post) -> None:
    round_ = opened_round()
    listed(round_, "a@one.example", "b@one.example")
    post.answers["a@one.example"] = "451 greylisted"
    with time_machine.travel("2026-12-01T09:00:00Z", tick=False) as clock:
        lead_of(app, round_).post(path(round_, "/send"))
        assert post.addresses == ["b@one.example"]
        del post.answers["a@one.example"]
        clock.shift(timedelta(minutes=1))
        minute()
    assert post.addresses == ["b@one.example", "a@one.example"]
    assert db.session.scalars(select(Mailing.sent).where(Mailing.kind == "invitation")).one() == 2


def test_a_connection_that_breaks_after_the_message_was_handed_over(app: Flask, post: Post) -> None:
    """Nobody can know whether it was taken: it is not sent again by itself, and the next mails go on."""
    round_ = opened_round()
    listed(round_, "a@one.example", "b@one.example")

    def break_once(address: str) -> None:
        post.hang_up = address == "a@one.example"

    post.before = break_once
    client = lead_of(app, round_)
    client.post(path(round_, "/send"))
    assert deliveries()["a@one.example"][0] == "perhaps"
    assert post.addresses == ["b@one.example"]
    with time_machine.travel(timedelta(days=2)):
        minute()
    assert post.addresses == ["b@one.example"]
    assert "perhaps sent" in client.get(path(round_)).text


class Killed(BaseException):
    """As if the process had been ended."""


def test_a_worker_that_dies_with_a_mail_in_its_hands(each_app: Flask, post: Post, monkeypatch) -> None:
    round_ = opened_round()
    listed(round_, "a@one.example", "b@one.example")
    start_writing()
    waves.start_invitations(round_)
    db.session.commit()
    working = sending._Wave.settle

    def dies(*_given: object) -> None:
        raise Killed

    monkeypatch.setattr(sending._Wave, "settle", dies)
    with pytest.raises(Killed):
        send_mail()
    db.session.rollback()
    monkeypatch.setattr(sending._Wave, "settle", working)
    assert post.addresses == ["a@one.example"]
    assert deliveries()["a@one.example"][0] == "sending"
    minute()  # the same process lives on: it may be another worker's, so there is time
    assert deliveries()["a@one.example"][0] == "sending"
    assert post.addresses == ["a@one.example", "b@one.example"]
    with time_machine.travel(timedelta(minutes=11)):
        minute()
    assert deliveries() == {"a@one.example": ("perhaps", None), "b@one.example": ("sent", None)}
    assert len(post.messages) == 2, "never sent again by itself"


def test_a_worker_that_starts_finds_what_its_forerunner_left(each_app: Flask, post: Post) -> None:
    round_ = opened_round()
    listed(round_, "a@one.example")
    start_writing()
    wave = waves.start_invitations(round_)
    db.session.flush()
    claimed = sending.claim_one(
        wave.id, "invitation", db.session.scalars(select(Delivery.invitation_id)).one(), round_
    )
    db.session.commit()
    minute()
    assert deliveries()["a@one.example"][0] == "perhaps"
    start_writing()
    sending.settle(claimed, None)  # the other one had not died after all
    db.session.commit()
    assert deliveries()["a@one.example"][0] == "sent"
    assert post.messages == []


def test_two_workers_never_take_the_same_mail(each_app: Flask, post: Post) -> None:
    round_ = opened_round()
    listed(round_, *(f"p{n}@one.example" for n in range(12)))
    start_writing()
    waves.start_invitations(round_)
    db.session.commit()
    together = threading.Barrier(3)

    def work(_: int) -> None:
        with each_app.app_context():
            together.wait()
            sending.send_some(30)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    assert sorted(post.addresses) == sorted(f"p{n}@one.example" for n in range(12))
    assert {status for status, _ in deliveries().values()} == {"sent"}


def test_pausing_stops_within_one_mail(app: Flask, post: Post) -> None:
    round_ = opened_round()
    listed(round_, *(f"p{n}@one.example" for n in range(5)))
    client = lead_of(app, round_)
    other = app.test_client()
    sign_in(other, db.session.scalars(select(User)).one())

    def pause(address: str) -> None:
        if address == "p1@one.example":
            with app.app_context():
                assert other.post(path(round_, "/pause")).status_code == 303

    post.before = pause
    client.post(path(round_, "/send"))
    assert post.addresses == ["p0@one.example", "p1@one.example"]
    minute()
    assert len(post.messages) == 2
    assert "Mail is paused" in client.get(path(round_)).text
    client.post(path(round_, "/resume"))
    assert len(post.messages) == 5
    keys = [entry.action for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert keys[-3:] == ["mail.sent", "mail.paused", "mail.resumed"]


def test_the_way_out_tells_what_may_pass_from_what_does_not(app: Flask, post: Post) -> None:
    post.answers = {"no@one.example": "550 no", "later@one.example": "421 busy"}
    with pytest.raises(mail.MailRefused) as refused:
        mail.send("no@one.example", "Hello", "there")
    assert not refused.value.temporary
    with pytest.raises(mail.TryLater):
        mail.send("later@one.example", "Hello", "there")
    app.config["MAIL_URL"] = "smtp://127.0.0.1:1"
    with pytest.raises(mail.TryLater):
        mail.send("yes@one.example", "Hello", "there")


def test_a_line_that_begins_with_a_dot_arrives_whole(app: Flask, post: Post) -> None:
    mail.send("a@one.example", "Dots", "one\n.two\n.\n..three\n")
    assert post.messages[0].get_content().replace("\r\n", "\n") == "one\n.two\n.\n..three\n"


def test_a_log_names_no_address_that_a_server_repeats(
    app: Flask, post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.answers["lead@example.org"] = "550 <lead@example.org>: no such user"
    lead(opened_round().city)
    app.test_client().post("/sign-in", data={"email": "lead@example.org"})
    assert "no such user" in caplog.text
    assert "lead@example.org" not in caplog.text


def test_no_password_goes_out_where_nothing_is_encrypted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server here offers no STARTTLS; under another name than this machine's it could be anybody."""
    with Post() as plain:
        app.config["MAIL_URL"] = plain.url.replace("127.0.0.1", "user:secret@127.0.0.1")
        monkeypatch.setattr(mail, "LOCAL", ())
        with pytest.raises(mail.TryLater, match="no encryption"):
            mail.send("a@one.example", "Hello", "there")
        assert plain.messages == []


def test_waiting_mail_lets_other_jobs_go_first(app: Flask, post: Post) -> None:
    round_ = opened_round()
    listed(round_, "a@one.example", "b@one.example")
    waves.start_invitations(db.session.get(Round, round_.id))
    db.session.commit()
    ticks = iter(range(100))
    assert sending.send_some(2, clock=lambda: next(ticks)), "the time ended it"
    assert post.addresses == ["a@one.example"]
    assert not sending.send_some(30)
    assert post.addresses == ["a@one.example", "b@one.example"]
