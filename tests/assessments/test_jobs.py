"""By itself: closed when the last day is over, warned of 48 hours before."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from surveyapp.assessments.actions import open_round
from surveyapp.assessments.jobs import close_by_date, warn_before_the_end
from surveyapp.database import db
from surveyapp.extensions import queue
from surveyapp.models import AuditEntry, Round
from tests.accounts.mailbox import Mailbox
from tests.builders import draft_round, lead, link, opened_round

LAST_DAY = date(2026, 12, 18)


@pytest.fixture
def mailbox(app: Flask) -> Iterator[Mailbox]:
    with Mailbox() as box:
        app.config["MAIL_URL"] = box.url
        yield box


def state(round_: Round) -> str:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Round, round_.id).state


def test_a_round_closes_when_its_last_day_is_over(each_app: Flask) -> None:
    with time_machine.travel("2026-12-01T08:00:00Z", tick=False) as clock:
        round_, endless = opened_round(closes_on=LAST_DAY), opened_round(key="endless")
        draft = draft_round(key="draft", closes_on=LAST_DAY)
        client = each_app.test_client()
        client.post(link(round_))
        client.post("/answer/f7", data={"f7": "3"})
        clock.move_to("2026-12-18T23:59:00Z")
        close_by_date()
        assert state(round_) == "open"
        clock.move_to("2026-12-19T00:00:30Z")
        close_by_date()
        close_by_date()
        assert (state(round_), state(endless), state(draft)) == ("closed", "open", "draft")
        assert (round_.closed_on, round_.unsent_drafts) == (date(2026, 12, 19), 1)
        assert client.post("/answer/send").status_code == 410
        [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "round.closed"))
        assert (entry.who, entry.round_key) == ("", "autumn")


def test_a_round_that_cannot_close_does_not_keep_the_others(
    each_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    from surveyapp.assessments import jobs

    with time_machine.travel("2026-12-01T08:00:00Z", tick=False) as clock:
        faulty, sound = opened_round(closes_on=LAST_DAY), opened_round(key="sound", closes_on=LAST_DAY)
        clock.move_to("2026-12-19T08:00:00Z")
        close = jobs.close_round

        def trip(round_: Round) -> None:
            close(round_)
            if round_.id == faulty.id:
                raise RuntimeError("the disk is full")

        monkeypatch.setattr(jobs, "close_round", trip)
        close_by_date()
        assert (state(faulty), state(sound)) == ("open", "closed")
        monkeypatch.undo()
        close_by_date()
        assert state(faulty) == "closed"


def test_every_lead_is_warned_once_48_hours_before(app: Flask, mailbox: Mailbox) -> None:
    with time_machine.travel("2026-12-01T08:00:00Z", tick=False) as clock:
        round_ = draft_round(closes_on=LAST_DAY)
        lead(round_.city)
        lead(round_.city, "second@example.org")
        lead(round_.city, "viewer@example.org", role="viewer")
        lead(draft_round(key="elsewhere", city="Otherton").city, "other@example.org")
        open_round(round_)
        db.session.commit()
        for _ in range(5):
            client = app.test_client()
            client.post(link(round_, "learners"))
            client.post("/answer/f7", data={"f7": "3"})
            client.post("/answer/send")
        clock.move_to("2026-12-16T23:59:00Z")
        warn_before_the_end()
        assert mailbox.messages == []
        clock.move_to("2026-12-17T00:00:30Z")
        warn_before_the_end()
        warn_before_the_end()
        assert sorted(message["To"] for message in mailbox.messages) == [
            "lead@example.org",
            "second@example.org",
        ]
        message = mailbox.messages[0]
        assert message["Subject"] == "“Autumn 2026” ends in 48 hours"
        text = message.get_content()
        assert "“Autumn 2026” in Testville closes by itself at the end of 18 December 2026" in text
        assert "Employers: 0 answered, 5 are needed" in text
        assert "Learners" not in text, "they are enough"
        assert text.split()[-1] == "http://127.0.0.1:8000/rounds/autumn"


def test_a_warning_that_no_server_took_is_tried_again_and_closing_goes_on(
    app: Flask, mailbox: Mailbox
) -> None:
    taken, app.config["MAIL_URL"] = app.config["MAIL_URL"], "smtp://127.0.0.1:1"
    with time_machine.travel("2026-12-17T08:00:00Z", tick=False) as clock:
        round_ = opened_round(closes_on=LAST_DAY)
        lead(round_.city)
        warn_before_the_end()
        assert state(round_) == "open"
        assert round_.warned_on is None
        app.config["MAIL_URL"] = taken
        warn_before_the_end()
        assert len(mailbox.messages) == 1
        app.config["MAIL_URL"] = "smtp://127.0.0.1:1"
        clock.move_to("2026-12-19T00:01:00Z")
        warn_before_the_end()
        close_by_date()
        assert state(round_) == "closed"


def test_when_all_groups_are_heard_the_warning_says_so(app: Flask, mailbox: Mailbox) -> None:
    with time_machine.travel("2026-12-17T08:00:00Z", tick=False):
        round_ = opened_round(closes_on=LAST_DAY, groups=(), self_group=None)
        lead(round_.city)
        warn_before_the_end()
        assert "Every group has enough answers" in mailbox.messages[0].get_content()


def test_the_worker_runs_both(app: Flask) -> None:
    names = {task.__name__ for task in queue._sweeps}
    assert {"close_by_date", "warn_before_the_end"} <= names
