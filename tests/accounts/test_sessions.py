"""A session of staff ends: by itself or by signing out, here or everywhere; and grows too old for grave changes."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from tests.accounts.conftest import LEAD, PASSWORD, is_in, link, signed_in, user
from tests.builders import link as invitation
from tests.builders import opened_round

NOON = "2026-10-01T12:00:00Z"
FRESH_ONLY = (
    "/account/password", "/account/password/remove", "/account/app", "/account/app/remove",
    "/account/passkeys/new", "/account/passkeys/1/remove",
)  # fmt: skip


def test_twelve_hours_without_use(app: Flask) -> None:
    with time_machine.travel(NOON) as clock:
        client, other = signed_in(app), signed_in(app)
        for _ in range(3):
            clock.shift(timedelta(hours=11))
            assert is_in(client), "used again and again"
        assert not is_in(other)
        clock.shift(timedelta(hours=12, minutes=6))
        answer = client.get("/people")
        assert answer.location == "/sign-in?next=/people"
        assert not is_in(client)


def test_seven_days_at_most(app: Flask) -> None:
    with time_machine.travel(NOON) as clock:
        client = signed_in(app)
        for _ in range(14):
            clock.shift(timedelta(hours=11, minutes=59))
            assert is_in(client)
        clock.shift(timedelta(minutes=20))
        assert not is_in(client)


def test_a_kept_cookie_does_not_live_longer(app: Flask) -> None:
    with time_machine.travel(NOON) as clock:
        client = signed_in(app)
        cookie = client.get_cookie("session").value
        clock.shift(timedelta(hours=11))
        assert is_in(client)
        clock.shift(timedelta(hours=2))
        assert is_in(client)
        thief = app.test_client()
        thief.set_cookie("session", cookie)
        assert not is_in(thief)


def test_a_respondent_in_the_same_browser_goes_on(app: Flask) -> None:
    round_ = opened_round()
    with time_machine.travel(NOON) as clock:
        client = signed_in(app)
        assert client.post(invitation(round_)).status_code == 303
        clock.shift(timedelta(hours=13))
        assert client.get("/answer/f1").status_code == 200
        assert not is_in(client)
        clock.shift(timedelta(days=8))
        assert client.get("/answer/f1").status_code == 200


def test_signing_out_everywhere(each_app: Flask) -> None:
    client, other = signed_in(each_app), signed_in(each_app)
    waiting = link()
    assert client.post("/account/sign-out-everywhere").location == "/account"
    assert "everywhere but here" in client.get("/account").text
    assert is_in(client)
    assert not is_in(other)
    assert other.post(waiting).status_code == 410, "links sent before are worth nothing"
    assert is_in(signed_in(each_app))


def test_signing_out_is_for_this_browser(app: Flask) -> None:
    client, other = signed_in(app), signed_in(app)
    client.post("/sign-out")
    assert not is_in(client)
    assert is_in(other)


@pytest.mark.parametrize("path", FRESH_ONLY)
def test_grave_changes_ask_to_sign_in_again(app: Flask, path: str) -> None:
    with time_machine.travel(NOON) as clock:
        client = signed_in(app)
        clock.shift(timedelta(minutes=31))
        answer = client.get(path)
        assert answer.location == f"/sign-in?again=1&next={path}"
        assert "Sign in once more" in client.get(answer.location).text
        assert client.post(path, data={"password": PASSWORD}).location == "/sign-in?again=1&next=/account"
        assert user().password is None


def test_signing_in_again_leads_back(app: Flask) -> None:
    with time_machine.travel(NOON) as clock:
        client = signed_in(app)
        clock.shift(timedelta(minutes=31))
        path = client.get("/account/password").location
        page = client.get(path).text
        assert f'value="{LEAD}"' in page
        assert 'href="/sign-in/password?next=/account/password"' in page
        answer = client.post(link() + "?next=/account/password")
        assert answer.location == "/account/password"
        assert client.get(answer.location).status_code == 200


def test_every_change_of_signing_in_is_guarded(app: Flask) -> None:
    """A view added to these features without @fresh must be thought about."""
    with time_machine.travel(NOON) as clock:
        client = signed_in(app)
        clock.shift(timedelta(minutes=31))
        for rule in app.url_map.iter_rules():
            if rule.endpoint.split(".")[0] not in ("factors", "passkeys"):
                continue
            path = rule.rule.replace("<int:passkey_id>", "1")
            for method in rule.methods & {"GET", "POST"}:
                location = client.open(path, method=method).location
                free = rule.endpoint == "factors.sign_out_everywhere"
                assert location.startswith("/account" if free else "/sign-in?again=1"), path


def test_the_account_says_when_one_signed_in(app: Flask) -> None:
    with time_machine.travel(NOON) as clock:
        signed_in(app)
        clock.shift(timedelta(days=2))
        page = signed_in(app).get("/account").text
    assert "3 Oct 2026, 12:00" in page
    assert "1 Oct 2026, 12:00" in page
