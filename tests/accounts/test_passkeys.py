"""A passkey signs in by itself. Every answer here is a real one, made and signed by an authenticator in software."""

import json
from collections.abc import Callable

import html5lib
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from surveyapp.accounts.actions import add_member
from surveyapp.database import db
from surveyapp.models import WebAuthn
from tests.accounts.authenticator import PRESENT, Authenticator
from tests.accounts.conftest import LEAD, is_in, signed_in, user
from tests.accounts.mailbox import Mailbox
from tests.accounts.test_codes import set_up

OTHER = "viewer@testville.example"
PARTS = ("clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle")
EMPTY = json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": dict.fromkeys(PARTS, "AA")})


def question(client: FlaskClient, path: str) -> str:
    """What the page would hand to the browser."""
    page = client.get(path)
    assert page.status_code == 200
    document = html5lib.parse(page.text, namespaceHTMLElements=False)
    [form] = [form for form in document.iter("form") if form.get("data-passkey")]
    assert form.get("hidden") is not None, "without JavaScript there is no button"
    assert [note for note in document.iter() if note.get("data-without") is not None]
    return form.get("data-question")


def register(client: FlaskClient, key: Authenticator, name: str = "Work laptop") -> int:
    answer = key.create(question(client, "/account/passkeys/new"))
    return client.post("/account/passkeys/new", data={"name": name, "credential": answer}).status_code


def send(client: FlaskClient, answer: str, query: str = "") -> int:
    return client.post(f"/sign-in/passkey{query}", data={"credential": answer}).status_code


def stored() -> list[WebAuthn]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(WebAuthn).order_by(WebAuthn.id)))


@pytest.fixture
def key(app: Flask) -> Authenticator:
    """A passkey of the lead."""
    made = Authenticator()
    assert register(signed_in(app), made) == 303
    return made


def test_added_used_and_removed(each_app: Flask, mailbox: Mailbox) -> None:
    client, key = signed_in(each_app), Authenticator()
    assert register(client, key) == 303
    assert "“Work laptop” was added" in mailbox.messages[-1].get_content()
    assert "Work laptop" in client.get("/account").text

    browser = each_app.test_client()
    asked = json.loads(question(browser, "/sign-in"))
    assert (asked["rpId"], asked["userVerification"]) == ("127.0.0.1", "required")
    answer = key.get(question(browser, "/sign-in?next=/people"))
    path = "/sign-in/passkey?next=/people"
    assert browser.post(path, data={"credential": answer}).location == "/people"
    assert is_in(browser)
    [row] = stored()
    assert row.sign_count == 1

    path = f"/account/passkeys/{row.id}/remove"
    assert "“Work laptop”?" in client.get(path).text
    assert client.post(path).location == "/account"
    assert stored() == []
    browser = each_app.test_client()
    assert send(browser, key.get(question(browser, "/sign-in"))) == 422
    assert not is_in(browser)


def test_it_needs_no_code_from_the_app(app: Flask, key: Authenticator) -> None:
    set_up(signed_in(app, LEAD))
    browser = app.test_client()
    assert send(browser, key.get(question(browser, "/sign-in"))) == 303
    assert is_in(browser)


def elsewhere(key: Authenticator) -> None:
    key.origin = "https://surveyapp.evil.example"


def unverified(key: Authenticator) -> None:
    key.flags = PRESENT


def absent(key: Authenticator) -> None:
    key.flags = 0


@pytest.mark.parametrize("spoil", [elsewhere, unverified, absent])
def test_what_is_not_right_is_refused(
    app: Flask, key: Authenticator, spoil: Callable[[Authenticator], None]
) -> None:
    spoil(key)
    browser = app.test_client()
    answer = browser.post("/sign-in/passkey", data={"credential": key.get(question(browser, "/sign-in"))})
    assert answer.status_code == 422
    assert "The passkey did not sign you in" in answer.text
    assert not is_in(browser)
    other = Authenticator()
    spoil(other)
    assert register(signed_in(app), other) == 422
    assert len(stored()) == 1


def test_an_answer_counts_once_even_with_the_cookie_of_before(each_app: Flask) -> None:
    key = Authenticator()
    register(signed_in(each_app), key)
    browser = each_app.test_client()
    answer = key.get(question(browser, "/sign-in"))
    cookie = browser.get_cookie("session").value
    assert send(browser, answer) == 303
    stored()[0].sign_count = 0  # as with passkeys that do not count
    db.session.commit()
    thief = each_app.test_client()
    thief.set_cookie("session", cookie)
    assert send(thief, answer) == 422
    assert not is_in(thief)


