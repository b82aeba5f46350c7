"""A code from an app as the second step, and recovery codes for when the telephone is not at hand."""

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import html5lib
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP

from surveyapp.accounts import guessing
from surveyapp.models import User
from tests.accounts.conftest import LEAD, PASSWORD, is_in, link, signed_in, user
from tests.accounts.mailbox import Mailbox

NOON = "2026-10-01T12:00:00Z"


def text_of(page: str) -> str:
    return " ".join(html5lib.parse(page, namespaceHTMLElements=False).itertext())


def set_up(client: FlaskClient) -> tuple[TOTP, list[str]]:
    """Sets up an app as a person would, by the key as text; returns it with the recovery codes."""
    page = text_of(client.get("/account/app").text)
    key = re.search(r"\b[A-Z2-7]{4}(?:-[A-Z2-7]{1,4})+\b", page)
    assert key, page
    phone = TOTP(key.group().replace("-", ""))
    answer = client.post("/account/app", data={"code": phone.generate().token})
    assert answer.status_code == 200, answer.text
    codes = re.findall(r"<li>(\w{4}-\w{4}-\w{4})</li>", answer.text)
    assert len(set(codes)) == 10
    return phone, codes


def first_step(app: Flask, path: str = "") -> FlaskClient:
    client = app.test_client()
    assert client.post(path or link()).location == "/sign-in/code"
    assert not is_in(client)
    return client


def second_step(client: FlaskClient, code: str) -> int:
    return client.post("/sign-in/code", data={"code": code}).status_code


def test_the_app_is_asked_after_the_link_and_after_the_password(each_app: Flask, mailbox: Mailbox) -> None:
    with time_machine.travel(NOON) as clock:
        client = signed_in(each_app)
        client.post("/account/password", data={"password": PASSWORD})
        phone, _ = set_up(client)
        assert "is now asked for" in mailbox.messages[-1].get_content()
        assert is_in(client), "this browser goes on"
        clock.shift(60)
        browser = first_step(each_app)
        assert second_step(browser, phone.generate().token) == 303
        assert is_in(browser)

        clock.shift(60)
        browser = each_app.test_client()
        answer = browser.post("/sign-in/password?next=/people", data={"email": LEAD, "password": PASSWORD})
        assert answer.location == "/sign-in/code"
        assert not is_in(browser)
        token = phone.generate().token
        answer = browser.post("/sign-in/code", data={"code": f" {token[:3]} {token[3:]} "})
        assert answer.location == "/people", "spaces are fine, and the way goes on to where one wanted"
        assert is_in(browser)


def test_a_code_is_accepted_once(each_app: Flask) -> None:
    with time_machine.travel(NOON) as clock:
        phone, _ = set_up(signed_in(each_app))
        first = phone.generate().token
        assert second_step(first_step(each_app), first) == 422, "used while setting up"
        clock.shift(60)
        code = phone.generate().token
        assert second_step(first_step(each_app), code) == 303
        assert second_step(first_step(each_app), code) == 422
        clock.shift(30)
        assert second_step(first_step(each_app), code) == 422, "nor while a slow clock would still be let in"
        assert second_step(first_step(each_app), phone.generate().token) == 303


def test_the_same_code_at_once(each_app: Flask) -> None:
    with time_machine.travel(NOON) as clock:
        phone, _ = set_up(signed_in(each_app))
        clock.shift(60)
        browsers = [first_step(each_app) for _ in range(6)]
        code, together = phone.generate().token, Barrier(6)

        def send(browser: FlaskClient) -> int:
            with each_app.app_context():
                together.wait()
                return second_step(browser, code)

        with ThreadPoolExecutor(6) as pool:
            assert sorted(pool.map(send, browsers)) == [303] + [422] * 5


def test_an_old_code_is_refused(app: Flask) -> None:
    with time_machine.travel(NOON) as clock:
        phone, _ = set_up(signed_in(app))
        clock.shift(90)
        old = phone.generate().token
        clock.shift(61)
        assert second_step(first_step(app), old) == 422


