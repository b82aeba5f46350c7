"""What a person released reaches page and report; what nobody released, or a pool too small, reaches neither."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from surveyapp.database import db
from surveyapp.models import Moderation, Round
from surveyapp.models.comments import SMALLER, Released, comment_pools, released_comments
from surveyapp.models.content import content
from surveyapp.models.figures import figures_csv
from surveyapp.models.perspectives import round_perspectives
from surveyapp.reports import document
from surveyapp.reports.actions import report_html
from tests.assessments.walking import seen
from tests.builders import lead
from tests.comparison.closed import PEOPLE, closed_round, sign_in
from tests.moderation.said import batch_of, say


def released(round_: Round) -> dict[str, tuple[Released, ...]]:
    return released_comments(round_, content(round_))


def everything(client: FlaskClient, round_: Round) -> str:
    """All that a reader can get of the round: every page, both editions of the report, and the export."""
    paths = [
        "",
        "/figures.csv",
        "/figures/figures.json",
        "/figures/codebook.csv",
        "/figures/dataset.jsonld",
        *(f"/factors/f{number}" for number in range(1, 10)),
    ]
    pages = [client.get(f"/rounds/{round_.key}{path}").text for path in paths]
    return " ".join([*pages, *(report_html(round_, "en", edition) for edition in ("public", "internal"))])  # type: ignore[arg-type]


def test_only_released_comments_are_read(each_app: Flask) -> None:
    round_ = closed_round()
    say(round_, "learners", {"f5": "waiting"})
    say(round_, "learners", {"f5": "good"}, state="kept")
    say(round_, "learners", {"f5": "bad"}, state="hidden")
    short = say(round_, "learners", {"f5": "long and secret"}, state="shortened")["f5"]
    short.shown, short.translation, short.translation_language = "long […]", "lang […]", "de"
    db.session.commit()
    assert set(released(round_)["f5"]) == {
        Released("learners", "good", False, None, None),
        Released("learners", "long […]", True, "lang […]", "de"),
    }


def test_comments_stand_in_the_order_of_their_random_keys(each_app: Flask) -> None:
    round_ = closed_round()
    made = [say(round_, "learners", {"f5": f"learner {n}"}, state="kept")["f5"] for n in range(12)]
    by_key = [f"learner {made.index(one)}" for one in sorted(made, key=lambda one: one.key)]
    assert [comment.text for comment in released(round_)["f5"]] == by_key


def test_small_groups_stand_together_without_a_name(each_app: Flask) -> None:
    round_ = closed_round()
    for key in PEOPLE:
        say(round_, key, {"f5": f"from {key}"}, state="kept")
    assert {comment.text: comment.group for comment in released(round_)["f5"]} == {
        "from city": SMALLER,
        "from providers": "providers",
        "from migrant_orgs": SMALLER,
        "from employers": SMALLER,
        "from learners": "learners",
    }


@pytest.mark.parametrize(("employers", "shown"), [(1, False), (4, False), (5, True)])
def test_a_pool_under_ten_is_shown_nowhere(
    app: Flask, client: FlaskClient, employers: int, shown: bool
) -> None:
    """Four hidden employers would make it ten, and whoever knows that the city are six could count them."""
    round_ = closed_round(people={"city": 6, "employers": employers, "learners": 300})
    say(round_, "city", {"f5": "SECRET of the town hall", "x-best": "SECRET at the end"}, state="kept")
    short = say(round_, "employers", {"f5": "more"}, state="shortened")["f5"]
    short.shown, short.translation, short.translation_language = "SECRET […]", "SECRET word", "en"
    db.session.commit()
    sign_in(client, lead(round_.city))
    told = everything(client, round_)
    assert ("SECRET" in told) == shown
    assert ("Smaller groups" in told) == shown
    assert ("SECRET" in str(round_perspectives(round_).comments)) == shown


def test_the_pool_is_made_of_groups_that_were_asked(app: Flask) -> None:
    """Employers never see factor 7, so city and migrant organisations do not hide among them there."""
    round_ = closed_round(people={"city": 5, "migrant_orgs": 4, "employers": 9, "learners": 300})
    pools = comment_pools(round_, content(round_))
    assert "employers" not in pools.asked["f7"]
    assert pools.name("f7", "city") is None
    assert pools.name("f5", "city") == SMALLER
    assert pools.name("f5", "migrant_orgs") == SMALLER
    assert pools.name("x-best", "city") == SMALLER
    assert pools.name("f7", "learners") == "learners"


def test_left_out_answers_take_their_comments_with_them(each_app: Flask) -> None:
    round_ = closed_round()
    say(round_, "learners", {"f5": "spam"}, state="kept")
    batch_of(round_, "learners").left_out = "Posted in public"
    db.session.commit()
    assert released(round_) == {}


def test_a_factor_page_shows_released_comments(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round()
    said = say(round_, "learners", {"f5": "المزيد من الأماكن"}, state="kept")["f5"]
    said.translation, said.translation_language = "More places.", "en"
    db.session.commit()
    sign_in(client, lead(round_.city))
    page = client.get("/rounds/autumn/factors/f5")
    assert '<blockquote dir="rtl">المزيد من الأماكن</blockquote>' in page.text
    assert '<blockquote lang="en" dir="ltr">More places.</blockquote>' in page.text
    assert "Learners Translation by the city: English" in seen(page.text)
    assert "In people’s own words" not in client.get("/rounds/autumn/factors/f6").text
    assert said.key not in page.text
    assert said.response_id not in page.text


def test_answers_to_open_questions_have_a_section_of_their_own(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round()
    say(round_, "learners", {"x-change": "Childcare."}, state="kept")
    sign_in(client, lead(round_.city))
    text = seen(client.get("/rounds/autumn").text)
    assert "What is the one thing the city should change first? Childcare. Learners" in text
    assert "What works best?" not in text
    html = seen(report_html(round_, "en", "public"))
    assert "What people wrote at the end" in html
    assert "Childcare. Learners" in html


def test_the_report_prints_them_and_its_snapshot_follows(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    round_ = closed_round()
    before = round_perspectives(round_).snapshot
    say(round_, "learners", {"f5": "not yet"})
    assert round_perspectives(round_).snapshot == before
    for number in range(4):
        say(round_, "learners", {"f5": f"<b>learner {number}</b>"}, state="kept")
    assert round_perspectives(round_).snapshot != before
    html = report_html(round_, "en", "public")
    chapter = html[html.index('id="f5"') : html.index('id="f6"')]
    assert chapter.count("&lt;b&gt;learner") == 4
    assert "read and released by a person" in chapter
    monkeypatch.setattr(document, "MOST_COMMENTS", 3)
    assert "1 more comment was released and does not stand here." in report_html(round_, "en", "public")


def test_no_result_leads_to_a_person(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round()
    rows = [*say(round_, "learners", {"f5": "one", "f6": "two", "x-best": "three"}, state="kept").values()]
    sign_in(client, lead(round_.city))
    told = everything(client, round_)
    for row in rows:
        assert row.key not in told
        assert row.response_id not in told
    assert "one" not in figures_csv(round_perspectives(round_)).split(",")
    assert not re.search(r"\b[0-9a-f]{32}\b", re.sub(r"<head>.*?</head>", "", told, flags=re.DOTALL))
    assert db.session.get(Moderation, rows[0].key) is not None


def test_the_lead_is_told_how_many_comments_wait(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round()
    say(round_, "learners", {"f5": "one", "f6": "two"})
    say(round_, "learners", {"f5": "done"}, state="hidden")
    sign_in(client, lead(round_.city))
    assert "2 comments wait for you" in seen(client.get("/rounds/autumn").text)
    viewer = app.test_client()
    sign_in(viewer, lead(round_.city, "viewer@example.org", "viewer"))
    assert "wait for you" not in viewer.get("/rounds/autumn").text
