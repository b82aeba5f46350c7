"""Nothing of one city is ever visible to another, and every role opens its own doors only.

Walks every endpoint of staff: as nobody, as each role of the city, as the lead of another city with the addresses
and numbers of this one, and as that lead in a round of its own with the numbers of this one.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from surveyapp.accounts.actions import add_member
from surveyapp.accounts.links import sign_in_link
from surveyapp.database import db
from surveyapp.models import Batch, Contact, Invitation, Report, Round
from surveyapp.models.people import ROLES
from tests.builders import codes, group, group_code, link, opened_round

SECRET = "Testville"
PUBLIC = "public"
SIGNED_IN = "signed in"


@pytest.fixture
def cities(app: Flask) -> tuple[Round, Round]:
    """A city with something in every drawer, and another one."""
    first = opened_round(title="A year of Testville")
    add_member("owner@testville.example", SECRET, "lead")
    link(first)
    codes(first, 3)
    group_code(first)
    invitation = Invitation(batch=Batch(group=group(first, "city"), channel="personal"))
    db.session.add(invitation)
    db.session.flush()
    db.session.add(Contact(invitation_id=invitation.id, email="someone@testville.example"))
    db.session.add(Report(round_id=first.id, language="en", snapshot="s", state="failed", error="fault"))
    second = opened_round(key="other", city="Otherburg", title="Other round")
    db.session.commit()
    return first, second


def rules(app: Flask) -> list[Rule]:
    """Every rule that is not for everybody."""
    found = [rule for rule in app.url_map.iter_rules() if access_of(app, rule) != PUBLIC]
    assert len(found) > 60
    return found


def access_of(app: Flask, rule: Rule) -> str:
    return app.view_functions[rule.endpoint].access_rule


def paths(rule: Rule, round_: Round) -> Iterator[tuple[str, str]]:
    """Each method of a rule with an address of this round and its city; numbers are those of the first rows."""
    words = {
        "round_key": round_.key,
        "factor": "f1",
        "key": "f1",
        "group": "learners",
        "language": "en",
        "step": "name",
    }
    values = {
        name: (round_.assessment.city_id if name == "city_id" else 1)
        if type(converter).__name__ == "IntegerConverter"
        else words.get(name, "x")
        for name, converter in rule._converters.items()
    }
    _, path = rule.build(values)
    for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
        yield method, path


def signed_in(app: Flask, email: str, city: str, role: str) -> FlaskClient:
    user = add_member(email, city, role)
    db.session.commit()
    client = app.test_client()
    assert client.post(sign_in_link(user).removeprefix(app.config["BASE_URL"])).status_code == 303
    return client


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of the database, but for what signing in and looking around may leave behind."""
    db.session.rollback()
    apart = {"users", "audit_entries", "code_tries", "alembic_version"}
    return {
        table.name: sorted(map(tuple, db.session.execute(select(table))), key=repr)
        for table in db.metadata.sorted_tables
        if table.name not in apart
    }


def test_nobody_gets_past_the_door(app: Flask, cities: tuple[Round, Round]) -> None:
    client = app.test_client()
    for rule in rules(app):
        for method, path in paths(rule, cities[0]):
            answer = client.open(path, method=method)
            assert answer.status_code == 302, f"{method} {path}: {answer.status_code}"
            assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_own_doors_only(app: Flask, cities: tuple[Round, Round], role: str) -> None:
    client = signed_in(app, f"{role}@testville.example", SECRET, role)
    for rule in rules(app):
        allowed = getattr(app.view_functions[rule.endpoint], "access_roles", (role,))
        for method, path in paths(rule, cities[0]):
            if role not in allowed:
                assert client.open(path, method=method).status_code == 404, f"{role}: {method} {path}"
            elif method == "GET":
                assert client.get(path).status_code in (200, 302, 303, 403, 404, 409), f"{role}: GET {path}"


@pytest.mark.parametrize("role", ROLES)
def test_another_city_sees_and_changes_nothing(app: Flask, cities: tuple[Round, Round], role: str) -> None:
    first, _ = cities
    client = signed_in(app, f"{role}@otherburg.example", "Otherburg", role)
    before = everything()
    for rule in rules(app):
        scoped = access_of(app, rule) != SIGNED_IN
        for method, path in paths(rule, first):
            if not scoped and method == "POST":
                continue  # one's own account: see tests/accounts
            answer = client.open(path, method=method)
            assert SECRET not in answer.text, f"{method} {path}"
            assert first.title not in answer.text, f"{method} {path}"
            if scoped:
                assert answer.status_code == 404, f"{method} {path}: {answer.status_code}"
    assert everything() == before


def test_numbers_of_another_city_lead_nowhere(app: Flask, cities: tuple[Round, Round]) -> None:
    """In a round of one's own, with the numbers of rows of another city."""
    _, second = cities
    client = signed_in(app, "lead@otherburg.example", "Otherburg", "lead")
    before = everything()
    for rule in rules(app):
        numbered = [
            name
            for name, converter in rule._converters.items()
            if type(converter).__name__ == "IntegerConverter" and name != "city_id"
        ]
        for method, path in paths(rule, second) if numbered else ():
            answer = client.open(path, method=method)
            assert answer.status_code == 404, f"{method} {path}: {answer.status_code}"
    assert everything() == before
