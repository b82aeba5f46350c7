"""Every page of signing in and of the account parses in every language, with few queries."""

import pytest
from flask import Flask
from sqlalchemy import event

from surveyapp.database import db
from surveyapp.models.audit import record
from tests.accounts.authenticator import Authenticator
from tests.accounts.conftest import LEAD, city, link, signed_in
from tests.accounts.test_codes import first_step, set_up
from tests.accounts.test_passkeys import register, stored
from tests.accounts.test_people import COLLEAGUE, added, member
from tests.builders import draft_round
from tests.test_guards import DIRECTIONS, check_page

MOST_QUERIES = 10


@pytest.mark.parametrize(("language", "dir_"), DIRECTIONS.items())
def test_pages_in_every_language(app: Flask, language: str, dir_: str) -> None:
    record(draft_round(), LEAD, "round.created", "tea & <biscuits>")
    added(COLLEAGUE, "viewer")
    nobody = app.test_client()
    for path in ("/sign-in", "/sign-in?again=1&next=/account", "/sign-in/password", link()):
        check_page(nobody, f"{path}{'&' if '?' in path else '?'}language={language}", language, dir_)
    client = signed_in(app)
    client.get(f"/account?language={language}")
    number, member_id = city().id, member(COLLEAGUE).id
    pages = ["/account", "/account/password", "/account/app", "/account/passkeys/new", "/people"]
    pages += [
        f"/cities/{number}/{rest}" for rest in ("people", "people/invite", "log", f"people/{member_id}")
    ]
    pages += [f"/cities/{number}/people/{member_id}/remove", "/sign-in?again=1&next=/account"]
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    for path in pages:
        counted.clear()
        check_page(client, path, language, dir_)
        assert len([one for one in counted if one.startswith("SELECT")]) <= MOST_QUERIES, path
    register(client, Authenticator())
    set_up(client)
    for path in ("/account", "/account/app/remove", f"/account/passkeys/{stored()[0].id}/remove"):
        check_page(client, path, language, dir_)
    check_page(first_step(app), f"/sign-in/code?language={language}", language, dir_)
