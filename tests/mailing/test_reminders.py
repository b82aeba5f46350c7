"""Reminders: on their day, to those who are silent and can be reached, three at most."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from surveyapp.database import db
from surveyapp.mailing.reminders import suggested
from surveyapp.models import AuditEntry, Delivery, Mailing, Round, User
from tests.builders import group, opened_round
from tests.comparison.closed import sign_in
from tests.mailing.post import Post, deliveries, lead_of, listed, minute, number, path, status_of

START = "2026-12-01T09:00:00Z"


@pytest.mark.parametrize(
    ("closes", "days"),
    [
        (None, [8, 15]),
        (date(2026, 12, 31), [8, 15, 28]),
        (date(2026, 12, 18), [8, 15]),
        (date(2026, 12, 17), [8, 14]),
        (date(2026, 12, 10), [7]),
        (date(2026, 12, 6), [3]),
        (date(2026, 12, 4), []),
        (date(2026, 12, 2), []),
    ],
)
def test_the_days_we_suggest(closes: date | None, days: list[int]) -> None:
    assert [day.day for day in suggested(date(2026, 12, 1), closes)] == days


def planned() -> list[str]:
    db.session.expire_all()
    waves = db.session.scalars(
        select(Mailing).where(Mailing.kind == "reminder", Mailing.state == "planned").order_by(Mailing.due_on)
    )
    return [str(wave.due_on) for wave in waves]


def started(
    app: Flask, *addresses: str, closes_on: date | None = date(2026, 12, 31)
) -> tuple[Round, FlaskClient]:
    round_ = opened_round(closes_on=closes_on)
    listed(round_, *addresses)
    client = lead_of(app, round_)
    client.post(path(round_, "/send"), follow_redirects=True)
    return round_, client


def test_they_are_planned_with_the_first_invitations(app: Flask, post: Post) -> None:
    with time_machine.travel(START, tick=False):
        round_, client = started(app, "a@one.example")
        assert planned() == ["2026-12-08", "2026-12-15", "2026-12-28"]
        assert "8 December 2026" in client.get(path(round_, "/reminders")).text
        listed(round_, "b@one.example")
        client.post(path(round_, "/send"))
        assert len(planned()) == 3


def test_only_the_silent_who_can_be_reached(app: Flask, post: Post) -> None:
    post.answers["refused@one.example"] = "550 no"
    names = ("silent", "begun", "answered", "refused", "returned", "withdrawn", "stopped")
    with time_machine.travel(START, tick=False) as clock:
        round_, client = started(app, *(f"{name}@one.example" for name in names))
        listed(round_, "never-written-to@one.example")
        status_of("begun@one.example", "started")
        status_of("answered@one.example", "answered")
        client.post(path(round_, f"/people/{number('returned@one.example')}/came-back"), data={"why": "full"})
        client.post(path(round_, f"/people/{number('withdrawn@one.example')}"), data={"do": "take-back"})
        stop = next(m for m in post.messages if m["To"] == "stopped@one.example")["List-Unsubscribe"].strip(
            "<>"
        )
        app.test_client().post(stop.removeprefix("http://127.0.0.1:8000"))
        del post.answers["refused@one.example"]
        post.messages.clear()
        clock.shift(timedelta(days=6))
        minute()
        assert post.messages == [], "not before the day"
        clock.shift(timedelta(days=1))
        minute()
        assert post.addresses == ["silent@one.example", "begun@one.example"]
        assert post.messages[0]["Subject"] == "A reminder: the language courses in Testville"
        minute()
        assert len(post.messages) == 2
    sent = db.session.scalars(
        select(Mailing).where(Mailing.kind == "reminder", Mailing.state == "done")
    ).one()
    assert sent.sent == 2
    assert db.session.scalars(select(Delivery).where(Delivery.mailing_id == sent.id)).all() == [], (
        "who was reminded on which day would tell when somebody answered"
    )
    assert len(deliveries()) == 7, "invitations stay"
    client = app.test_client()
    sign_in(client, db.session.scalars(select(User)).one())
    assert "sent to 2 people" in client.get(path(round_, "/reminders")).text


def test_whoever_answers_while_reminders_go_out_gets_none(app: Flask, post: Post) -> None:
    with time_machine.travel(START, tick=False) as clock:
        started(app, "a@one.example", "b@one.example", "c@one.example")
        post.messages.clear()

        def answers(address: str) -> None:
            if address == "a@one.example":
                with app.app_context():
                    status_of("b@one.example", "answered")

        post.before = answers
        clock.shift(timedelta(days=7))
        minute()
    assert post.addresses == ["a@one.example", "c@one.example"]


def test_nobody_is_written_to_at_night(app: Flask, post: Post) -> None:
    with time_machine.travel("2026-12-01T09:00:00Z", tick=False) as clock:
        started(app, "a@one.example")
        clock.move_to("2026-12-08T06:59:00Z")
        minute()
        assert len(post.messages) == 1
        clock.move_to("2026-12-08T07:00:00Z")
        minute()
        assert len(post.messages) == 2


def test_after_a_pause_people_get_one_reminder_not_all_that_were_missed(app: Flask, post: Post) -> None:
    with time_machine.travel(START, tick=False) as clock:
        round_, client = started(app, "a@one.example")
        client.post(path(round_, "/pause"))
        clock.shift(timedelta(days=15))
        minute()
        assert len(post.messages) == 1
        db.session.expire_all()
        db.session.get(Round, round_.id).mail_paused = False
        db.session.commit()
        minute()
        minute()
        assert len(post.messages) == 2
        assert planned() == ["2026-12-28"]


def test_other_days_can_be_chosen(app: Flask, post: Post) -> None:
    with time_machine.travel(START, tick=False) as clock:
        round_, client = started(app, "a@one.example")
        page = path(round_, "/reminders")
        for wrong, says in (
            ({"first": "2026-11-30"}, "This day is over"),
            ({"first": "2026-12-31"}, "before the survey closes"),
            ({"third": "2027-02-01"}, "before the survey closes"),
            ({"second": "tomorrow"}, "second-error"),
        ):
            answer = client.post(page, data=wrong)
            assert answer.status_code == 422
            assert says in answer.text
            assert len(planned()) == 3
        answer = client.post(page, data={"first": "2026-12-05", "second": "", "third": "2026-12-03"})
        assert answer.status_code == 303
        assert planned() == ["2026-12-03", "2026-12-05"]
        clock.shift(timedelta(days=2))
        minute()
        assert len(post.messages) == 2
        sign_in(client, db.session.scalars(select(User)).one())  # sessions end
        days = {"first": "2026-12-10", "second": "2026-12-11", "third": "2026-12-12"}
        assert "At most three" in client.post(page, data=days).text, "the one that was sent counts"
        client.post(page, data={})
        assert planned() == []
        client.post(f"{page}/suggested")
        assert planned() == ["2026-12-08", "2026-12-15"]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "mail.reminders")).first()
    assert entry.about == "2026-12-03 2026-12-05"


def test_the_plan_follows_an_earlier_closing_day(app: Flask, post: Post) -> None:
    with time_machine.travel(START, tick=False):
        round_, client = started(app, "a@one.example")
        db.session.get(Round, round_.id).closes_on = date(2026, 12, 14)
        db.session.commit()
        assert "The closing day has changed" in client.get(path(round_, "/reminders")).text
        minute()
        assert planned() == ["2026-12-08", "2026-12-11"]
        assert "The closing day has changed" not in client.get(path(round_, "/reminders")).text


def test_a_silent_group_is_reminded_at_once(app: Flask, post: Post) -> None:
    round_, client = started(app, "a@one.example")
    listed(round_, "b@two.example", group="employers")
    client.post(path(round_, "/send"))
    page = path(round_, "/reminders")
    client.post(page, data={})
    post.messages.clear()
    answer = client.post(f"{page}/now", data={"group": "employers"}, follow_redirects=True)
    assert "1 reminder is on its way" in answer.text
    assert post.addresses == ["b@two.example"]
    client.post(f"{page}/now", data={"group": ""})
    assert sorted(post.addresses[1:]) == ["a@one.example", "b@two.example"]
    answer = client.post(f"{page}/now", data={"group": "city"}, follow_redirects=True)
    assert "nobody to remind" in answer.text
    client.post(f"{page}/now", data={"group": "learners"})
    assert len(post.messages) == 4
    answer = client.post(f"{page}/now", data={"group": ""}, follow_redirects=True)
    assert "Three reminders are sent or planned" in answer.text
    assert len(post.messages) == 4
    assert client.post(f"{page}/now", data={"group": "bakers"}).status_code == 404
    assert group(round_, "employers").key == "employers"


def test_a_reminder_that_is_refused_is_not_followed_by_another(app: Flask, post: Post) -> None:
    with time_machine.travel(START, tick=False) as clock:
        round_, client = started(app, "a@one.example", "b@one.example")
        post.answers["a@one.example"] = "550 gone meanwhile"
        clock.shift(timedelta(days=7))
        minute()
        del post.answers["a@one.example"]
        clock.shift(timedelta(days=7))
        minute()
    assert post.addresses == ["a@one.example", "b@one.example", "b@one.example", "b@one.example"]
    client = app.test_client()
    sign_in(client, db.session.scalars(select(User)).one())
    page = client.get(path(round_)).text
    assert "a@one.example" in page
    assert not re.search("gone meanwhile", page), (
        "that a reminder went to somebody says that no answer had come"
    )


def test_a_reminder_that_waits_names_nobody(app: Flask, post: Post) -> None:
    round_, client = started(app, "a@one.example", "b@one.example")
    client.post(path(round_, "/reminders"), data={})
    post.answers["b@one.example"] = "450 <b@one.example>: try later"
    client.post(path(round_, "/reminders/now"), data={"group": ""}, follow_redirects=True)
    page = client.get(path(round_)).text
    assert "1 mail waits for another try" in page
    assert "try later" not in page


def test_reminders_that_may_not_have_arrived_are_counted_and_name_nobody(app: Flask, post: Post) -> None:
    round_, client = started(app, "a@one.example", "b@one.example")
    client.post(path(round_, "/reminders"), data={})
    post.answers["b@one.example"] = "550 <b@one.example> gone"
    client.post(path(round_, "/reminders/now"), data={"group": ""}, follow_redirects=True)
    page = client.get(path(round_, "/reminders")).text
    assert "sent to 1 person" in page
    assert "1 mail may not have arrived" in page
    assert "b@one.example" not in page


def test_the_last_reminder_follows_a_later_closing_day(app: Flask, post: Post) -> None:
    with time_machine.travel(START, tick=False):
        round_, client = started(app, "a@one.example")
        answer = client.post(f"/rounds/{round_.key}/manage/last-day", data={"closes_on": "2027-01-20"})
        assert answer.status_code == 303
        assert planned() == ["2026-12-08", "2026-12-15", "2027-01-17"]
