"""The pictures of the results as a screen reader meets them, and as somebody who measures them does."""

import re
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from surveyapp.database import db
from surveyapp.models import Round, Tally
from surveyapp.reports.actions import report_html
from tests.assessments.walking import seen
from tests.builders import group, lead
from tests.comparison.closed import PEOPLE, closed_round, sign_in

PLOTS = ("stand", "self", "who")


@pytest.fixture
def round_(app: Flask, client: FlaskClient) -> Round:
    closed = closed_round()
    sign_in(client, lead(closed.city))
    return closed


def section(page: str, name: str) -> str:
    [found] = re.findall(rf'<section aria-labelledby="{name}".*?</section>', page, re.DOTALL)
    return str(found)


def overview(client: FlaskClient, round_: Round) -> dict[str, str]:
    """The sections of the plots, as a lead who has signed in sees them."""
    page = client.get(f"/rounds/{round_.key}").text
    return {name: section(page, name) for name in PLOTS}


def table(html: str) -> ElementTree.Element:
    """Fails where the markup is not well-formed."""
    [found] = re.findall(r"<table.*?</table>", html, re.DOTALL)
    return ElementTree.fromstring(found)


def rows(html: str) -> list[str]:
    texts = [" ".join(row.itertext()).replace("\u2060", "") for row in table(html).findall("tbody/tr")]
    return [" ".join(text.split()) for text in texts]


def test_where_the_groups_stand_is_told_whole_in_words(client: FlaskClient, round_: Round) -> None:
    told = rows(overview(client, round_)["stand"])
    assert len(told) == 9
    first = told[0]
    for words in (
        "A written plan",
        "City administration: Fully · Course providers: Partly · Migrant organisations: Partly",
        "About one and a half steps",
        "differs clearly",
    ):
        assert words in first
    assert "early sign" in told[2]
    assert told[-1].endswith("Similar answers so far")


def test_the_city_against_the_others(client: FlaskClient, round_: Round) -> None:
    told = rows(overview(client, round_)["self"])
    assert [row.split("More positive ", 1)[1] for row in told][:3] == [
        "More positive",
        "Possibly more positive",
        "Shared strength",
    ]


def test_without_a_city_view_there_is_no_plot_of_it(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round(self_group=None)
    sign_in(client, lead(round_.city))
    page = client.get("/rounds/autumn").text
    assert 'aria-labelledby="self"' not in page
    assert 'aria-labelledby="stand"' in page


def test_who_answered_beside_who_was_asked(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round(people=PEOPLE | {"migrant_orgs": 6, "employers": 2})
    sign_in(client, lead(round_.city))
    group(round_, "learners").expected = None
    db.session.commit()
    who = overview(client, round_)["who"]
    told = rows(who)
    assert "5–9 9 hoped for Invited 10–19" in told[0]
    assert "10 hoped for: not reached" in told[2]
    assert "too few to show 10 hoped for: not reached" in told[3]
    assert "hoped for" not in told[4]
    assert 'class="bar track untold"' in who


@pytest.mark.parametrize("name", PLOTS)
def test_every_plot_is_a_table_with_a_caption_and_headings(
    client: FlaskClient, round_: Round, name: str
) -> None:
    plot = table(overview(client, round_)[name])
    assert "".join(plot.find("caption").itertext())  # type: ignore[union-attr]
    columns = plot.findall("thead/tr/th")
    assert {head.get("scope") for head in columns} == {"col"}
    for row in plot.findall("tbody/tr"):
        assert [cell.tag for cell in row] == ["th"] + ["td"] * (len(columns) - 1)
        assert row[0].get("scope") == "row"
    assert plot.find(".//svg") is None


def test_hidden_counts_change_no_letter_of_any_plot(client: FlaskClient, round_: Round) -> None:
    """Two tables that publish the same: the four employers of one factor answer otherwise."""
    before, report = overview(client, round_), report_html(round_, "en", "public")
    cells = {
        cell.category: cell
        for cell in db.session.scalars(
            select(Tally).where(Tally.group_id == group(round_, "employers").id, Tally.question == "f8")
        )
    }
    assert {category: cell.n for category, cell in cells.items()} == {"1": 2, "2": 1, "dk": 1}
    cells["1"].n, cells["2"].n = 1, 2
    db.session.commit()
    assert overview(client, round_) == before
    assert report_html(round_, "en", "public") == report


def test_a_round_of_one_group_shows_who_answered_and_compares_nothing(
    client: FlaskClient, round_: Round
) -> None:
    for key in ("city", "providers", "migrant_orgs", "employers"):
        round_.groups.remove(group(round_, key))
    round_.self_group = None
    db.session.commit()
    page = client.get("/rounds/autumn").text
    assert 'aria-labelledby="stand"' not in page
    assert rows(section(page, "who"))[0].startswith("Learners")


def test_the_report_draws_the_same_dots_and_bars(client: FlaskClient, round_: Round) -> None:
    page, report = overview(client, round_), report_html(round_, "en", "public")
    for name, kind in (("stand", "plot"), ("who", "turnout")):
        told, *_ = re.findall(rf'<table class="[^"]*\b{kind}\b.*?</table>', report, re.DOTALL)
        assert seen(told) == seen(page[name][page[name].index("<table") :].split("</table>")[0])
        assert re.findall(r"\bw\d+\b", told) == re.findall(r"\bw\d+\b", page[name])
