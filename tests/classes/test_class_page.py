"""The page of whoever leads a class: no account, counts, window, sheet; and it can be taken back."""

from datetime import UTC, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from surveyapp.assessments.actions import close_round
from surveyapp.database import db
from surveyapp.models import AuditEntry, Batch, Round
from tests.builders import codes, group_code, lead, opened_round
from tests.comparison.closed import sign_in

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.fixture
def leading(app: Flask, client: FlaskClient) -> FlaskClient:
    round_ = opened_round()
    codes(round_, 4)
    sign_in(client, lead(round_.city))
    return client


def the_batch() -> Batch:
    db.session.expire_all()
    return db.session.scalars(select(Batch)).one()


def given(client: FlaskClient) -> str:
    """The path of the class page, as the lead is shown it."""
    answer = client.post(f"/rounds/autumn/classes/{the_batch().id}/page", follow_redirects=True)
    [address] = [line for line in answer.text.split("</div>") if "/class/" in line]
    return "/class/" + address.rsplit("/class/", 1)[1].strip()


def test_made_shown_used_and_taken_back(app: Flask, leading: FlaskClient) -> None:
    path = given(leading)
    assert given(leading) == path, "the same address each time"
    outside = app.test_client()
    page = outside.get(path)
    assert page.status_code == 200
    assert "Class A" in page.text
    assert "Please do not look at what people choose" in page.text
    assert path.rsplit("/", 1)[1] not in str(the_batch().__dict__), "only a hash is stored"
    leading.post(f"/rounds/autumn/classes/{the_batch().id}/page/revoke")
    for method, where in (("GET", ""), ("POST", "/open"), ("POST", "/close"), ("GET", "/sheet/en")):
        assert outside.open(path + where, method=method).status_code == 404
    assert given(leading) != path
    assert outside.get(path).status_code == 404
    actions = list(db.session.scalars(select(AuditEntry.action)))
    assert actions == ["class.page", "class.page", "class.page_revoked", "class.page"]


def test_it_opens_the_code_for_a_lesson(app: Flask, leading: FlaskClient) -> None:
    path, outside = given(leading), app.test_client()
    with time_machine.travel(NOW, tick=False):
        assert (
            "People can start now, for 90 minutes."
            in outside.post(f"{path}/open", follow_redirects=True).text
        )
        assert (the_batch().opens_at, the_batch().closes_at) == (
            datetime(2026, 11, 23, 9),
            datetime(2026, 11, 23, 10, 30),
        )
        assert "Open until 23 Nov 2026, 10:30 (UTC)" in outside.get(path).text
        outside.post(f"{path}/close")
        assert "Over since 23 Nov 2026, 09:00 (UTC)" in outside.get(path).text
    last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (last.who, last.action, last.about) == ("", "class.window_by_page", "Class A")


def test_it_tells_sums_and_no_result(app: Flask, leading: FlaskClient) -> None:
    round_ = db.session.scalars(select(Round)).one()
    [code] = codes(round_, 1, "providers")
    path = f"/class/{'a' * 24}"
    assert app.test_client().get(path).status_code == 404
    db.session.delete(db.session.scalars(select(Batch).order_by(Batch.id)).first())
    db.session.commit()
    path = given(leading)
    browser = app.test_client()
    browser.post(f"/join/{code}")
    browser.post("/answer/f2", data={"f2": "3"})
    browser.post("/answer/send")
    page = app.test_client().get(path).text
    assert "<dt>Started</dt><dd>1</dd>" in page
    assert "<dt>Answered</dt><dd>1</dd>" in page
    assert code not in page.replace("-", "")


def test_the_token_of_a_class_is_no_invitation(app: Flask, leading: FlaskClient) -> None:
    token = given(leading).rsplit("/", 1)[1]
    outside = app.test_client()
    assert outside.get(f"/i/{token}").status_code == 404
    assert outside.get(f"/join/{token}").location == "/join"


def test_when_the_round_is_over(app: Flask, leading: FlaskClient) -> None:
    path = given(leading)
    close_round(db.session.scalars(select(Round)).one())
    db.session.commit()
    page = app.test_client().get(path).text
    assert "The survey is closed." in page
    assert "Open now" not in page


def test_a_group_link_is_told_with_its_code(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    code = group_code(round_)
    sign_in(client, lead(round_.city))
    page = app.test_client().get(given(client)).text
    assert f"{code[:4]}-{code[4:]}" in page
    assert "Show the poster" in page


@pytest.mark.parametrize(("language", "dir_"), [("en", "ltr"), ("de", "ltr"), ("ar", "rtl")])
def test_it_is_sound_in_every_language(app: Flask, leading: FlaskClient, language: str, dir_: str) -> None:
    from tests.test_guards import check_page

    check_page(app.test_client(), f"{given(leading)}?language={language}", language, dir_)
