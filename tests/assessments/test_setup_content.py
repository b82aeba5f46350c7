"""What the steps of setting up do to what a round asks: groups, own questions, languages and texts."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from surveyapp.assessments.outlook import outlooks
from surveyapp.charts.words import Words
from surveyapp.database import db
from surveyapp.models import Invitation, Round
from surveyapp.models.drafting import planned_content
from tests.assessments.test_setup import stored
from tests.assessments.walking import filled, save, seen
from tests.builders import draft_round, group, lead, link
from tests.comparison.closed import sign_in

AT = "/rounds/autumn/setup"
OTHERS = ("providers", "migrant_orgs", "employers", "learners")


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, lead(draft_round().city))
    return client


def changed() -> Round:
    return stored("autumn")


def test_the_city_group_alone_is_a_round(browser: FlaskClient) -> None:
    answer = save(browser, f"{AT}/groups", do="stay", **{f"{key}-asked": None for key in OTHERS})
    assert answer.status_code == 303, seen(answer.text)
    assert [group.key for group in changed().groups] == ["city"]
    page = seen(browser.get(f"{AT}/groups").text)
    assert "how far the people of this group agree with each other" in page
    assert "times in 10" not in page, "nothing to hold it against"
    assert set(planned_content(changed()).questionnaire("city")) >= {"f1", "f9"}


def test_a_dropped_group_comes_back(browser: FlaskClient) -> None:
    save(browser, f"{AT}/groups", **{"employers-asked": None})
    assert [group.key for group in changed().groups] == ["city", "providers", "migrant_orgs", "learners"]
    save(browser, f"{AT}/groups", **{"employers-asked": "y", "employers-length": "short"})
    assert [group.key for group in changed().groups] == ["city", *OTHERS]
    assert group(changed(), "employers").short


def test_a_group_whose_people_are_invited_is_not_dropped(browser: FlaskClient) -> None:
    link(changed(), "employers")
    answer = save(browser, f"{AT}/groups", **{"employers-asked": None})
    assert answer.status_code == 422
    assert answer.text.count("People of this group are invited already.") == 2
    assert len(changed().groups) == 5
    db.session.scalars(select(Invitation)).one().status = "revoked"
    db.session.commit()
    save(browser, f"{AT}/groups", **{"employers-asked": None})
    assert len(changed().groups) == 4, "once they are taken off the list"


def test_a_group_and_a_question_of_the_citys_own(browser: FlaskClient) -> None:
    new = {"new-name-en": "Libraries", "new-name-de": "Büchereien", "new-based_on": "providers"}
    answer = save(browser, f"{AT}/groups", do="add", **new)
    assert answer.location == f"{AT}/groups"
    own = group(changed(), "own-1")
    assert (own.based_on, own.kind, own.expected) == ("providers", "organisations", 10)
    page = browser.get(f"{AT}/groups").text
    assert 'value="Büchereien"' in page
    save(browser, f"{AT}/groups", **{"own-1-expected": "7", "own-1-kind": "persons", "own-1-length": "short"})
    own = group(changed(), "own-1")
    assert (own.expected, own.kind, own.short) == (7, "persons", True)

    question = {
        "own-1-text-en": "How far do people find good books?",
        "own-1-text-de": "Gibt es gute Bücher?",
    }
    answer = save(browser, f"{AT}/questions", do="stay", **question, **{
        "own-1-factor": "f5", "own-1-groups": ["own-1", "learners"],
    })  # fmt: skip
    assert answer.status_code == 303, seen(answer.text)
    planned = planned_content(changed())
    asked = {
        key: "own-1" in planned.questionnaire(key, short=key == "own-1") for key in ("city", *OTHERS, "own-1")
    }
    assert [key for key, whether in asked.items() if whether] == ["learners", "own-1"]
    assert Words(planned, "de").text("own-1") == "Gibt es gute Bücher?"
    assert Words(planned, "ar").text("own-1") == "How far do people find good books?", (
        "until somebody translates it"
    )
    assert Words(planned, "de").group("own-1") == "Büchereien"
    assert set(planned.questionnaire("own-1")) - {"own-1"} == set(planned.questionnaire("providers"))


def test_an_own_group_is_removed_by_unticking_and_its_number_is_free_again(browser: FlaskClient) -> None:
    save(browser, f"{AT}/groups", do="add", **{"new-name-en": "Libraries", "new-based_on": "city"})
    save(
        browser,
        f"{AT}/groups",
        do="add",
        **{"own-1-asked": None, "new-name-en": "Clubs", "new-based_on": "city"},
    )
    assert [(group.key, group.name) for group in changed().groups[5:]] == [("own-2", {"en": "Clubs"})]


def test_at_most_five_groups_and_five_questions_of_ones_own(browser: FlaskClient) -> None:
    for number in range(5):
        save(browser, f"{AT}/groups", do="add", **{"new-name-en": f"Group {number}", "new-based_on": "city"})
        asked = {f"own-{number + 1}-text-en": "So?", f"own-{number + 1}-factor": "f1"}
        save(browser, f"{AT}/questions", **asked, **{f"own-{number + 1}-groups": ["city"]})
    assert len(changed().groups) == 10
    assert [question["key"] for question in changed().own_questions] == [f"own-{n}" for n in range(1, 6)]
    assert "Add a group" not in browser.get(f"{AT}/groups").text
    assert "A new question" not in browser.get(f"{AT}/questions").text
    save(browser, f"{AT}/questions", **{"own-2-dropped": "y"})
    assert [question["key"] for question in changed().own_questions] == ["own-1", "own-3", "own-4", "own-5"]
    assert "A new question" in browser.get(f"{AT}/questions").text


def test_a_question_left_without_factor_or_group_is_asked_about_again(browser: FlaskClient) -> None:
    own = {"own-1-text-en": "Books?", "own-1-factor": "f5", "own-1-groups": ["employers"]}
    save(browser, f"{AT}/questions", **own)
    save(browser, f"{AT}/factors", scope="some", factors=["f1", "f2"])
    assert "questions" not in changed().setup_done
    page = browser.get(f"{AT}/questions").text
    assert filled(page)["own-1-text-en"] == "Books?"
    assert filled(page)["own-1-factor"] == ""
    assert save(browser, f"{AT}/questions").status_code == 422
    save(browser, f"{AT}/questions", **{"own-1-factor": "f2"})
    assert "questions" in changed().setup_done
    save(browser, f"{AT}/groups", **{"employers-asked": None})
    assert "questions" not in changed().setup_done
    assert changed().own_questions[0]["groups"] == []


def test_the_words_of_a_question_may_not_all_go(browser: FlaskClient) -> None:
    save(
        browser, f"{AT}/questions", **{"own-1-text-en": "So?", "own-1-factor": "f1", "own-1-groups": ["city"]}
    )
    answer = save(browser, f"{AT}/questions", **{"own-1-text-en": ""})
    assert answer.status_code == 422
    assert "The question has no words." in answer.text
    assert changed().own_questions[0]["texts"] == {"en": "So?"}


def test_languages_and_what_is_known_of_them(browser: FlaskClient) -> None:
    page = seen(browser.get(f"{AT}/languages").text)
    assert "Complete, but still a draft" in page
    assert "Deutsch: I know that no native speaker has checked it" in page
    assert save(browser, f"{AT}/languages", **{"offer-ar": None, "known-de": "y"}).status_code == 303
    round_ = changed()
    assert (round_.languages, round_.draft_languages) == (["en", "de"], ["de"])
    assert "privacy-ar" not in browser.get(f"{AT}/texts").text
    save(browser, f"{AT}/texts", **{"contact-en": "Town hall, room 3"})
    save(browser, f"{AT}/languages", **{"offer-ar": "y", "known-ar": "y"})
    round_ = changed()
    assert round_.draft_languages == ["de", "ar"]
    assert round_.texts["contact"]["ar"] == "Town hall, room 3", "a language that is added has texts at once"
    assert "90" in round_.texts["privacy"]["ar"]


def test_the_privacy_notice_follows_the_contact_until_it_is_changed(browser: FlaskClient) -> None:
    browser.post("/rounds/new", data=filled(browser.get("/rounds/new").text) | {"title": "Fresh"})
    at = "/rounds/testville-fresh/setup/texts"
    for said in ("Testville is responsible", "90 days", "12 months", "complain", "lead@example.org"):
        assert said in stored("testville-fresh").texts["privacy"]["en"]
    save(browser, at, **{"contact-en": "Room 3"})
    assert stored("testville-fresh").texts["privacy"]["en"].endswith("Room 3")
    assert "lead@example.org" not in stored("testville-fresh").texts["privacy"]["en"]
    save(browser, at, **{"privacy-en": "Our own notice.\r\n\r\nIn two parts.", "contact-en": "Room 4"})
    assert stored("testville-fresh").texts["privacy"]["en"] == "Our own notice.\n\nIn two parts."
    assert stored("testville-fresh").texts["contact"]["en"] == "Room 4"
    save(browser, at, **{"next_steps-de": ""})
    assert "de" not in stored("testville-fresh").texts["next_steps"]


def test_what_the_expected_numbers_can_show(browser: FlaskClient) -> None:
    round_ = changed()  # 9 city, 15 providers, 10 migrant organisations, 10 employers, 60 learners
    city = outlooks(round_)["city"]
    assert (city.answers, city.others) == (9, 10)
    assert city.more is not None
    assert city.found < city.found_with_more
    page = seen(browser.get(f"{AT}/groups").text)
    assert (
        f"With 9 answers here and 10 in another group, a difference of two steps is found {city.found} times in 10"
        in page
    )

    save(
        browser,
        f"{AT}/groups",
        do="stay",
        **{"learners-expected": "4", "threshold": "3", "city-expected": "3"},
    )
    outlook = outlooks(changed())
    assert outlook["learners"].hidden, "persons keep five, whatever the round says"
    assert outlook["learners"].least == 5
    assert not outlook["city"].hidden
    assert "With 4 answers this group stays hidden. It needs at least 5." in seen(
        browser.get(f"{AT}/groups").text
    )


def test_more_people_never_find_less(app: Flask) -> None:
    round_ = draft_round()
    found = []
    for expected in (5, 6, 8, 10, 15, 20, 40, 100):
        group(round_, "providers").expected = expected
        view = outlooks(round_)["providers"]
        found.append(view.found)
        assert view.more is None or (view.more > expected and view.found_with_more > view.found)
    assert found == sorted(found)
    db.session.rollback()


def test_a_given_group_keeps_its_usual_name_where_it_has_no_other(browser: FlaskClient) -> None:
    save(browser, f"{AT}/groups", **{"city-name-en": "Town hall"})
    planned, usual = planned_content(changed()), planned_content(draft_round(key="usual", title="Usual"))
    assert Words(planned, "en").group("city") == "Town hall"
    for language in ("de", "ar"):
        assert Words(planned, language).group("city") == Words(usual, language).group("city")
    save(browser, f"{AT}/groups", do="add", **{"new-name-en": "Libraries", "new-based_on": "city"})
    assert Words(planned_content(changed()), "de").group("own-1") == "Libraries"
