"""The pages of the city lead, by their addresses and by what a person sees."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from surveyapp.database import db
from surveyapp.models import City, Round
from surveyapp.models.content import content
from tests.assessments.walking import seen
from tests.builders import draft_round, lead, link, opened_round
from tests.comparison.closed import closed_round, sign_in

MOST_QUERIES = 12
RESULTS = ("/rounds/autumn/factors/f5", "/rounds/autumn/figures.csv")


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)
    statements[:] = [statement for statement in statements if not statement.startswith("BEGIN")]


@pytest.fixture
def closed(app: Flask, client: FlaskClient) -> FlaskClient:
    """A lead before a closed round."""
    sign_in(client, lead(closed_round().city))
    return client


def test_the_overview_says_what_to_talk_about_first_and_why(closed: FlaskClient) -> None:
    page = closed.get("/rounds/autumn")
    text = seen(page.text)
    order = re.findall(r'<h3><a href="/rounds/autumn/factors/(f\d)"', page.text)
    assert order == ["f2", "f5", "f6", "f4", "f8"]
    assert "City administration rated this about one and a half steps higher than Course providers ." in text
    assert "Opinions inside this group are far apart: Learners ." in text
    assert "Course providers may see this about one step higher than Employers ." in text
    assert "Broad agreement: “Finding your way in the city”." in text
    assert "City administration sees this more positively than the other groups: “A written plan”." in text


def test_the_questions_of_the_city_stand_in_front(closed: FlaskClient) -> None:
    assert "wants to find out" not in closed.get("/rounds/autumn").text
    db.session.scalars(select(Round)).one().guiding_questions = ["Who is <b>left outside?"]
    db.session.commit()
    page = closed.get("/rounds/autumn").text
    assert "What the city wants to find out Who is <b>left outside?" in seen(page)
    assert "<b>left" not in page


def test_the_matrix_is_a_table_with_words_before_numbers(closed: FlaskClient) -> None:
    page = closed.get("/rounds/autumn").text
    body = page[page.index('<table class="matrix') :].split("</table>")[0]
    assert body.count('scope="row"') == 9
    assert body[: body.index("</thead>")].count('scope="col"') == 6
    text = seen(body)
    for words in (
        "sees only traces",
        "too few answers",
        "Most don’t know",
        "partial view",
        "(differs clearly)",
        "28% of 300",
    ):
        assert words in text
    assert "5 answered" not in text


def test_people_in_small_groups_are_never_counted_out(closed: FlaskClient) -> None:
    text = seen(closed.get("/rounds/autumn").text)
    assert "City administration 5–9" in text.replace("\u2060", "")
    assert not re.search(r"\b(8|15|6) answered", text)


def test_a_factor_is_told_whole(closed: FlaskClient) -> None:
    page = closed.get("/rounds/autumn/factors/f5")
    text = seen(page.text)
    for words in (
        "“Newcomers hear about courses early, can start soon, and are not stopped by money, travel or childcare.”",
        "Learners read: “It is easy to start a course here.”",
        "City administration rated this about one step higher than Learners .",
        "What does each of these groups see that the other does not",
        "Was it easy to find information about courses?",
        "More than 6 months: 7%",
        "Stockholm.",
        "Back: Knowing what people need",
        "Next: Courses that fit people",
    ):
        assert words in text
    assert page.text.count('class="bar"') == 5


def test_what_nobody_was_asked_is_named(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round()
    sign_in(client, lead(round_.city))
    pages = [client.get(f"/rounds/autumn/factors/f{number}").text for number in range(1, 10)]
    uncovered = [number for number, page in enumerate(pages, 1) if "What nobody was asked" in page]
    benchmark, everyone = content(round_).benchmark, tuple(group.key for group in round_.groups)
    expected = [
        number
        for number in range(1, 10)
        if set(benchmark.uncovered(f"f{number}", everyone[:3] + everyone[4:]))
        & set(benchmark.uncovered(f"f{number}", ("employers",), short=True))
    ]
    assert uncovered == expected


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("path", ["/rounds", "/rounds/autumn", "/rounds/autumn/factors/f6"])
def test_every_page_speaks_every_language_without_inline_style(
    closed: FlaskClient, path: str, language: str
) -> None:
    page = closed.get(f"{path}?language={language}")
    assert page.status_code == 200
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page.text
    assert " style=" not in page.text
    assert "<script" not in page.text
    widths = re.findall(r"\bw(\d+)\b", page.text)
    assert all(0 < int(width) <= 100 for width in widths)


@pytest.mark.parametrize("path", ["/rounds", "/rounds/autumn", *RESULTS])
def test_a_page_takes_few_queries(closed: FlaskClient, path: str) -> None:
    closed.get("/rounds/autumn")  # the frozen content is read once per process
    with counted() as statements:
        assert closed.get(path).status_code == 200
    assert len(statements) <= MOST_QUERIES, "\n".join(statements)


def test_an_open_round_shows_who_answered_and_no_result(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    path = link(round_, "city")
    app.test_client().post(path)
    sign_in(client, lead(round_.city))
    with counted() as statements:
        page = client.get("/rounds/autumn")
    assert len(statements) <= MOST_QUERIES
    text = seen(page.text)
    assert "City administration Invited 1 Started, not sent 1 Answered 0 9 hoped for" in text
    assert "until then nobody sees what anyone said" in text
    for result in RESULTS:
        assert client.get(result).status_code == 404
    assert (
        client.post("/rounds/autumn/reports", data={"report_language": "en", "edition": "public"}).status_code
        == 404
    )


def test_a_draft_says_that_nobody_can_answer_yet(app: Flask, client: FlaskClient) -> None:
    sign_in(client, lead(draft_round().city))
    assert "has not been opened yet" in client.get("/rounds/autumn").text
    assert client.get(RESULTS[0]).status_code == 404


def test_the_list_holds_the_rounds_of_ones_own_cities(app: Flask, client: FlaskClient) -> None:
    sign_in(client, lead(closed_round().city))
    draft_round(key="elsewhere", city="Otherville", title="Not mine")
    text = seen(client.get("/rounds").text)
    assert (
        "Autumn 2026 City Testville What matters next Closed on 30 October 2026. The results are open."
        in text
    )
    assert "Not mine" not in text


@pytest.mark.parametrize(
    "path", ["/rounds/autumn", *RESULTS, "/rounds/autumn/reports/1", "/rounds/autumn/reports/1/download"]
)
def test_a_lead_of_another_city_finds_nothing(app: Flask, client: FlaskClient, path: str) -> None:
    closed_round()
    other = City(name="Otherville")
    db.session.add(other)
    sign_in(client, lead(other))
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/rounds", "/rounds/autumn", *RESULTS])
def test_strangers_are_asked_to_sign_in(app: Flask, client: FlaskClient, path: str) -> None:
    closed_round()
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in")


def test_an_unknown_factor_is_no_page(closed: FlaskClient) -> None:
    assert closed.get("/rounds/autumn/factors/f99").status_code == 404


def test_the_figures_come_as_a_file(closed: FlaskClient) -> None:
    answer = closed.get("/rounds/autumn/figures.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="autumn-figures.csv"'
    assert answer.data.startswith(b"about,factor,")
