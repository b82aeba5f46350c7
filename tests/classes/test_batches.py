"""Codes, links and limits for a class: made by lead or facilitator, counted, and never saying who answered."""

import csv
import io
from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from surveyapp.assessments.actions import close_round, open_round
from surveyapp.classes import actions
from surveyapp.database import db
from surveyapp.models import AuditEntry, Batch, Invitation, Round
from tests.builders import codes, draft_round, group, lead, opened_round
from tests.comparison.closed import sign_in
from tests.conftest import make_app, within

HERE = "/rounds/autumn/classes"
CODES = {"group": "learners", "label": " Evening  class B1 ", "batch_language": "ar", "number": "12"}
LINK = {"group": "learners", "label": "Open day", "batch_language": "en", "size": "30"}


@pytest.fixture
def inside(app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, lead(opened_round().city))
    return client


def the_batch() -> Batch:
    db.session.expire_all()
    return db.session.scalars(select(Batch)).one()


def logged() -> list[tuple[str, str]]:
    return [(entry.action, entry.about) for entry in db.session.scalars(select(AuditEntry))]


def test_an_empty_page_says_which_of_the_three(inside: FlaskClient) -> None:
    page = inside.get(HERE).text
    assert "Which of the three?" in page
    assert "Make codes for a class" in page


def test_a_set_of_codes(inside: FlaskClient) -> None:
    assert "How many codes?" in inside.get(f"{HERE}/new/codes").text
    made = inside.post(f"{HERE}/new/codes", data=CODES)
    assert made.status_code == 303
    batch = the_batch()
    assert (batch.channel, batch.label, batch.language) == ("codes", "Evening class B1", "ar")
    assert db.session.scalar(select(func.count(Invitation.id))) == 12
    page = inside.get(made.location).text
    assert "“Evening class B1” is ready." in page
    assert "Eight slips on a page" in page
    assert logged() == [("class.codes", "Evening class B1: 12")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"number": "0"}, "A number from 1 to 200 is needed."),
        ({"number": "201"}, "A number from 1 to 200 is needed."),
        ({"number": "many"}, "A whole number is needed, such as 10."),
        ({"label": "  "}, "This is needed."),
        ({"label": "x" * 61}, "At most 60 letters."),
        ({"group": "nobody"}, "Which group is it?"),
        ({"batch_language": "fr"}, "Language"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    inside: FlaskClient, change: dict[str, str], words: str
) -> None:
    answer = inside.post(f"{HERE}/new/codes", data=CODES | change)
    assert answer.status_code == 422
    assert words in answer.text
    assert "One thing needs another look" in answer.text
    if "label" not in change:
        assert 'value="Evening class B1"' in answer.text
    assert db.session.scalar(select(func.count(Batch.id))) == 0


@time_machine.travel(datetime(2026, 11, 24, 6, 59, tzinfo=UTC), tick=False)
def test_a_group_link_with_room_and_a_window_in_the_citys_time(sqlite_url: str) -> None:
    for app in within(make_app(sqlite_url, timezone="Europe/Helsinki")):
        client = app.test_client()
        sign_in(client, lead(opened_round().city))
        assert "Times are those of the zone Europe/Helsinki." in client.get(f"{HERE}/new/link").text
        window = {"from_day": "2026-11-24", "from_time": "09:00", "to_day": "2026-11-24", "to_time": "10:30"}
        made = client.post(f"{HERE}/new/link", data=LINK | window)
        batch = the_batch()
        assert batch.cap == 33
        assert (batch.opens_at, batch.closes_at) == (datetime(2026, 11, 24, 7), datetime(2026, 11, 24, 8, 30))
        page = client.get(made.location).text
        assert "Opens 24 Nov 2026, 09:00 (Europe/Helsinki)" in page
        assert 'value="09:00"' in page


@pytest.mark.parametrize(("size", "cap"), [(1, 2), (10, 11), (20, 22), (25, 28), (30, 33)])
def test_room_for_one_in_ten_more(size: int, cap: int) -> None:
    assert actions.cap_for(size) == cap


@pytest.mark.parametrize(
    ("window", "words"),
    [
        ({"from_time": "09:00"}, "The day is missing."),
        ({"from_day": "2026-11-25", "to_day": "2026-11-24"}, "The end must come after the beginning."),
        ({"from_day": "tomorrow"}, "This is not a date. Example: 2026-12-18."),
        ({"to_day": "2026-11-24", "to_time": "late"}, "A time such as 09:30 is needed."),
    ],
)
def test_a_window_that_cannot_be(inside: FlaskClient, window: dict[str, str], words: str) -> None:
    answer = inside.post(f"{HERE}/new/link", data=LINK | window)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Open day"' in answer.text