@pytest.mark.parametrize("wrong", ["", "12345", "abcdef", "٠١٢٣٤٥", "0" * 41, "-", "AAAA-AAAA-AAAA", "\x00"])
def test_what_is_no_code(app: Flask, wrong: str) -> None:
    client = signed_in(app)
    assert client.get("/account/app").status_code == 200
    assert client.post("/account/app", data={"code": wrong}).status_code == 422
    assert user().tf_totp_secret is None
    set_up(client)
    browser = first_step(app)
    answer = browser.post("/sign-in/code", data={"code": wrong})
    assert answer.status_code == 422
    assert 'id="code-error"' in answer.text
    assert not is_in(browser)


def test_a_recovery_code_works_once(each_app: Flask) -> None:
    _, codes = set_up(signed_in(each_app))
    kept = user().mf_recovery_codes
    assert not set(codes) & set(kept)
    assert not {code.replace("-", "") for code in codes} & set(kept), "only hashes are stored"
    assert second_step(first_step(each_app), codes[0]) == 303
    assert second_step(first_step(each_app), codes[0]) == 422
    browser = first_step(each_app)
    assert second_step(browser, codes[1].lower().replace("-", " ")) == 303, "typed carelessly"
    assert "8 are left" in text_of(browser.get("/account").text)


def test_new_recovery_codes_replace_the_old(app: Flask) -> None:
    client = signed_in(app)
    _, old = set_up(client)
    answer = client.post("/account/recovery-codes")
    new = re.findall(r"<li>(\w{4}-\w{4}-\w{4})</li>", answer.text)
    assert len(new) == 10
    assert not set(new) & set(old)
    assert second_step(first_step(app), old[0]) == 422
    assert second_step(first_step(app), new[0]) == 303
    assert all(code not in client.get("/account").text for code in new), "they are shown once"


def test_guessing_codes_stops(app: Flask) -> None:
    with time_machine.travel(NOON) as clock:
        phone, codes = set_up(signed_in(app))
        clock.shift(60)
        browser = first_step(app)
        for _ in range(guessing.WRONG_PER_ACCOUNT):
            assert second_step(browser, "000000") in (422,)
        assert second_step(browser, phone.generate().token) == 429
        assert second_step(first_step(app), codes[0]) == 429, "another browser, the same account"
        assert not is_in(browser)
        clock.shift(3600)
        assert second_step(first_step(app), codes[0]) == 303


def test_the_first_step_is_needed_and_lasts_ten_minutes(app: Flask) -> None:
    with time_machine.travel(NOON) as clock:
        phone, codes = set_up(signed_in(app))
        nobody = app.test_client()
        assert nobody.get("/sign-in/code").location == "/sign-in"
        assert nobody.post("/sign-in/code", data={"code": codes[0]}).location == "/sign-in"
        browser = first_step(app)
        clock.shift(601)
        assert browser.post("/sign-in/code", data={"code": phone.generate().token}).location == "/sign-in"
        assert not is_in(browser)


def test_removing_the_app(app: Flask, mailbox: Mailbox) -> None:
    client = signed_in(app)
    set_up(client)
    assert client.get("/account/app").location == "/account", "one app at a time"
    other_key = user().tf_totp_secret
    assert client.post("/account/app", data={"code": "123456"}).status_code == 303
    assert user().tf_totp_secret == other_key
    assert client.get("/account/app/remove").status_code == 200
    assert client.post("/account/app/remove", data={}).location == "/account"
    assert "no longer asked" in mailbox.messages[-1].get_content()
    assert user().tf_totp_secret is None
    assert not user().mf_recovery_codes
    signed_in(app)
    assert client.get("/account/app/remove").status_code == 404
    assert client.post("/account/recovery-codes").status_code == 404


def test_the_key_as_a_picture(app: Flask) -> None:
    client = signed_in(app)
    assert client.get("/account/app.svg").status_code == 404, "nothing is being set up"
    page = client.get("/account/app")
    assert "img-src 'self'" in page.headers["Content-Security-Policy"]
    picture = client.get("/account/app.svg")
    assert picture.mimetype == "image/svg+xml"
    assert picture.text.startswith("<?xml") or picture.text.startswith("<svg")
    assert picture.headers["Cache-Control"] == "no-store"
    assert client.get("/account/app.svg").data == picture.data, "reloading keeps the key"


def test_the_key_in_the_database_is_encrypted_and_fits(app: Flask) -> None:
    client = signed_in(app)
    phone, _ = set_up(client)
    stored = user().tf_totp_secret
    assert phone.base32_key not in stored
    assert '"enckey"' in stored
    assert len(stored) <= User.__table__.c.tf_totp_secret.type.length
