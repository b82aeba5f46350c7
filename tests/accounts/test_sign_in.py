"""Staff come in by a link from their mailbox: once, within the hour, and to nowhere but this site."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from urllib.parse import urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from surveyapp.accounts.actions import NoAddress, add_member
from surveyapp.accounts.links import sign_in_link
from surveyapp.database import db
from surveyapp.models import City, Membership, User
from tests.accounts.mailbox import Mailbox
from tests.conftest import make_app

ADDRESS = "Lead@Testville.example"


def ask(client: FlaskClient, address: str, path: str = "/sign-in") -> str:
    answer = client.post(path, data={"email": address})
    assert answer.status_code == 200
    return answer.text


def link_in(mailbox: Mailbox) -> str:
    """Path and query of the link in the newest message."""
    found = re.search(r"http://127\.0\.0\.1:8000(/\S+)", mailbox.messages[-1].get_content())
    assert found
    return found.group(1)


def signed_in(client: FlaskClient) -> bool:
    return client.get("/rounds").status_code == 200


def test_from_the_address_to_the_rounds(each_app: Flask, mailbox: Mailbox) -> None:
    client = each_app.test_client()
    assert urlsplit(client.get("/rounds").location).path == "/sign-in"
    ask(client, f"  {ADDRESS.upper()} ")
    [message] = mailbox.messages
    assert message["To"] == "lead@testville.example"
    path = link_in(mailbox)
    for _ in range(3):
        page = client.get(path)
        assert page.status_code == 200, "mail scanners open links: that must not use them up"
        assert '<form class="buttons" method="post">' in page.text
    assert not signed_in(client)
    assert client.post(path).location == "/rounds"
    assert signed_in(client)
    assert client.get("/sign-in").location == "/rounds"

    client.post("/sign-out")
    assert not signed_in(client)
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410, "a link works once"
    assert not signed_in(client)


def test_an_unknown_address_is_told_the_same(client: FlaskClient, mailbox: Mailbox) -> None:
    stranger = ADDRESS.replace("Lead", "None")
    assert ask(client, ADDRESS).replace(ADDRESS, "") == ask(client, stranger).replace(stranger, "")
    assert len(mailbox.messages) == 1, "and gets no mail"


def test_somebody_who_left_gets_no_link(client: FlaskClient, mailbox: Mailbox) -> None:
    user = db.session.scalars(select(User)).one()
    path = urlsplit(sign_in_link(user)).path
    user.active = False
    db.session.commit()
    ask(client, ADDRESS)
    assert mailbox.messages == []
    assert client.post(path).status_code == 410


def test_a_mail_server_that_is_away_tells_nothing(client: FlaskClient, app: Flask) -> None:
    app.config["MAIL_URL"] = "smtp://127.0.0.1:1"
    assert "a link is on its way" in ask(client, ADDRESS)


def test_what_is_no_address_is_said_to_be_none(each_app: Flask, mailbox: Mailbox) -> None:
    client = each_app.test_client()
    for address in ("", "lead", "lead@x\x00.example", "a@b\nBcc: all@x.example"):
        assert client.post("/sign-in", data={"email": address}).status_code == 422
    assert mailbox.messages == []


def test_a_link_lasts_an_hour(client: FlaskClient, mailbox: Mailbox) -> None:
    with time_machine.travel("2026-10-01T08:00:00Z", tick=False) as clock:
        ask(client, ADDRESS)
        path = link_in(mailbox)
        clock.shift(timedelta(minutes=60))
        assert client.get(path).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert client.get(path).status_code == 410
        assert client.post(path).status_code == 410


def test_signing_in_uses_up_older_links_too(client: FlaskClient, mailbox: Mailbox) -> None:
    ask(client, ADDRESS)
    older = link_in(mailbox)
    with time_machine.travel(timedelta(minutes=1)):
        ask(client, ADDRESS)
        assert client.post(link_in(mailbox)).status_code == 303
        assert client.post(older).status_code == 410


def test_a_link_that_was_changed(client: FlaskClient, app: Flask) -> None:
    path = urlsplit(sign_in_link(db.session.scalars(select(User)).one())).path
    other = make_app(app.config["SQLALCHEMY_DATABASE_URI"], secret_key="o" * 32)
    assert other.test_client().get(path).status_code == 410, "signed with another key"
    for spoilt in (path[:-1], path + "A", "/sign-in/x", "/sign-in/a.b.c", "/sign-in/%00", "/sign-in/%ff"):
        assert client.get(spoilt).status_code == 410
        assert client.post(spoilt).status_code == 410


def test_two_clicks_at_once_sign_in_once(each_app: Flask) -> None:
    path = urlsplit(sign_in_link(db.session.scalars(select(User)).one())).path
    together = Barrier(8)

    def click(_: int) -> int:
        with each_app.app_context():
            together.wait()
            return each_app.test_client().post(path).status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(click, range(8))) == [303] + [410] * 7


def test_the_link_leads_on_to_where_one_wanted_to_go(client: FlaskClient, mailbox: Mailbox) -> None:
    wanted = client.get("/rounds/autumn")
    ask(client, ADDRESS, wanted.location)
    assert client.post(link_in(mailbox)).location == "/rounds/autumn"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "/\t//evil.example/",
        "\\\\evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "rounds",
        "/\n/evil.example",
    ],
)
def test_but_never_to_another_site(client: FlaskClient, mailbox: Mailbox, target: str) -> None:
    path = urlsplit(sign_in_link(db.session.scalars(select(User)).one())).path
    assert client.post(path, query_string={"next": target}).location == "/rounds"
    client.post("/sign-out")
    client.post("/sign-in", query_string={"next": target}, data={"email": ADDRESS})
    assert "next" not in link_in(mailbox)


def test_a_member_has_one_role_in_a_city(each_app: Flask) -> None:
    add_member(ADDRESS.upper(), "Testville", "viewer")
    add_member(ADDRESS, "Otherton", "lead")
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(User)) == 1
    held = select(City.name, Membership.role).join_from(Membership, City).order_by(City.name)
    assert db.session.execute(held).all() == [("Otherton", "lead"), ("Testville", "viewer")]
    for wrong in ("nobody", "a@b", "a b@c.example", ""):
        with pytest.raises(NoAddress):
            add_member(wrong, "Testville", "lead")