def test_an_answer_to_another_question(app: Flask, key: Authenticator) -> None:
    first, second = app.test_client(), app.test_client()
    answer = key.get(question(first, "/sign-in"))
    question(second, "/sign-in")
    assert send(second, answer) == 422
    assert send(app.test_client(), answer) == 422, "no question was asked here"


def test_a_question_gets_old(app: Flask, key: Authenticator) -> None:
    with time_machine.travel("2026-10-01T12:00:00Z") as clock:
        browser = app.test_client()
        answer = key.get(question(browser, "/sign-in"))
        clock.shift(1801)
        assert send(browser, answer) == 422


def test_a_copied_passkey_falls_behind(app: Flask, key: Authenticator) -> None:
    for _ in range(2):
        browser = app.test_client()
        assert send(browser, key.get(question(browser, "/sign-in"))) == 303
    key.count = 0  # the copy begins where the original was
    browser = app.test_client()
    assert send(browser, key.get(question(browser, "/sign-in"))) == 422


def test_nobody_signs_in_as_somebody_else(app: Flask, key: Authenticator) -> None:
    add_member(OTHER, "Testville", "viewer")
    db.session.commit()
    mine = Authenticator()
    register(signed_in(app, OTHER), mine)
    browser = app.test_client()
    mine.handle = user(LEAD).fs_webauthn_user_handle.encode()
    assert send(browser, mine.get(question(browser, "/sign-in"))) == 422, "my key, your name"
    mine.handle, mine.id = key.handle, key.id
    assert send(browser, mine.get(question(browser, "/sign-in"))) == 422, "my signature, your key"
    mine.handle = b""
    assert send(browser, mine.get(question(browser, "/sign-in"))) == 422
    assert not is_in(browser)


def test_a_key_belongs_to_one_person(app: Flask, key: Authenticator) -> None:
    add_member(OTHER, "Testville", "viewer")
    db.session.commit()
    assert register(signed_in(app, OTHER), key) == 422
    assert register(signed_in(app, LEAD), key) == 422
    [row] = stored()
    assert row.user_id == user(LEAD).id
    other = signed_in(app, OTHER)
    for method in ("GET", "POST"):
        assert other.open(f"/account/passkeys/{row.id}/remove", method=method).status_code == 404
    assert len(stored()) == 1


def test_who_left_does_not_come_in(app: Flask, key: Authenticator) -> None:
    user().active = False
    db.session.commit()
    browser = app.test_client()
    assert send(browser, key.get(question(browser, "/sign-in"))) == 422


def test_a_name_is_needed(app: Flask) -> None:
    client = signed_in(app)
    answer = client.post("/account/passkeys/new", data={"name": " ", "credential": ""})
    assert answer.status_code == 422
    assert 'href="#name"' in answer.text


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "x",
        "[]",
        "{}",
        "null",
        '{"id": 1}',
        "\x00",
        EMPTY,
    ],
)
def test_nonsense_is_refused(app: Flask, nonsense: str) -> None:
    client = signed_in(app)
    client.get("/account/passkeys/new")
    assert client.post("/account/passkeys/new", data={"name": "x", "credential": nonsense}).status_code == 422
    browser = app.test_client()
    browser.get("/sign-in")
    assert send(browser, nonsense) == 422


def test_answers_with_a_byte_changed_are_refused(app: Flask, key: Authenticator) -> None:
    """Anything may come in a form: the answer is "no", never a fault of ours."""
    browser = app.test_client()
    for part in ("clientDataJSON", "authenticatorData", "signature", "userHandle"):
        for at in range(0, 40, 9):
            told = json.loads(key.get(question(browser, "/sign-in")))
            text = told["response"][part]
            told["response"][part] = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
            assert send(browser, json.dumps(told)) == 422, (part, at)
    client = signed_in(app)
    for at in range(0, 240, 7):
        told = json.loads(Authenticator().create(question(client, "/account/passkeys/new")))
        text = told["response"]["attestationObject"]
        told["response"]["attestationObject"] = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        answer = client.post("/account/passkeys/new", data={"name": "x", "credential": json.dumps(told)})
        assert answer.status_code in (303, 422), at  # some bytes are free, such as the key's model
