"""Typing answers from paper: what the marks mean, what is stored, and how the last paper is taken out again."""

import re
from datetime import UTC, datetime
from functools import partial

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from surveyapp.assessments.actions import close_round
from surveyapp.classes.actions import add_paper
from surveyapp.database import db
from surveyapp.models import Answer, AuditEntry, Batch, Comment, LanguageCount, Response, Round, Tally, User
from surveyapp.models.content import content
from surveyapp.models.counts import recount, stored
from tests.answering.test_at_once import at_once, count
from tests.builders import group, lead, opened_round
from tests.comparison.closed import sign_in
from tests.test_guards import check_page


def paper(app: Flask, role: str = "facilitator") -> tuple[FlaskClient, str]:
    """A browser of staff and the address of its entry page."""
    round_ = opened_round()
    batch = add_paper(group(round_, "learners"), "Morning class", "ar")
    db.session.commit()
    client = app.test_client()
    sign_in(client, lead(round_.city, role=role))
    return client, f"/rounds/autumn/paper/{batch.id}"


def the_round() -> Round:
    db.session.expire_all()
    return db.session.scalars(select(Round)).one()


def test_one_paper_becomes_one_response(each_app: Flask) -> None:
    client, where = paper(each_app)
    page = client.get(where).text
    assert "0 papers are entered." in page
    assert '<option value="ar" selected>' in page
    typed = {
        "f7": "1",
        "f7-lea-1": " 4 ",
        "f6": "?",
        "f5": "٢",
        "f7:comment": "Good \x00teacher",
        "form": "ar",
    }
    saved = client.post(where, data=typed)
    assert saved.status_code == 303
    assert "1 paper is entered." in client.get(saved.location).text
    answers = dict(db.session.execute(select(Answer.question, Answer.choice)).all())
    assert answers == {"f7": "3", "f7-lea-1": "0", "f6": "dk", "f5": "2"}, (
        "1 is the first box: the highest step"
    )
    assert db.session.execute(select(Comment.question, Comment.text)).all() == [("f7", "Good teacher")]
    assert db.session.scalar(select(Batch.channel)) == "paper"
    round_ = the_round()
    assert stored(round_.id) == recount(round_.id)
    assert db.session.execute(select(LanguageCount.language, LanguageCount.n)).all() == [("ar", 1)]


def test_the_marks_are_those_of_the_form(app: Flask) -> None:
    """Every mark printed beside a box is read as the code of that box."""
    client, where = paper(app)
    page = client.get(where).text
    asked = content(the_round()).questionnaire("learners", False)
    for key, takes in asked.items():
        row = page.split(f'id="{key}-marks">')[1].split("</div>")[0]
        marks = re.findall(r'<bdi dir="ltr">(.+?)</bdi>', row)
        assert len(marks) == len(takes)
        assert "?" in marks
        assert ("-" in marks) == ("na" in takes)


def test_not_for_me_and_lists(app: Flask) -> None:
    client, where = paper(app)
    asked = content(the_round()).questionnaire("learners", False)
    spared = next(key for key, takes in asked.items() if "na" in takes)
    listed = next(
        question.key
        for factor in content(the_round()).benchmark.factors
        for question in content(the_round()).benchmark.asked(factor.key, "learners")
        if question.choices
    )
    client.post(where, data={spared: "–", listed: "2"})
    assert dict(db.session.execute(select(Answer.question, Answer.choice)).all()) == {
        spared: "na",
        listed: "1",
    }


@pytest.mark.parametrize("wrong", ["5", "0", "x", "-", "11", "1,2"])
def test_what_is_no_mark_is_named_and_nothing_is_lost(app: Flask, wrong: str) -> None:
    client, where = paper(app)
    answer = client.post(where, data={"f7": wrong, "f6": "2", "f7:comment": "Bus & tram", "form": "de"})
    assert answer.status_code == 422
    assert "One thing needs another look" in answer.text
    assert '<a href="#f7">My course helps me in my life in this city.' in answer.text
    assert "type one of 1  2  3  4  ?" in answer.text
    assert f'name="f7" value="{wrong}"' in answer.text
    assert 'name="f6" value="2"' in answer.text
    assert 'value="Bus &amp; tram"' in answer.text
    assert '<option value="de" selected>' in answer.text
    assert count(Response) == 0


