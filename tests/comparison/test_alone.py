"""A round of the city group alone: its spread, and no word on differences between groups."""

from collections.abc import Mapping

import pytest
from flask import Flask
from flask.testing import FlaskClient

from surveyapp.assessments.plan import GroupPlan
from surveyapp.models import Round
from surveyapp.reports.actions import report_html
from tests.assessments.walking import seen
from tests.builders import lead
from tests.comparison.closed import closed_round, sign_in

CITY = {
    "f1": (0, 0, 2, 18, 0),  # close together, and highest
    "f2": (9, 1, 1, 9, 0),  # far apart
    "f3": (2, 5, 8, 5, 0),  # mixed
    "f4": (1, 4, 3, 0, 12),  # many do not know
    "f5": (18, 2, 0, 0, 0),  # close together, and lowest
    "f6": (0, 1, 1, 0, 0),  # too few
    "f7": (0, 3, 14, 3, 0),
}


def alone(statements: Mapping[str, tuple[int, ...]] = CITY, people: int = 20) -> Round:
    return closed_round(
        {factor: {"city": counts} for factor, counts in statements.items()},
        {"city": people},
        groups=(GroupPlan("city", "organisations", False, 20),),
    )


@pytest.fixture
def client_alone(app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, lead(alone().city))
    return client


SAYS = (
    "Only one group was asked, so this is its own view",
    "Opinions lie far apart: “A written plan”.",
    "Many say “I don’t know”:",
    "Too few ratings to say anything:",
)
NEVER = (
    "What to talk about first",
    "Where the groups agree",
    "Biggest differences",
    "Where views differ most",
    "Every group rated",
    "All factors, all groups",
    "nothing can be compared",
    "Too few voices",
    "How the city sees itself",
    "with whom",
    "Groups that differ",
    "How each group answered",
)


def test_the_overview_tells_the_spread(client_alone: FlaskClient) -> None:
    text = seen(client_alone.get("/rounds/autumn").text)
    assert "What one group says in Testville: City administration" in text
    for words in SAYS:
        assert words in text, words
    assert "Opinions lie close together: “Public backing”" in text
    assert "Strongest Public backing" in text
    assert "Weakest Getting into a course" in text
    for words in NEVER:
        assert words not in text, words


def test_factor_pages_compare_nothing(client_alone: FlaskClient) -> None:
    texts = {
        number: seen(client_alone.get(f"/rounds/autumn/factors/f{number}").text) for number in range(1, 10)
    }
    assert "Opinions inside the only group asked lie close together." in texts[1]
    assert "Opinions inside this group are far apart: City administration ." in texts[2]
    assert "Answers inside the only group asked differ, without clear camps." in texts[3]
    assert "Many here say “I don’t know”" in texts[4]
    assert "Too few gave a rating" in texts[6]
    for text in texts.values():
        for words in NEVER:
            assert words not in text, words


@pytest.mark.parametrize("edition", ["public", "internal"])
def test_the_report_of_one_group(app: Flask, edition: str) -> None:
    text = seen(report_html(alone(), "en", edition))  # type: ignore[arg-type]
    assert "How one group sees it, and where opinions inside it lie apart: City administration." in text
    assert "How far opinions lie apart" in text
    for words in NEVER:
        assert words not in text, words


def test_too_few_people_leave_nothing_to_say(app: Flask, client: FlaskClient) -> None:
    round_ = alone({"f1": (0, 1, 1, 1, 0)}, people=3)
    sign_in(client, lead(round_.city))
    text = seen(client.get("/rounds/autumn").text)
    assert "too few to show" in text
    assert "Opinions lie close together" not in text
    assert "No factor stands out." in text
    assert report_html(round_, "ar", "public")
