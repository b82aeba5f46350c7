"""A mail server with moods, and a round with people on its list."""

import asyncio
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from surveyapp.database import db
from surveyapp.mailing.contacts import add_people
from surveyapp.mailing.jobs import move_mail
from surveyapp.mailing.lists import Person
from surveyapp.models import Contact, Delivery, Invitation, Mailing, Round
from tests.accounts.mailbox import Mailbox
from tests.builders import lead
from tests.comparison.closed import sign_in


class Post(Mailbox):
    """Takes mail unless told otherwise for an address; counts connections."""

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[str, str] = {}
        self.after_data: str | None = None
        self.hang_up = False
        self.connections = 0
        self.before: Callable[[str], None] = lambda _address: None

    async def handle_EHLO(
        self, _server: Any, session: Any, _envelope: Any, host: str, responses: list[str]
    ) -> Any:
        session.host_name = host
        self.connections += 1
        return responses

    async def handle_RCPT(
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        await asyncio.to_thread(self.before, address)
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.hang_up:  # takes the message, and is gone before it says so
            server.transport.abort()
            return "250 nobody hears this"
        if self.after_data:
            return self.after_data
        return await super().handle_DATA(server, session, envelope)

    @property
    def addresses(self) -> list[str]:
        return [message["To"] for message in self.messages]


def people(*addresses: str, group: str = "learners", language: str = "en", name: str = "") -> list[Person]:
    return [Person(address, name, group, language) for address in addresses]


def listed(round_: Round, *addresses: str, **more: str) -> None:
    add_people(round_, people(*addresses, **more))
    db.session.commit()


def lead_of(app: Flask, round_: Round) -> FlaskClient:
    client = app.test_client()
    sign_in(client, lead(round_.city))
    return client


def path(round_: Round, rest: str = "") -> str:
    return f"/rounds/{round_.key}/mail{rest}"


def minute() -> None:
    """What the worker does every minute."""
    move_mail()
    db.session.rollback()


def deliveries(kind: str = "invitation") -> dict[str, tuple[str, str | None]]:
    """Status and error of every mail, by address."""
    db.session.rollback()
    rows = db.session.execute(
        select(Contact.email, Delivery.status, Delivery.error)
        .join(Delivery, Delivery.invitation_id == Contact.invitation_id)
        .join(Mailing, Mailing.id == Delivery.mailing_id)
        .where(Mailing.kind == kind)
    )
    return {email: (status, error) for email, status, error in rows}


def status_of(email: str, status: str | None = None) -> str:
    """Whether somebody has answered; sets it where one is given."""
    db.session.rollback()
    invitation = db.session.scalars(select(Invitation).join(Contact).where(Contact.email == email)).one()
    if status:
        invitation.status = status
        db.session.commit()
    return invitation.status


def number(email: str) -> int:
    return db.session.scalars(select(Contact.invitation_id).where(Contact.email == email)).one()
