"""Setting up a round in the browser, by addresses and by what a lead sees."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from surveyapp.assessments.actions import open_round
from surveyapp.charts.words import Words
from surveyapp.database import db
from surveyapp.models import AuditEntry, City, Membership, Round
from surveyapp.models.drafting import planned_content
from tests.assessments.walking import filled, save, seen
from tests.builders import draft_round, group, lead, link
from tests.comparison.closed import sign_in
from tests.comparison.test_pages import counted
from tests.test_guards import parsed

STEPS = ("name", "factors", "groups", "languages", "texts", "questions")
KNOWN = {"known-de": "y", "known-ar": "y"}


@pytest.fixture
def city(app: Flask) -> City:
    city = City(name="Testville")
    db.session.add(city)
    db.session.commit()
    return city


@pytest.fixture
def browser(client: FlaskClient, city: City) -> FlaskClient:
    sign_in(client, lead(city))
    return client


def begin(browser: FlaskClient, title: str = "Spring 2027", **more: str) -> Round:
    data = filled(browser.get("/rounds/new").text) | {"title": title} | more
    answer = browser.post("/rounds/new", data=data)
    assert answer.status_code == 303, seen(answer.text)
    return stored(answer.location.split("/")[2])


def stored(key: str) -> Round:
    db.session.rollback()
    db.session.expire_all()
    return db.session.execute(select(Round).where(Round.key == key)).scalar_one()


def actions() -> list[tuple[str, str]]:
    db.session.rollback()
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))
    return [(entry.action, entry.about) for entry in entries]


def test_from_nothing_to_all_steps_done(browser: FlaskClient) -> None:
    """Pressing "Save and go on" all the way is enough, but for the languages whose translation is a draft."""
    round_ = begin(browser)
    assert round_.key == "testville-spring-2027"
    assert (round_.state, len(round_.factors), len(round_.groups)) == ("draft", 9, 5)
    assert [group.expected for group in round_.groups] == [5, 10, 10, 10, 60]
    where = browser.get(f"/rounds/{round_.key}/setup").location
    for step in STEPS:
        assert where == f"/rounds/{round_.key}/setup/{step}"
        answer = save(browser, where, **(KNOWN if step == "languages" else {}))
        assert answer.status_code == 303, seen(answer.text)
        where = answer.location
    assert where == f"/rounds/{round_.key}/check"
    round_ = stored(round_.key)
    assert round_.setup_done == list(STEPS)
    assert round_.draft_languages == ["de", "ar"]
    assert actions() == [("round.created", ""), *(("round.changed", step) for step in STEPS)]
    open_round(round_)  # nothing of it keeps the round from opening


def test_leaving_and_coming_back(browser: FlaskClient) -> None:
    round_ = begin(browser)
    at = f"/rounds/{round_.key}/setup"
    answer = save(browser, f"{at}/name", do="leave", guiding_1="Who is left out?")
    assert answer.location == "/rounds"
    assert "You can go on with setting up at any time" in browser.get("/rounds").text
    assert browser.get(at).location == f"{at}/factors"
    assert 'value="Who is left out?"' in browser.get(f"{at}/name").text
    assert stored(round_.key).guiding_questions == ["Who is left out?"]


def test_the_list_of_steps_says_what_was_decided(browser: FlaskClient) -> None:
    round_ = begin(browser)
    save(browser, f"/rounds/{round_.key}/setup/name", closes_on="2099-12-18")
    save(browser, f"/rounds/{round_.key}/setup/factors", scope="some", factors=["f5", "f2"])
    page = seen(browser.get(f"/rounds/{round_.key}/setup/groups").text)
    assert "Name and dates until 18 December 2099" in page
    assert "Factors 2 factors" in page
    assert "Step 3 of 7" in page
    assert stored(round_.key).factors == ["f2", "f5"]


@pytest.mark.parametrize(
    ("step", "typed", "complaint"),
    [
        ("name", {"title": " "}, "This is needed."),
        ("name", {"closes_on": "2020-01-01"}, "This day has to be in the future."),
        ("name", {"closes_on": "soon"}, "This is not a date."),
        ("factors", {"scope": "some", "factors": []}, "Choose at least one factor."),
        ("groups", {"threshold": "2"}, "A number from 3 to 100 is needed."),
        ("groups", {"employers-expected": "a few"}, "A whole number is needed"),
        ("groups", {"employers-expected": ""}, "A rough number is enough."),
        ("groups", {"city-asked": None}, "You do not ask this group."),
        ("groups", {"do": "add"}, "A group of your own needs a name."),
        ("groups", {"new-name-en": "Libraries"}, "Choose the group whose questions it gets."),
        ("languages", {}, "Say that you know this, or leave the language out."),
        ("languages", {f"offer-{code}": None for code in ("en", "de", "ar")}, "Choose at least one language."),
        ("texts", {"contact-de": "x" * 301}, "At most 300 letters."),
        ("questions", {"own-1-text-en": "Good books?"}, "Choose the factor that the question belongs to."),
        ("questions", {"own-1-text-en": "Good books?", "own-1-factor": "f5"}, "Choose at least one group to ask."),
    ],
)  # fmt: skip
def test_what_is_wrong_stands_at_the_field_and_on_top(
    browser: FlaskClient, step: str, typed: dict[str, str | None], complaint: str
) -> None:
    round_ = begin(browser)
    answer = save(browser, f"/rounds/{round_.key}/setup/{step}", **typed)
    assert answer.status_code == 422
    assert "another look" in answer.text
    assert answer.text.count(complaint) >= 2, "on top and at the field"
    for href in re.findall(r'<li><a href="#([^"]+)">', answer.text):
        assert f'id="{href}"' in answer.text
    parsed(answer.text)
    assert stored(round_.key).setup_done == []
    assert actions() == [("round.created", "")]


def test_nothing_typed_is_lost_on_an_error(browser: FlaskClient) -> None:
    round_ = begin(browser)
    wrong = {"threshold": "1", "city-name-de": "Rathaus", "learners-expected": "75", "employers-asked": None}
    page = save(browser, f"/rounds/{round_.key}/setup/groups", **wrong).text
    assert filled(page) | {"do": "on"} == filled(page) | {
        "do": "on",
        "threshold": "1",
        "city-name-de": "Rathaus",
    }
    assert filled(page)["learners-expected"] == "75"
    assert "employers-asked" not in filled(page)


def test_a_copy_takes_over_what_was_set_up(browser: FlaskClient, city: City) -> None:
    earlier = draft_round(factors=("f2", "f5"), threshold=6)
    group(earlier, "employers").name = {"en": "Firms"}
    earlier.own_questions = [{"key": "own-1", "factor": "f5", "groups": ["city"], "texts": {"en": "Books?"}}]
    earlier.guiding_questions = ["Who is left out?"]
    open_round(earlier)
    db.session.commit()
    link(earlier)
    round_ = begin(browser, earlier="autumn", title="Autumn 2026")
    assert round_.key == "testville-autumn-2026"
    assert round_.assessment_id == stored("autumn").assessment_id
    assert (round_.state, round_.factors, round_.threshold) == ("draft", ["f2", "f5"], 6)
    assert [group.key for group in round_.groups] == [group.key for group in stored("autumn").groups]
    assert group(round_, "employers").name == {"en": "Firms"}
    assert group(round_, "employers").short
    assert round_.texts == {"contact": {"en": "Ask us at 0100 555 010"}, "next_steps": {}}
    assert round_.own_questions[0]["texts"] == {"en": "Books?"}
    assert round_.guiding_questions == ["Who is left out?"]
    assert db.session.execute(db.text("SELECT count(*) FROM batches")).scalar_one() == 1, (
        "the earlier round's"
    )
    assert actions()[-1] == ("round.copied", "autumn")
    assert browser.get(f"/rounds/{round_.key}/setup").location.endswith("/setup/name")
    assert begin(browser, earlier="autumn", title="Autumn 2026").key == "testville-autumn-2026-2"


def test_a_lead_of_several_cities_says_which(browser: FlaskClient, city: City) -> None:
    member = db.session.execute(select(Membership)).scalar_one()
    other = City(name="Otherton")
    db.session.add_all([other, Membership(user_id=member.user_id, city=other, role="lead")])
    db.session.commit()
    draft_round()
    assert begin(browser, city=str(other.id)).city.name == "Otherton"
    data = {"title": "Mixed", "city": str(other.id), "earlier": "autumn", "pack": "language-courses-1"}
    answer = browser.post("/rounds/new", data=data)
    assert answer.status_code == 422
    assert answer.text.count("This round belongs to another city.") == 2


def test_only_a_lead_starts_a_round_and_only_in_their_city(client: FlaskClient, city: City) -> None:
    assert client.get("/rounds/new").location.startswith("/sign-in")
    sign_in(client, lead(city, role="viewer"))
    assert client.get("/rounds/new").status_code == 403
    assert client.post("/rounds/new", data={"title": "Mine"}).status_code == 403
    other = City(name="Otherton")
    db.session.add(other)
    db.session.commit()
    fresh = client.application.test_client()
    sign_in(fresh, lead(city, "second@example.org"))
    data = {"title": "Theirs", "city": str(other.id), "earlier": "", "pack": "language-courses-1"}
    assert fresh.post("/rounds/new", data=data).status_code == 422
    assert db.session.scalars(select(Round)).all() == []


def test_another_citys_round_does_not_exist(browser: FlaskClient) -> None:
    draft_round(city="Otherton")
    for path in ("/rounds/autumn/setup", *(f"/rounds/autumn/setup/{step}" for step in STEPS)):
        assert browser.get(path).status_code == 404
    assert browser.post("/rounds/autumn/setup/name", data={"title": "Mine"}).status_code == 404
    data = filled(browser.get("/rounds/new").text) | {"title": "Copied", "earlier": "autumn"}
    assert browser.post("/rounds/new", data=data).status_code == 422


def test_a_step_that_does_not_exist(browser: FlaskClient) -> None:
    round_ = begin(browser)
    assert browser.get(f"/rounds/{round_.key}/setup/nothing").status_code == 404
    assert browser.post(f"/rounds/{round_.key}/setup/nothing").status_code == 404


def test_an_open_round_is_not_changed_here(browser: FlaskClient) -> None:
    round_ = begin(browser)
    data = filled(browser.get(f"/rounds/{round_.key}/setup/name").text)
    open_round(stored(round_.key))
    db.session.commit()
    for step in STEPS:
        assert browser.get(f"/rounds/{round_.key}/setup/{step}").status_code == 409
    answer = browser.post(f"/rounds/{round_.key}/setup/name", data=data | {"title": "Other"})
    assert answer.status_code == 409
    assert "This round is set up already" in answer.text
    assert stored(round_.key).title == "Spring 2027"


@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_page_parses_and_asks_the_database_little(browser: FlaskClient, language: str) -> None:
    round_ = begin(browser)
    paths = [f"/rounds/{round_.key}/setup/{step}" for step in STEPS]
    for path in ("/rounds/new", *paths):
        with counted() as statements:
            answer = browser.get(f"{path}?language={language}")
        assert len(statements) <= 12, (path, len(statements))
        assert answer.status_code == 200
        root = parsed(answer.text)
        assert root.get("lang") == language
        assert answer.text.count("<h1") == 1
        assert "style=" not in answer.text
    for path in paths:
        data = filled(browser.get(path).text) | KNOWN
        with counted() as statements:
            assert browser.post(path, data=data | {"do": "on"}).status_code == 303
        assert len(statements) <= 16, (path, len(statements))


def test_the_last_day_may_wait(browser: FlaskClient) -> None:
    round_ = begin(browser)
    assert save(browser, f"/rounds/{round_.key}/setup/name", closes_on="").status_code == 303
    assert stored(round_.key).closes_on is None
    assert "no last day yet" in browser.get(f"/rounds/{round_.key}/setup/factors").text
    save(browser, f"/rounds/{round_.key}/setup/name", closes_on="2099-12-18")
    assert stored(round_.key).closes_on == date(2099, 12, 18)


def test_a_renamed_group_is_called_so_everywhere(browser: FlaskClient) -> None:
    round_ = begin(browser)
    save(
        browser,
        f"/rounds/{round_.key}/setup/groups",
        **{"city-name-en": "Town hall", "city-name-de": "Rathaus"},
    )
    round_ = stored(round_.key)
    planned = planned_content(round_)
    assert Words(planned, "en").group("city") == "Town hall"
    assert Words(planned, "de").group("city") == "Rathaus"
    assert "Town hall" in browser.get(f"/rounds/{round_.key}/setup/questions").text
