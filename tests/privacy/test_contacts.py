"""Somebody asks what is stored about them, or wants it gone."""

import json
import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from surveyapp.database import db
from surveyapp.mailing.optout import address_hash
from surveyapp.models import (
    AuditEntry,
    City,
    Contact,
    Delivery,
    Draft,
    DraftAnswer,
    Mailing,
    OptOut,
    Response,
    Round,
)
from tests.builders import lead, opened_round
from tests.comparison.closed import sign_in
from tests.privacy.people import answer, invite, statuses

PATH = "/rounds/autumn/privacy/contact"
ADA, BEN = "ada@people.example", "ben@people.example"


@pytest.fixture
def invited(app: Flask, client: FlaskClient) -> dict[str, str]:
    """Ada and Ben are in two rounds of Testville, Ada also in one of another city; the lead is Testville's."""
    round_ = opened_round()
    paths = invite(round_, ADA, BEN)
    invite(opened_round(key="winter", assessment="Winter", title="Winter 2027"), ADA)
    invite(opened_round(key="else", city="Elsewhere", title="Secret round"), ADA)
    sign_in(client, lead(round_.city))
    return paths


def rows(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_an_address_is_found_in_the_rounds_of_the_city(invited: dict[str, str], client: FlaskClient) -> None:
    page = client.post(PATH, data={"email": f"  {ADA.upper()} "})
    assert page.status_code == 200
    assert "<li>Autumn 2026</li>" in page.text
    assert "<li>Winter 2027</li>" in page.text
    assert "Secret round" not in page.text
    assert ADA not in client.get(PATH).text


@pytest.mark.parametrize("email", ["nobody@people.example", "ada", "%", "ada@people.exampl_"])
def test_only_the_whole_address_finds(invited: dict[str, str], client: FlaskClient, email: str) -> None:
    page = client.post(PATH, data={"email": email})
    assert "This address is in no round of the city." in page.text
    assert "<li>Autumn 2026</li>" not in page.text


def test_nothing_typed(invited: dict[str, str], client: FlaskClient) -> None:
    page = client.post(PATH, data={"email": " "})
    assert page.status_code == 422
    assert "This is needed." in page.text


def test_the_download_says_all_but_whether_an_answer_came(
    app: Flask, invited: dict[str, str], client: FlaskClient
) -> None:
    files = []
    for send in (False, True):
        answer(app, invited[ADA], "my own words", send=send)
        file = client.post(f"{PATH}/export", data={"email": ADA})
        assert file.headers["Content-Disposition"] == 'attachment; filename="contact.json"'
        files.append(file.text)
    assert files[0] == files[1], "the file tells staff that an answer came"
    told = json.loads(files[0])
    assert told["Address"] == ADA
    assert told["City"] == "Testville"
    assert [each["Round"] for each in told["Invitations"]] == ["Winter 2027", "Autumn 2026"]
    autumn = told["Invitations"][1]
    assert autumn["Group"] == "Learners"
    assert autumn["Name"] == "Ada"
    assert autumn["Language of the mail"] == "Deutsch"
    assert autumn["Mails on record"][0]["State"] == "refused by the mail server"
    assert "no such user" in autumn["Mails on record"][0]["Answer of the mail server"]
    assert "my own words" not in files[0]
    assert invited[ADA].removeprefix("/i/") not in files[0]
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "privacy.contact_exported")
    ).all()
    assert len(entries) == 2
    assert all("ada" not in f"{entry.about}{entry.action}" for entry in entries)


def test_the_page_is_the_same_before_and_after_an_answer(
    app: Flask, invited: dict[str, str], client: FlaskClient
) -> None:
    def read() -> str:
        page = client.post(PATH, data={"email": ADA}).text
        return re.sub(r'name="csrf_token" value="[^"]*"', "", page)  # it tells the second

    before = read()
    answer(app, invited[ADA])
    assert read() == before


