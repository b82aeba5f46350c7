"""The log of a city: readable in words, filtered, taken along as a file that no spreadsheet runs."""

import ast
import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask

from surveyapp.accounts.log_words import WORDS
from surveyapp.config import PACKAGE
from surveyapp.database import db
from surveyapp.models import AuditEntry
from surveyapp.models.audit import SYSTEM, record
from tests.accounts.conftest import LEAD, city, signed_in
from tests.accounts.test_people import COLLEAGUE, added
from tests.builders import draft_round, opened_round

KEY = re.compile(r"(people|round|mail|class|paper|batch|comment|language|privacy)\.[a-z_]+")


def keys_in(source: str) -> Iterator[str]:
    """Everything in a source that looks like a key of an action, where the source records any."""
    tree = ast.parse(source)
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    if any(getattr(called, "id", "") == "record" for called in calls):
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and KEY.fullmatch(str(node.value)):
                yield str(node.value)


def test_every_action_that_is_recorded_has_words(app: Flask) -> None:
    sources = [path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")]
    found = {key for source in sources for key in keys_in(source)} - set(app.view_functions)
    assert {"people.invited", "people.role", "people.removed", "round.opened"} <= found
    assert sorted(found - set(WORDS)) == []


def path(rest: str = "") -> str:
    return f"/cities/{city().id}/log{rest}"


def entries(number: int = 3) -> None:
    for at in range(number):
        db.session.add(
            AuditEntry(
                city_id=city().id,
                at=datetime(2026, 10, 1) + timedelta(hours=at),
                who=LEAD,
                action="people.role",
                about=f"person{at:02}@testville.example: viewer",
            )
        )
    db.session.commit()


def test_in_words_newest_first(app: Flask) -> None:
    entries()
    record(draft_round(), SYSTEM, "round.closed")
    record(city(), LEAD, "tea.made", "<b>strong</b>")
    db.session.commit()
    page = signed_in(app).get(path()).text
    assert page.index("person02@") < page.index("person01@") < page.index("person00@")
    for shown in (
        "Changed a role",
        "Closed the round",
        "Autumn 2026",
        "The service by itself",
        "1 Oct 2026, 02:00",
    ):
        assert shown in page
    assert "tea.made" in page, "a key without words is shown as it is"
    assert "&lt;b&gt;strong" in page


def test_filtered_by_round_and_by_person(app: Flask) -> None:
    entries()
    round_ = draft_round()
    record(round_, SYSTEM, "round.closed")
    record(round_, COLLEAGUE, "round.opened")
    db.session.commit()
    client = signed_in(app)

    def shown(query: str) -> list[str]:
        table = client.get(path(query)).text.partition("<tbody")[2]
        return re.findall(r'<th role="rowheader" scope="row">([^<]+)</th>', table)

    assert shown("?round=autumn") == ["Opened the round", "Closed the round"]
    assert shown("?round=autumn&who=service") == ["Closed the round"]
    assert shown(f"?who={COLLEAGUE}") == ["Opened the round"]
    assert shown(f"?who={LEAD}") == ["Changed a role"] * 3
    assert shown("?who=nobody") == []
    assert shown("?round=&who=") == ["Opened the round", "Closed the round", *["Changed a role"] * 3]
    exported = client.get(path("/log.csv?round=autumn&who=service")).text
    assert len(exported.splitlines()) == 2


def test_the_log_outlives_its_round(app: Flask) -> None:
    round_ = draft_round()
    record(round_, LEAD, "round.created")
    db.session.commit()
    db.session.delete(round_)
    db.session.commit()
    assert "autumn" in signed_in(app).get(path()).text


def test_long_logs_are_paged(app: Flask) -> None:
    entries(60)
    client = signed_in(app)
    first, second = client.get(path()).text, client.get(path("?page=2")).text
    assert "person59@" in first
    assert "person09@" not in first
    assert "person09@" in second


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_as_a_file(app: Flask, formula: str) -> None:
    record(opened_round(), LEAD, "round.opened", formula)
    record(city(), SYSTEM, "privacy.deleted", 'Grüße, "مرحبا"')
    db.session.commit()
    answer = signed_in(app).get(path("/log.csv"))
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""))
    assert head[0] == "time (UTC)"
    assert {row[5] for row in rows} >= {f"'{formula}", 'Grüße, "مرحبا"'}
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in rows for cell in row)
    assert any(row[1:5] == [LEAD, "round.opened", "Opened the round", "autumn"] for row in rows)


@pytest.mark.parametrize("role", ["viewer", "facilitator", "translator"])
def test_only_leads_of_the_city_read_it(app: Flask, role: str) -> None:
    entries()
    added(COLLEAGUE, role)
    added("boss@otherton.example", "lead", "Otherton")
    for address in (COLLEAGUE, "boss@otherton.example"):
        client = signed_in(app, address)
        assert client.get(path()).status_code == 404
        assert client.get(path("/log.csv")).status_code == 404
    others = signed_in(app, "boss@otherton.example").get(f"/cities/{city('Otherton').id}/log")
    assert others.status_code == 200
    assert "person" not in others.text
