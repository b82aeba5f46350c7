"""The lead reads every comment and decides; by the addresses, and by what a lead sees."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from surveyapp.database import db
from surveyapp.models import AuditEntry, City, Comment, Moderation, Response, Round
from tests.assessments.walking import seen
from tests.builders import draft_round, group, lead, opened_round
from tests.comparison.test_pages import counted
from tests.moderation.said import batch_of, commented_round, say

from tests.comparison.closed import sign_in  # isort: skip

COMMENTS = "/rounds/autumn/comments"
MOST_QUERIES = 12


@pytest.fixture
def round_(app: Flask) -> Round:
    return commented_round()


@pytest.fixture
def desk(round_: Round, client: FlaskClient) -> FlaskClient:
    sign_in(client, lead(round_.city))
    return client


def state_of(moderation: Moderation) -> tuple[str, str | None]:
    db.session.expire_all()
    found = db.session.get_one(Moderation, moderation.key)
    return found.state, found.shown


def actions() -> Iterator[tuple[str, str]]:
    db.session.expire_all()
    return ((entry.action, entry.about) for entry in db.session.scalars(select(AuditEntry)))


def test_a_comment_is_shown_with_its_group_and_factor_and_nothing_else(
    desk: FlaskClient, round_: Round
) -> None:
    said = say(round_, "learners", {"f5": "More places are needed."})["f5"]
    page = desk.get(COMMENTS)
    text = seen(page.text)
    assert "0 of 1 decided." in text
    assert "More places are needed. Learners · not decided" in text
    for response in db.session.scalars(select(Response.id)):
        assert response not in page.text
        assert response not in desk.get(f"{COMMENTS}/one?key={said.key}").text
    assert "Codes" not in text


def test_keep_and_hide_in_the_list(desk: FlaskClient, round_: Round) -> None:
    good = say(round_, "learners", {"f5": "More places are needed."})["f5"]
    bad = say(round_, "learners", {"f5": "Rude words."})["f5"]
    kept = desk.post(f"{COMMENTS}/decide", data={"key": good.key, "decision": "kept", "question": "f5"})
    assert kept.status_code == 303
    assert kept.location.endswith(f"{COMMENTS}?question=f5")
    assert "1 of 2 decided." in seen(desk.get(kept.location).text)
    desk.post(f"{COMMENTS}/decide", data={"key": bad.key, "decision": "hidden"})
    assert state_of(good) == ("kept", None)
    assert state_of(bad) == ("hidden", None)
    assert sorted(actions()) == [("comment.hidden", "f5"), ("comment.kept", "f5")]
    assert desk.post(f"{COMMENTS}/decide", data={"key": bad.key, "decision": "sold"}).status_code == 400


def test_shortening_leaves_words_out_and_marks_the_gap(desk: FlaskClient, round_: Round) -> None:
    said = say(round_, "learners", {"f5": "Mrs Miller in the evening school is very kind."})["f5"]
    page = desk.get(f"{COMMENTS}/one?key={said.key}&question=f5")
    assert "<mark>Mrs Miller</mark>" in page.text
    data = {
        "decision": "shortened",
        "shown": "in the evening school is very kind.",
        "translation_language": "en",
    }
    done = desk.post(f"{COMMENTS}/one?key={said.key}&question=f5", data=data)
    assert done.status_code == 303
    assert state_of(said) == ("shortened", "[…] in the evening school is very kind.")
    assert ("comment.shortened", "f5") in list(actions())


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("She is very unkind.", "Only leave words out."),
        ("kind very", "Only leave words out."),
        ("", "Nothing is left."),
        ("She is very kind.", "Nothing is left out."),
    ],
)
def test_shortening_can_neither_add_nor_turn_words(
    desk: FlaskClient, round_: Round, typed: str, words: str
) -> None:
    said = say(round_, "learners", {"f5": "She is very kind."})["f5"]
    data = {
        "decision": "shortened",
        "shown": typed,
        "translation": "Sie ist nett.",
        "translation_language": "de",
    }
    refused = desk.post(f"{COMMENTS}/one?key={said.key}", data=data)
    assert refused.status_code == 422
    assert words in seen(refused.text)
    assert "Sie ist nett." in refused.text, "nothing typed is lost"
    assert state_of(said) == ("pending", None)
    assert list(actions()) == []


def test_a_decision_is_needed(desk: FlaskClient, round_: Round) -> None:
    said = say(round_, "learners", {"f5": "She is very kind."})["f5"]
    refused = desk.post(f"{COMMENTS}/one?key={said.key}", data={"translation_language": "en"})
    assert refused.status_code == 422
    assert "Choose what becomes of it." in refused.text


def test_a_translation_stands_beside_the_comment(desk: FlaskClient, round_: Round) -> None:
    said = say(round_, "learners", {"f5": "الدورة جيدة"})["f5"]
    data = {"decision": "kept", "translation": "The course is good.", "translation_language": "en"}
    for _ in range(2):
        desk.post(f"{COMMENTS}/one?key={said.key}", data=data)
    page = desk.get(f"{COMMENTS}?question=f5&state=kept")
    assert '<blockquote class="said" dir="rtl">الدورة جيدة</blockquote>' in page.text
    assert "Translation: English The course is good." in seen(page.text)
    assert sorted(actions()) == [("comment.kept", "f5"), ("comment.translated", "f5")], (
        "said twice, done once"
    )
    desk.post(f"{COMMENTS}/one?key={said.key}", data={**data, "translation": ""})
    assert "Translation:" not in desk.get(f"{COMMENTS}?question=f5&state=kept").text


def test_two_comments_of_one_person_are_never_on_one_page(desk: FlaskClient, round_: Round) -> None:
    questions = [f"f{n}" for n in range(1, 10)] + ["x-best", "x-change"]
    for person in range(30):
        say(round_, "learners", {question: f"person-{person} on {question}" for question in questions})
    for question in questions:
        for number in (1, 2):
            page = desk.get(f"{COMMENTS}?question={question}&state=all&page={number}").text
            people = re.findall(r"person-(\d+) on", page)
            assert len(people) == (20 if number == 1 else 10)
            assert len(set(people)) == len(people)
    shown = [re.findall(r"person-(\d+)", desk.get(f"{COMMENTS}?question={q}").text) for q in questions[:2]]
    assert shown[0] != shown[1], "no order of one question tells that of another"


def test_filters_and_pages(desk: FlaskClient, round_: Round) -> None:
    for number in range(21):
        say(round_, "learners", {"f5": f"learner {number}"})
    say(round_, "city", {"f5": "from the town hall"})
    say(round_, "providers", {"f5": "from a school"}, state="kept")
    small = desk.get(f"{COMMENTS}?question=f5&group=smaller").text
    assert "from the town hall" in small
    assert "learner 1" not in small
    assert "City administration" not in seen(small[small.index("<ol") :])
    assert "from a school" in desk.get(f"{COMMENTS}?question=f5&state=kept").text
    assert "from a school" not in desk.get(f"{COMMENTS}?question=f5&state=kept&group=learners").text
    assert desk.get(f"{COMMENTS}?question=f5&page=2").status_code == 200
    beyond = desk.get(f"{COMMENTS}?question=f5&page=9")
    assert beyond.location.endswith("page=2")
    assert desk.get(f"{COMMENTS}?question=nonsense&state=nonsense&group=nonsense").status_code == 200


def test_it_begins_with_what_is_not_decided(desk: FlaskClient, round_: Round) -> None:
    say(round_, "learners", {"f1": "done with", "x-best": "still open"}, state="kept")
    say(round_, "learners", {"f8": "to be read"})
    assert "to be read" in desk.get(COMMENTS).text


def test_a_small_group_stands_without_its_name(desk: FlaskClient, round_: Round) -> None:
    say(round_, "city", {"f5": "from the town hall"})
    text = seen(desk.get(f"{COMMENTS}?question=f5").text)
    assert "from the town hall Smaller groups · not decided" in text
    assert "read by nobody" not in text


def test_where_the_pool_is_too_small_nobody_reads_it(app: Flask, client: FlaskClient) -> None:
    round_ = commented_round({"city": 8, "learners": 300})
    sign_in(client, lead(round_.city))
    said = say(round_, "city", {"f5": "from the town hall"})["f5"]
    assert "Some comments are read by nobody" in seen(client.get(COMMENTS).text)
    say(round_, "learners", {"f5": "from a class"})
    page = client.get(f"{COMMENTS}?question=f5&state=all").text
    assert "from a class" in page
    assert "from the town hall" not in page
    assert "0 of 1 decided. " in seen(page)
    assert "Some comments are read by nobody" in seen(page)
    assert "1 comment waits for you" in seen(client.get("/rounds/autumn").text)
    assert client.get(f"{COMMENTS}/one?key={said.key}").status_code == 404
    assert client.post(f"{COMMENTS}/decide", data={"key": said.key, "decision": "kept"}).status_code == 404
    assert state_of(said) == ("pending", None)


def test_groups_under_the_minimum_of_their_round_do_not_hide_each_other(
    app: Flask, client: FlaskClient
) -> None:
    """They would be enough together; but whoever knows one of them would learn how many the other is."""
    round_ = commented_round({"providers": 12, "migrant_orgs": 12, "learners": 300}, threshold=20)
    sign_in(client, lead(round_.city))
    say(round_, "providers", {"f5": "from a school"})
    page = seen(client.get(f"{COMMENTS}?question=f5").text)
    assert "from a school" not in page
    assert "read by nobody, you included" in page


def test_comments_of_a_batch_that_is_left_out_are_not_asked_about(desk: FlaskClient, round_: Round) -> None:
    said = say(round_, "learners", {"f5": "spam"})["f5"]
    batch_of(round_, "learners").left_out = "A robot"
    db.session.commit()
    assert "spam" not in desk.get(f"{COMMENTS}?question=f5").text
    assert desk.get(f"{COMMENTS}/one?key={said.key}").status_code == 404


def test_nobody_reads_a_comment_before_the_results_are_shown(desk: FlaskClient, round_: Round) -> None:
    said = say(round_, "learners", {"f5": "More places are needed."})["f5"]
    round_.shown_on = None
    db.session.commit()
    text = seen(desk.get(COMMENTS).text)
    assert "More places" not in text
    assert "the round cannot be opened again" in text
    assert desk.get(f"{COMMENTS}/one?key={said.key}").status_code == 404
    assert desk.post(f"{COMMENTS}/decide", data={"key": said.key, "decision": "kept"}).status_code == 404
    shown = desk.post("/rounds/autumn/show")
    assert shown.status_code == 303
    assert "More places" in desk.get(COMMENTS).text


def test_no_comments_and_deleted_comments(desk: FlaskClient, round_: Round) -> None:
    assert "Nobody wrote a comment" in desk.get(COMMENTS).text
    round_.comments_deleted_on = date(2027, 11, 1)
    db.session.commit()
    assert "were deleted on 1 November 2027, as promised." in seen(desk.get(COMMENTS).text)


@pytest.mark.parametrize("made", [draft_round, opened_round])
def test_no_comments_before_closing(app: Flask, client: FlaskClient, made: object) -> None:
    round_ = made()  # type: ignore[operator]
    sign_in(client, lead(round_.city))
    page = client.get(COMMENTS)
    assert page.status_code == 404 or "once the round is closed" in page.text


@pytest.mark.parametrize("role", ["viewer", "facilitator", "translator"])
def test_only_the_lead_reads_comments(round_: Round, client: FlaskClient, role: str) -> None:
    said = say(round_, "learners", {"f5": "More places are needed."})["f5"]
    sign_in(client, lead(round_.city, "other@example.org", role))
    for path in (COMMENTS, f"{COMMENTS}/one?key={said.key}"):
        assert client.get(path).status_code == 404
    assert client.post(f"{COMMENTS}/decide", data={"key": said.key, "decision": "kept"}).status_code == 404


def test_a_comment_of_another_round_is_not_found(desk: FlaskClient, round_: Round) -> None:
    other = commented_round(key="other", city="Otherville")
    foreign = say(other, "learners", {"f5": "elsewhere"})["f5"]
    assert desk.get(f"{COMMENTS}/one?key={foreign.key}").status_code == 404
    assert desk.post(f"{COMMENTS}/decide", data={"key": foreign.key, "decision": "kept"}).status_code == 404
    assert db.session.scalar(select(City.name).where(City.name == "Otherville"))
    assert state_of(foreign) == ("pending", None)


def test_a_page_takes_few_queries(desk: FlaskClient, round_: Round) -> None:
    for number in range(25):
        say(round_, "learners", {"f5": f"learner {number}"})
    desk.get(COMMENTS)
    with counted() as statements:
        assert desk.get(COMMENTS).status_code == 200
    assert len(statements) <= MOST_QUERIES, "\n".join(statements)


@pytest.mark.parametrize("language", ["de", "ar"])
def test_the_pages_speak_other_languages(desk: FlaskClient, round_: Round, language: str) -> None:
    said = say(round_, "learners", {"f5": "More places are needed."})["f5"]
    for path in (f"{COMMENTS}?language={language}", f"{COMMENTS}/one?key={said.key}&language={language}"):
        page = desk.get(path)
        assert f'<html lang="{language}"' in page.text
        assert " style=" not in page.text
    assert group(round_, "learners").key == "learners"
    assert db.session.scalar(select(Comment.text)) == "More places are needed."