def test_erasing_takes_the_address_out_of_every_round_of_the_city(
    app: Flask, invited: dict[str, str], client: FlaskClient
) -> None:
    answer(app, invited[ADA], "not sent", send=False)
    answer(app, invited[BEN], "sent")
    assert (rows(Draft), rows(Contact), rows(Delivery)) == (1, 4, 4)
    gone = client.post(f"{PATH}/erase", data={"email": ADA, "sure": "y", "no_more_mail": "y"})
    assert (gone.status_code, gone.location) == (303, PATH)
    assert "Name and address are deleted from 2 rounds." in client.get(PATH).text
    assert sorted(db.session.scalars(select(Contact.email))) == [ADA, BEN]  # Ada's of the other city
    assert (rows(Draft), rows(DraftAnswer), rows(Delivery), rows(Response)) == (0, 0, 2, 1)
    assert statuses() == ["revoked", "answered", "revoked", "invited"]
    city = db.session.scalar(select(City).where(City.name == "Testville"))
    assert db.session.scalars(select(OptOut.address_hash)).all() == [address_hash(city.id, ADA)]
    assert client.get(invited[ADA]).status_code == 410
    [entry] = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "privacy.contact_erased"))
    assert "ada" not in entry.about
    page = client.post(PATH, data={"email": ADA}).text
    assert "This address is in no round of the city." in page
    assert "asked for no more mail" in page


def test_an_answer_that_was_sent_stays(app: Flask, invited: dict[str, str], client: FlaskClient) -> None:
    answer(app, invited[BEN], "sent")
    client.post(f"{PATH}/erase", data={"email": BEN, "sure": "y"})
    assert rows(Response) == 1
    assert statuses()[1] == "answered"
    assert rows(OptOut) == 0


def test_deleting_needs_a_tick_and_keeps_what_was_typed(invited: dict[str, str], client: FlaskClient) -> None:
    page = client.post(f"{PATH}/erase", data={"email": ADA, "no_more_mail": "y"})
    assert page.status_code == 422
    assert "Tick this to delete." in page.text
    assert f'value="{ADA}"' in page.text
    assert "checked" in page.text
    assert rows(Contact) == 4


@pytest.mark.parametrize("path", ["", "/export", "/erase"])
def test_only_leads_of_the_city(app: Flask, invited: dict[str, str], path: str) -> None:
    round_ = db.session.scalar(select(Round).where(Round.key == "autumn"))
    other = db.session.scalar(select(City).where(City.name == "Elsewhere"))
    people = [
        lead(round_.city, f"{role}@x.example", role) for role in ("viewer", "facilitator", "translator")
    ]
    for person in [*people, lead(other, "else@x.example")]:
        browser = app.test_client()
        sign_in(browser, person)
        assert browser.post(PATH + path, data={"email": ADA, "sure": "y"}).status_code == 404
    assert app.test_client().post(PATH + path, data={"email": ADA, "sure": "y"}).status_code == 302
    assert rows(Contact) == 4


def test_the_file_names_no_reminder(invited: dict[str, str], client: FlaskClient) -> None:
    """One goes only to people who have not answered, so it would tell."""
    before = client.post(f"{PATH}/export", data={"email": ADA}).text
    contact = db.session.scalars(select(Contact).where(Contact.email == ADA)).first()
    round_ = db.session.scalar(select(Round).where(Round.key == "autumn"))
    reminder = Mailing(round_id=round_.id, kind="reminder", due_on=date(2026, 12, 8), state="sending")
    db.session.add(reminder)
    db.session.flush()
    db.session.add(
        Delivery(mailing_id=reminder.id, invitation_id=contact.invitation_id, status="refused", error="550 x")
    )
    db.session.commit()
    assert client.post(f"{PATH}/export", data={"email": ADA}).text == before


def test_an_address_is_found_however_its_domain_is_written(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    invite(round_, "ada@xn--bcher-kva.example")
    sign_in(client, lead(round_.city))
    assert "<li>Autumn 2026</li>" in client.post(PATH, data={"email": "Ada@Bücher.example"}).text