@time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False)
def test_limits_are_changed_opened_and_ended(app: Flask, client: FlaskClient) -> None:
    sign_in(client, lead(opened_round().city))
    where = client.post(f"{HERE}/new/link", data=LINK).location
    limits = {"cap": "50", "from_day": "2026-11-24", "to_day": "2026-11-25"}
    assert client.post(f"{where}/limits", data=limits).status_code == 303
    batch = the_batch()
    assert (batch.cap, batch.opens_at) == (50, datetime(2026, 11, 24))
    assert batch.closes_at == datetime(2026, 11, 25, 23, 59)
    wrong = client.post(f"{where}/limits", data={"cap": "none"})
    assert wrong.status_code == 422
    assert "A whole number is needed, such as 10." in wrong.text
    opened = client.post(f"{where}/open", follow_redirects=True).text
    assert "People can start now, for 90 minutes." in opened
    until = datetime(2026, 11, 23, 10, 30)
    assert (the_batch().opens_at, the_batch().closes_at) == (datetime(2026, 11, 23, 9), until)
    client.post(f"{where}/close")
    assert the_batch().closes_at == datetime(2026, 11, 23, 9)
    assert "Over since 23 Nov 2026, 09:00 (UTC)" in client.get(where).text
    assert [action for action, _ in logged()] == ["class.link"] + ["class.window"] * 3


def test_counts_are_sums_of_a_class(app: Flask, inside: FlaskClient) -> None:
    round_ = db.session.scalars(select(Round)).one()
    issued = codes(round_, 5)
    for code, sends in zip(issued, (True, True, False), strict=False):
        browser = app.test_client()
        browser.post(f"/join/{code}")
        browser.post("/answer/f7", data={"f7": "2"})
        if sends:
            browser.post("/answer/send")
    row = inside.get(HERE).text.split("<tbody")[1]
    told = [part.split("</")[0] for part in row.replace("<b>", "<span>").split("<span>")[1:]]
    assert told[2:] == ["5", "3", "2", "Open as long as the round"]


def test_the_table_asks_few_questions_of_the_database_and_is_searched(inside: FlaskClient) -> None:
    round_ = db.session.scalars(select(Round)).one()
    for number in range(60):
        db.session.add(Batch(group=group(round_, "learners"), channel="codes", label=f"Class {number:02}"))
    db.session.commit()
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    page = inside.get(HERE).text
    statements = [one for one in counted if not one.startswith(("BEGIN", "COMMIT", "PRAGMA", "ROLLBACK"))]
    assert len(statements) <= 12
    assert "Class 49" in page
    assert "Class 50" not in page
    assert "Class 59" in inside.get(f"{HERE}?page=2").text
    found = inside.get(f"{HERE}?q=s 07").text
    assert "Class 07" in found
    assert "Class 08" not in found
    assert "No class of this round is called “%”" in inside.get(f"{HERE}?q=%").text


def test_the_mail_merge_holds_every_code_used_or_not(app: Flask, inside: FlaskClient) -> None:
    issued = codes(db.session.scalars(select(Round)).one(), 3)
    where = f"{HERE}/{the_batch().id}/codes.csv"
    before = inside.get(where)
    assert before.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(before.data.decode("utf-8-sig"))))
    assert rows[0] == ["code", "address"]
    assert [row[0].replace("-", "") for row in rows[1:]] == issued
    assert app.test_client().get(rows[1][1].removeprefix(app.config["BASE_URL"])).status_code == 200
    app.test_client().post(f"/join/{issued[1]}")
    assert inside.get(where).data == before.data, "nothing says which code is used"


