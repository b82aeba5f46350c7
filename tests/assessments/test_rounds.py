"""A round moves one way: set up, opened (which freezes what it asks), closed (which unties who from what)."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from surveyapp.assessments.actions import CannotMove, add_round, close_round, open_round
from surveyapp.assessments.plan import read_plan
from surveyapp.database import db
from surveyapp.models import Assessment, City, Draft, DraftAnswer, Invitation, Response, Round
from surveyapp.models.content import content
from surveyapp.models.counts import tallied
from tests.assessments.reading import write_round
from tests.builders import draft_round, link, opened_round


def test_the_rounds_of_a_city_form_one_assessment(each_app: Flask) -> None:
    one, two = draft_round(), draft_round(key="winter", title="Winter")
    draft_round(key="elsewhere", city="Otherton")
    assert one.assessment == two.assessment
    assert db.session.scalar(select(func.count()).select_from(Assessment)) == 2
    assert sorted(db.session.scalars(select(City.name))) == ["Otherton", "Testville"]
    with pytest.raises(CannotMove, match="already a round winter"):
        draft_round(key="winter")


def test_opening_freezes_what_is_asked(each_app: Flask, tmp_path: Path) -> None:
    round_ = add_round(read_plan(write_round(tmp_path), ("en",)))
    factor = tmp_path / "reading-1" / "factors" / "f1.toml"
    factor.write_text(factor.read_text().replace("Statement f1.", "Before."))
    open_round(round_)
    db.session.commit()
    asked = round_.content_hash
    factor.write_text(factor.read_text().replace("Before.", "After."))
    assert content(round_).text("f1.statement", "en") == "Before."

    page = client_page(each_app, link(round_))
    assert "Before." in page
    assert "After." not in page
    assert round_.content_hash == asked


def client_page(app: Flask, path: str) -> str:
    client = app.test_client()
    client.post(path)
    return client.get("/answer/f1").text


def test_a_round_asks_only_its_factors_and_groups(each_app: Flask) -> None:
    round_ = opened_round(factors=("f2", "f5"), languages=("de",))
    frozen = content(round_)
    assert [factor.key for factor in frozen.benchmark.factors] == ["f2", "f5"]
    assert set(frozen.wording) == {"de", "en"}, "what was asked, and the source to fall back on"
    assert frozen.text("f5.title", "de") != frozen.text("f5.title", "en")
    assert {key.split("-")[0] for key in frozen.questionnaire("city")} == {"f2", "f5"}


def test_a_round_moves_one_way(app: Flask) -> None:
    round_ = draft_round()
    with pytest.raises(CannotMove, match="only an open round can be closed"):
        close_round(round_)
    open_round(round_)
    with pytest.raises(CannotMove, match="only a draft can be opened"):
        open_round(round_)
    close_round(round_)
    for move in (open_round, close_round):
        with pytest.raises(CannotMove, match="is closed"):
            move(round_)


def test_closing_keeps_what_was_sent_and_drops_what_was_not(each_app: Flask) -> None:
    round_ = opened_round()
    sent, unsent = each_app.test_client(), each_app.test_client()
    for client, choice in ((sent, "3"), (unsent, "0")):
        client.post(link(round_))
        client.post("/answer/f7", data={"f7": choice})
    sent.post("/answer/send")
    db.session.rollback()
    before, keys = tallied(round_.id), set(db.session.scalars(select(Response.id)))

    close_round(round_)
    db.session.commit()
    assert round_.unsent_drafts == 1
    for table in (Draft, DraftAnswer):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    assert tallied(round_.id) == before
    after = set(db.session.scalars(select(Response.id)))
    assert len(after) == len(keys) == 1
    assert after.isdisjoint(keys), "with new keys"
    assert sorted(db.session.scalars(select(Invitation.status))) == ["answered", "started"]


def test_closing_one_round_leaves_the_others(app: Flask, client: FlaskClient) -> None:
    first, second = opened_round(), opened_round(key="second")
    path = link(second)
    client.post(path)
    client.post("/answer/f7", data={"f7": "1"})
    close_round(first)
    db.session.commit()
    assert client.post("/answer/send").location == "/answer/thanks"
    assert db.session.get(Round, second.id).state == "open"
    assert len(tallied(second.id)) == 1
