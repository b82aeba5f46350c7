"""A city with a lead who can sign in, and a real mail server."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from surveyapp.accounts.actions import add_member
from surveyapp.accounts.links import sign_in_link
from surveyapp.database import db
from surveyapp.models import City, User
from tests.accounts.mailbox import Mailbox
from tests.conftest import make_app, within

LEAD = "lead@testville.example"
PASSWORD = "seven blue teapots sing"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as running:
        yield running


def staffed(url: str, mailbox: Mailbox) -> Iterator[Flask]:
    for app in within(make_app(url, mail_url=mailbox.url)):
        add_member(LEAD, "Testville", "lead")
        db.session.commit()
        yield app


@pytest.fixture
def app(sqlite_url: str, mailbox: Mailbox) -> Iterator[Flask]:
    yield from staffed(sqlite_url, mailbox)


@pytest.fixture
def each_app(each_url: str, mailbox: Mailbox) -> Iterator[Flask]:
    yield from staffed(each_url, mailbox)


def user(address: str = LEAD) -> User:
    """The row as it is now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(User).where(User.email == address)).one()


def city(name: str = "Testville") -> City:
    return db.session.scalars(select(City).where(City.name == name)).one()


def link(address: str = LEAD) -> str:
    """Path of a fresh sign-in link."""
    return sign_in_link(user(address)).removeprefix("http://127.0.0.1:8000")


def signed_in(app: Flask, address: str = LEAD) -> FlaskClient:
    client = app.test_client()
    assert client.post(link(address)).status_code == 303
    assert is_in(client)
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200