def test_a_facilitator_works_here_and_sees_no_class_page(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    sign_in(client, lead(round_.city, "helper@example.org", "facilitator"))
    where = client.post(f"{HERE}/new/codes", data=CODES).location
    assert client.get(where).status_code == 200
    assert "Page for whoever leads the class" not in client.get(where).text
    for action in ("page", "page/revoke"):
        assert client.post(f"{where}/{action}").status_code == 404
    for role in ("viewer", "translator"):
        other = app.test_client()
        sign_in(other, lead(round_.city, f"{role}@example.org", role))
        for path in (HERE, where, f"{where}/codes.csv", f"{where}/sheet/en"):
            assert other.get(path).status_code == 404


def test_a_batch_of_another_round_is_not_found(app: Flask, inside: FlaskClient) -> None:
    codes(opened_round(key="other", city="Elsewhere"), 1)
    number = the_batch().id
    for path in ("", "/codes.csv", "/sheet/en"):
        assert inside.get(f"{HERE}/{number}{path}").status_code == 404
    for path in ("/limits", "/open", "/close", "/page", "/page/revoke"):
        assert inside.post(f"{HERE}/{number}{path}").status_code == 404


def test_a_draft_prepares_and_a_closed_round_only_shows(app: Flask, client: FlaskClient) -> None:
    round_ = draft_round()
    sign_in(client, lead(round_.city))
    where = client.post(f"{HERE}/new/link", data=LINK).location
    assert "The round is not open yet." in client.get(HERE).text
    code = client.get(where).text.split('class="code" dir="ltr">')[1][:9]
    assert "has not started yet" in app.test_client().get(f"/join/{code}").text
    open_round(db.session.get(Round, round_.id))
    close_round(db.session.get(Round, round_.id))
    db.session.commit()
    assert "Make codes for a class" not in client.get(HERE).text
    assert client.get(f"{HERE}/new/codes").status_code == client.post(f"{HERE}/new/codes").status_code == 404
    shown = client.get(where)
    assert shown.status_code == 200
    assert "Open now, for 90 minutes" not in shown.text


def test_words_for_a_messenger_in_every_language_of_the_round(inside: FlaskClient) -> None:
    page = inside.get(inside.post(f"{HERE}/new/link", data=LINK).location).text
    texts = page.split('<div class="copy"')[1:]
    assert [text[: text.index(">")] for text in texts] == [
        ' lang="en" dir="ltr"',
        ' lang="de" dir="ltr"',
        ' lang="ar" dir="rtl"',
    ]
    assert "http://127.0.0.1:8000/join/" in texts[0]
    assert "?language=" not in texts[0]
    assert "?language=ar" in texts[2]
    assert "Testville asks you. It takes about" in texts[0]


def test_another_name(inside: FlaskClient) -> None:
    made = inside.post(f"{HERE}/new/codes", data=CODES)
    wrong = inside.post(f"{made.location}/name", data={"label": " "})
    assert wrong.status_code == 422
    assert "This is needed." in wrong.text
    inside.post(f"{made.location}/name", data={"label": "  Morning class "})
    assert the_batch().label == "Morning class"
    assert logged()[-1] == ("class.renamed", "Morning class")


@pytest.mark.parametrize(("kind", "data"), [("codes", CODES), ("link", LINK), ("paper", CODES)])
def test_what_nobody_has_used_can_be_removed(inside: FlaskClient, kind: str, data: dict[str, str]) -> None:
    made = inside.post(f"{HERE}/new/{kind}", data=data)
    assert "Remove it for good" in inside.get(made.location).text
    inside.post(f"{made.location}/remove")
    assert db.session.scalar(select(func.count(Batch.id))) == 0
    assert db.session.scalar(select(func.count(Invitation.id))) == 0
    assert logged()[-1][0] == "class.removed"


def test_what_somebody_has_started_with_stays(each_app: Flask) -> None:
    round_ = opened_round()
    [code, _] = codes(round_, 2)
    client = each_app.test_client()
    sign_in(client, lead(round_.city))
    each_app.test_client().post(f"/join/{code}")
    here = f"{HERE}/{the_batch().id}"
    assert "Remove it for good" not in client.get(here).text
    answer = client.post(f"{here}/remove", follow_redirects=True)
    assert "Somebody has started with it already" in answer.text
    assert db.session.scalar(select(func.count(Invitation.id))) == 2


def test_nothing_of_a_class_changes_after_the_end(inside: FlaskClient) -> None:
    made = inside.post(f"{HERE}/new/codes", data=CODES)
    close_round(db.session.scalars(select(Round)).one())
    db.session.commit()
    for deed in ("name", "remove", "limits", "open", "close", "page"):
        assert inside.post(f"{made.location}/{deed}", data={"label": "x"}).status_code == 404, deed
    assert the_batch().label == "Evening class B1"


def test_a_year_without_other_time_zones(sqlite_url: str) -> None:
    for app in within(make_app(sqlite_url, timezone="Europe/Helsinki")):
        client = app.test_client()
        sign_in(client, lead(opened_round().city))
        answer = client.post(f"{HERE}/new/link", data=LINK | {"from_day": "0001-01-01"})
        assert answer.status_code == 422
        assert "This is not a date. Example: 2026-12-18." in answer.text
