"""Addresses and comments go when their day has come, by themselves and with a line in the log."""

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from surveyapp.database import db
from surveyapp.i18n import day
from surveyapp.models import (
    Answer,
    AuditEntry,
    Comment,
    Contact,
    Delivery,
    Invitation,
    Mailing,
    Moderation,
    OptOut,
    Response,
    Round,
    Tally,
    User,
)
from surveyapp.privacy.jobs import delete_by_date
from surveyapp.privacy.retention import months_after
from tests.builders import lead, opened_round
from tests.cli.conftest import Console
from tests.comparison.closed import sign_in
from tests.privacy.people import answer, closed, invite

START = date(2026, 11, 2)
PATH = "/rounds/autumn/privacy"


def rows(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def ended(app: Flask, **changes: object) -> Round:
    """Closed on START: three people invited by mail, two answered with a comment."""
    round_ = opened_round(**changes)
    emails = [f"{name}@{round_.key}.example" for name in "abc"]
    paths = invite(round_, *emails)
    for email in emails[:2]:
        answer(app, paths[email], f"words of {email}")
    round_ = closed(round_)
    assert round_.closed_on == START
    return round_


@pytest.fixture
def moved() -> object:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def test_addresses_go_on_their_day_and_not_before(each_app: Flask, moved: time_machine.Traveller) -> None:
    round_ = ended(each_app)
    db.session.add(OptOut(city_id=round_.city.id, address_hash="f" * 64))
    db.session.commit()
    moved.move_to(START + timedelta(days=89))
    delete_by_date()
    assert (rows(Contact), rows(Delivery), rows(AuditEntry)) == (3, 3, 0)
    moved.move_to(START + timedelta(days=90))
    delete_by_date()
    delete_by_date()
    assert (rows(Contact), rows(Delivery)) == (0, 0)
    assert (rows(Invitation), rows(Mailing), rows(OptOut)) == (3, 1, 1)
    assert (rows(Response), rows(Comment), rows(Moderation)) == (2, 2, 2)
    round_ = db.session.get_one(Round, round_.id, populate_existing=True)
    assert (round_.contacts_deleted_on, round_.comments_deleted_on) == (START + timedelta(days=90), None)
    [entry] = db.session.scalars(select(AuditEntry))
    assert (entry.who, entry.action, entry.round_key) == ("", "privacy.deleted", "autumn")
    assert entry.about == "contacts 3"


def test_comments_go_after_twelve_months_and_answers_stay(
    each_app: Flask, moved: time_machine.Traveller
) -> None:
    ended(each_app)
    before = rows(Answer), rows(Tally)
    moved.move_to(date(2027, 11, 1))
    delete_by_date()
    assert rows(Comment) == 2
    moved.move_to(date(2027, 11, 2))
    delete_by_date()
    assert (rows(Comment), rows(Moderation)) == (0, 0)
    assert (rows(Answer), rows(Tally)) == before
    assert db.session.scalars(select(AuditEntry.about)).all() == ["contacts 3", "comments 2"]


def test_deleted_words_and_addresses_leave_the_sqlite_file(
    app: Flask, sqlite_url: str, moved: time_machine.Traveller
) -> None:
    ended(app)
    moved.move_to(date(2028, 1, 1))
    delete_by_date()
    db.session.remove()
    db.engine.dispose()
    with open(sqlite_url.removeprefix("sqlite:///"), "rb") as file:
        content = file.read()
    assert b"autumn" in content
    assert b"a@autumn.example" not in content
    assert b"words of" not in content


def test_a_round_that_runs_or_was_opened_again_loses_nothing(
    app: Flask, moved: time_machine.Traveller
) -> None:
    round_ = opened_round()
    invite(round_, "a@x.example")
    moved.move_to(date(2030, 1, 1))
    delete_by_date()
    assert rows(Contact) == 1


def test_what_came_after_opening_again_goes_too(app: Flask, moved: time_machine.Traveller) -> None:
    round_ = ended(app)
    moved.move_to(START + timedelta(days=90))
    delete_by_date()
    round_ = db.session.get_one(Round, round_.id, populate_existing=True)
    round_.state, round_.closed_on = "open", None
    db.session.commit()
    invite(round_, "late@x.example")
    moved.move_to(START + timedelta(days=100))
    closed(round_)
    delete_by_date()
    assert rows(Contact) == 1
    moved.move_to(START + timedelta(days=190))
    delete_by_date()
    assert rows(Contact) == 0


def test_each_round_has_its_own_periods(app: Flask, moved: time_machine.Traveller) -> None:
    first, second = ended(app), ended(app, key="second", assessment="Second")
    first.contacts_keep_days, second.contacts_keep_days = 10, 20
    db.session.commit()
    moved.move_to(START + timedelta(days=10))
    delete_by_date()
    assert {email.split("@")[1] for email in db.session.scalars(select(Contact.email))} == {"second.example"}


def test_one_round_that_fails_does_not_hold_up_the_others(
    app: Flask, moved: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    from surveyapp.privacy import jobs

    ended(app)
    ended(app, key="second", assessment="Second")
    real = jobs.delete_what_is_due

    def fails_once(round_: Round, now: date) -> dict[str, int]:
        if round_.key == "autumn":
            raise RuntimeError("disk")
        return real(round_, now)

    monkeypatch.setattr(jobs, "delete_what_is_due", fails_once)
    moved.move_to(date(2028, 1, 1))
    delete_by_date()
    assert rows(Contact) == 3


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 11, 2), 12, date(2027, 11, 2)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
        (date(2026, 12, 31), 36, date(2029, 12, 31)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(start: date, months: int, end: date) -> None:
    assert months_after(start, months) == end


def test_the_command_lists_and_deletes(each_url: str, moved: time_machine.Traveller) -> None:
    from tests.conftest import make_app, within

    for app in within(make_app(each_url)):
        ended(app)
    surveyapp = Console(each_url)
    told = "2027-01-31\tautumn\t3 names and addresses\n2027-11-02\tautumn\t2 comments\n"
    assert surveyapp("retention", "--dry-run") == told
    assert surveyapp("retention") == ""
    moved.move_to(date(2027, 1, 31))
    assert surveyapp("retention", "--dry-run") == told
    assert surveyapp("retention") == "autumn: 3 names and addresses deleted\n"
    assert surveyapp("retention") == ""
    assert surveyapp("retention", "--dry-run") == "2027-11-02\tautumn\t2 comments\n"


def test_a_lead_sets_the_periods(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    sign_in(client, lead(round_.city))
    page = client.get(PATH)
    assert 'value="90"' in page.text
    answer_ = client.post(PATH, data={"contact_days": "365", "comment_months": "0"})
    assert (answer_.status_code, answer_.location) == (303, PATH)
    assert "The periods are saved." in client.get(PATH).text
    round_ = db.session.get_one(Round, round_.id, populate_existing=True)
    assert (round_.contacts_keep_days, round_.comments_keep_months) == (365, 0)
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "privacy.keeping"))
    assert entry.about == "addresses 90 > 365 days, comments 12 > 0 months"


@pytest.mark.parametrize(
    ("days", "months"), [("366", "12"), ("-1", "12"), ("90", "37"), ("", ""), ("ten", "12"), ("9e9", "1")]
)
def test_periods_that_cannot_be(app: Flask, client: FlaskClient, days: str, months: str) -> None:
    round_ = opened_round()
    sign_in(client, lead(round_.city))
    page = client.post(PATH, data={"contact_days": days, "comment_months": months})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.text
    assert f'value="{days}"' in page.text
    round_ = db.session.get_one(Round, round_.id, populate_existing=True)
    assert (round_.contacts_keep_days, round_.comments_keep_months) == (90, 12)


def test_after_closing_only_shorter(app: Flask, client: FlaskClient) -> None:
    round_ = closed(opened_round())
    sign_in(client, lead(round_.city))
    page = client.post(PATH, data={"contact_days": "91", "comment_months": "3"})
    assert page.status_code == 422
    assert "This round has ended: the period can only become shorter." in page.text
    assert page.text.count('class="error"') == 1
    assert client.post(PATH, data={"contact_days": "30", "comment_months": "3"}).status_code == 303
    round_ = db.session.get_one(Round, round_.id, populate_existing=True)
    assert (round_.contacts_keep_days, round_.comments_keep_months) == (30, 3)


def test_the_dry_run_page_says_what_and_when(
    app: Flask, client: FlaskClient, moved: time_machine.Traveller
) -> None:
    round_ = ended(app)
    sign_in(client, lead(round_.city))
    page = client.get(f"{PATH}/deletion").text
    with app.test_request_context():
        first, second = day(date(2027, 1, 31)), day(date(2027, 11, 2))
    assert 0 < page.index(first) < page.index(second)
    assert rows(Contact) == 3
    moved.move_to(date(2028, 1, 1))
    delete_by_date()
    later = app.test_client()
    sign_in(later, db.session.scalars(select(User)).one())
    assert "Nothing is left to delete" in later.get(f"{PATH}/deletion").text
    page = later.get(PATH).text
    with app.test_request_context():
        assert f"Addresses were deleted on {day(date(2028, 1, 1))}." in page