def test_a_comment_that_is_too_long_and_an_empty_paper(app: Flask) -> None:
    client, where = paper(app)
    long = client.post(where, data={"f7": "1", "f7:comment": "x" * 1001})
    assert long.status_code == 422
    assert "at most 1,000 letters" in long.text
    empty = client.post(where, data={"f7": " "})
    assert empty.status_code == 422
    assert "Nothing has been typed yet" in empty.text
    assert count(Response) == 0


def test_the_last_paper_is_taken_out_and_only_that(each_app: Flask) -> None:
    client, where = paper(each_app)
    for mark in ("1", "2"):
        client.get(where)
        client.post(where, data={"f7": mark, "f7:comment": "words", "form": "de"})
    assert "Take the last paper out again" in client.get(where).text
    undone = client.post(f"{where}/undo", follow_redirects=True)
    assert "The last paper has been taken out again." in undone.text
    assert "1 paper is entered." in undone.text
    assert "Take the last paper out again" not in undone.text
    assert db.session.execute(select(Answer.question, Answer.choice)).all() == [("f7", "3")]
    assert count(Comment) == 1
    round_ = the_round()
    assert stored(round_.id) == recount(round_.id)
    assert db.session.scalar(select(LanguageCount.n)) == 1
    assert client.post(f"{where}/undo").status_code == 404, "one step back, not two"
    client.get(where)
    client.post(where, data={"f6": "1"})
    client.post(f"{where}/undo")
    assert count(Tally) == 2, "no empty counters stay behind"


def test_nobody_else_can_take_it_out(app: Flask) -> None:
    client, where = paper(app)
    client.get(where)
    client.post(where, data={"f7": "1"})
    other = app.test_client()
    sign_in(other, lead(the_round().city, "other@example.org"))
    assert "Take the last paper out again" not in other.get(where).text
    assert other.post(f"{where}/undo").status_code == 404
    assert count(Response) == 1


def test_saving_twice_by_a_double_press_enters_one(each_app: Flask) -> None:
    client, where = paper(each_app)
    client.get(where)
    cookie = client.get_cookie("session")
    browsers = [each_app.test_client() for _ in range(2)]
    for browser in browsers:
        browser.set_cookie("session", cookie.value)
    answers = at_once(*(partial(browser.post, where, data={"f7": "1"}) for browser in browsers))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert count(Response) == 1
    assert db.session.scalar(select(func.sum(Tally.n)).where(Tally.question == "f7")) == 1


@time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC), tick=False)
def test_the_log_has_one_line_a_day(app: Flask) -> None:
    client, where = paper(app, "lead")
    for _ in range(3):
        client.get(where)
        client.post(where, data={"f7": "1"})
    with time_machine.travel(datetime(2026, 11, 25, 9, tzinfo=UTC), tick=False):
        sign_in(client, db.session.scalars(select(User)).one())
        client.get(where)
        client.post(where, data={"f7": "1"})
    lines = db.session.execute(select(AuditEntry.action, AuditEntry.about)).all()
    assert lines == [("paper.entered", "Morning class")] * 2
    assert count(Response) == 4


def test_only_while_the_round_is_open_and_only_for_paper(app: Flask) -> None:
    client, where = paper(app)
    round_ = the_round()
    other = Batch(group=group(round_, "learners"), channel="codes")
    db.session.add(other)
    db.session.commit()
    assert client.get(f"/rounds/autumn/paper/{other.id}").status_code == 404
    opened_round(key="elsewhere", city="Elsewhere")
    assert client.get(where.replace("autumn", "elsewhere")).status_code == 404
    close_round(the_round_("autumn"))
    db.session.commit()
    assert client.get(where).status_code == client.post(where, data={"f7": "1"}).status_code == 404
    assert count(Response) == 0


def the_round_(key: str) -> Round:
    return db.session.scalars(select(Round).where(Round.key == key)).one()


def test_a_lead_is_taken_from_the_overview_to_the_entry_page(app: Flask) -> None:
    client, where = paper(app, "lead")
    page = client.get("/rounds/autumn/classes").text
    assert "Morning class" in page
    assert f'href="{where}"' in client.get(where.replace("paper", "classes")).text


@pytest.mark.parametrize(("language", "dir_"), [("en", "ltr"), ("de", "ltr"), ("ar", "rtl")])
def test_the_pages_are_sound_in_every_language(app: Flask, language: str, dir_: str) -> None:
    client, where = paper(app, "lead")
    classes = "/rounds/autumn/classes"
    pages = [where, classes, where.replace("paper", "classes")]
    for path in (*pages, *(f"{classes}/new/{kind}" for kind in ("codes", "link", "paper"))):
        check_page(client, f"{path}?language={language}", language, dir_)
