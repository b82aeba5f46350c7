"""A password is for who wants one. Wrong ones are counted, and say nothing about who has an account."""

import re

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from surveyapp.accounts import guessing
from surveyapp.accounts.actions import add_member
from surveyapp.accounts.passwords import fault
from surveyapp.database import db
from tests.accounts.conftest import LEAD, PASSWORD, is_in, signed_in, user
from tests.accounts.mailbox import Mailbox


def set_password(client: FlaskClient, password: str = PASSWORD, elsewhere: bool = False) -> None:
    data = {"password": password} | ({"elsewhere": "y"} if elsewhere else {})
    answer = client.post("/account/password", data=data)
    assert answer.status_code == 303, answer.text
    assert answer.location == "/account"


def try_password(client: FlaskClient, password: str, address: str = LEAD, **options: object) -> int:
    data = {"email": address, "password": password}
    return client.post("/sign-in/password", data=data, **options).status_code


def test_set_used_changed_and_removed(each_app: Flask, mailbox: Mailbox) -> None:
    client = signed_in(each_app)
    assert try_password(each_app.test_client(), PASSWORD) == 422, "there is none yet"
    set_password(client)
    assert "Your password was set." in mailbox.messages[-1].get_content()
    assert user().password.startswith("$argon2")

    other = each_app.test_client()
    answer = other.post("/sign-in/password?next=/people", data={"email": LEAD.upper(), "password": PASSWORD})
    assert answer.location == "/people"
    assert is_in(other)

    set_password(client, "nine green kettles hum")
    assert try_password(each_app.test_client(), PASSWORD) == 422
    assert try_password(each_app.test_client(), "nine green kettles hum") == 303

    assert "Remove your password?" in client.get("/account/password/remove").text
    client.post("/account/password/remove")
    assert try_password(each_app.test_client(), "nine green kettles hum") == 422
    assert client.get("/account/password/remove").status_code == 404


@pytest.mark.parametrize("elsewhere", [True, False])
def test_changing_it_may_sign_out_other_browsers(app: Flask, elsewhere: bool) -> None:
    other, client = signed_in(app), signed_in(app)
    set_password(client, elsewhere=elsewhere)
    assert is_in(client)
    assert is_in(other) is not elsewhere


@pytest.mark.parametrize(
    "password",
    [
        "short-word", "password1234", "PasswortPasswort!", "123456789012", "aaaaaaaaaaaaaaa", "Willkommen2026!",
        "qwertyuiop12", LEAD, f"my {LEAD} is", "ab" * 65, "qwertz-qwertz", "            ",
    ],
)  # fmt: skip
def test_bad_ones_are_refused_beside_the_field(app: Flask, password: str) -> None:
    client = signed_in(app)
    answer = client.post("/account/password", data={"password": password})
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    assert password.strip() not in answer.text.replace(LEAD, "") or not password.strip()
    assert user().password is None


@pytest.mark.parametrize(
    "password", ["vier wörter ohne sinn", "كلمة مرور طويلة جدا", "tr0ub4dor&3-horse", "eichhörnchen fährt"]
)
def test_good_ones_need_no_signs_or_digits(password: str) -> None:
    assert fault(password, LEAD) == ""


def test_a_stranger_is_told_the_same(app: Flask) -> None:
    set_password(signed_in(app))
    add_member("none@testville.example", "Testville", "viewer")
    db.session.commit()
    client = app.test_client()
    told = set()
    for address in (LEAD, "none@testville.example", "stranger@testville.example"):
        for _ in range(guessing.WRONG_PER_ACCOUNT):
            answer = client.post("/sign-in/password", data={"email": address, "password": "wrong and wrong"})
            assert answer.status_code == 422
            told.add(re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text.replace(address, "")))
        answer = client.post("/sign-in/password", data={"email": address, "password": "wrong and wrong"})
        assert answer.status_code == 429
        assert "Please wait a little" in answer.text
    assert len(told) == 1


def test_guessing_stops_and_the_link_still_works(each_app: Flask) -> None:
    set_password(signed_in(each_app))
    with time_machine.travel("2026-10-01T08:00:00Z") as clock:
        for _ in range(guessing.WRONG_PER_ACCOUNT):
            assert try_password(each_app.test_client(), "wrong and wrong") == 422
        assert try_password(each_app.test_client(), PASSWORD) == 429, "even the right one waits"
        assert try_password(each_app.test_client(), PASSWORD, environ_base={"REMOTE_ADDR": "10.0.0.9"}) == 429
        signed_in(each_app)
        clock.shift(3600)
        assert try_password(each_app.test_client(), PASSWORD) == 303


def test_one_address_cannot_try_many_accounts(app: Flask) -> None:
    set_password(signed_in(app))
    client = app.test_client()
    for number in range(guessing.WRONG_PER_ADDRESS):
        assert try_password(client, "wrong and wrong", f"{number}@testville.example") == 422
    assert try_password(client, PASSWORD) == 429
    assert try_password(client, PASSWORD, environ_base={"REMOTE_ADDR": "10.0.0.9"}) == 303


def test_right_ones_never_count(app: Flask) -> None:
    set_password(signed_in(app))
    for _ in range(guessing.WRONG_PER_ACCOUNT + 2):
        assert try_password(app.test_client(), PASSWORD) == 303


def test_who_left_does_not_come_in(app: Flask) -> None:
    set_password(signed_in(app))
    user().active = False
    db.session.commit()
    assert try_password(app.test_client(), PASSWORD) == 422


def test_what_is_missing_is_said(client: FlaskClient) -> None:
    answer = client.post("/sign-in/password", data={"email": "", "password": ""})
    assert answer.status_code == 422
    assert 'href="#email"' in answer.text
    assert 'href="#password"' in answer.text


def test_links_do_not_flood_a_mailbox(client: FlaskClient, mailbox: Mailbox) -> None:
    texts = {
        client.post("/sign-in", data={"email": LEAD}).text for _ in range(guessing.LINKS_PER_ACCOUNT + 3)
    }
    assert len(mailbox.messages) == guessing.LINKS_PER_ACCOUNT
    assert len(texts) == 1
