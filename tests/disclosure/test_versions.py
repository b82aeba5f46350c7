"""The same round published again: after somebody deleted their answers, and after a comment was released."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from surveyapp.answering import receipts
from surveyapp.assessments.actions import close_round
from surveyapp.database import db
from surveyapp.models import Comment, Moderation, Response
from surveyapp.models.perspectives import round_perspectives, show_results
from tests.builders import group, lead, opened_round
from tests.comparison.closed import sign_in
from tests.comparison.test_odd import answer, channel
from tests.disclosure.attack import numbers
from tests.disclosure.outputs import Published, Town, published

CODE = "K7MW4PXTK7MW"
SAID = "I came 14 times and waited 30 weeks"
PRINT_COMMENTS = {
    "/factors/f1 (viewer)", "report, public", "report, internal", "workshop, internal", "figures.xlsx, Comments",
}  # fmt: skip
# They follow the snapshot: the desk at which the lead reads comments, how many wait there, and hashes of the files
FOLLOW = ("/comments (lead)", "/report (lead)", "dataset.jsonld")


@pytest.fixture
def town(app: Flask) -> Town:
    """A round in which people have answered, each with a sheet of their own; one learner has kept a receipt."""
    round_ = opened_round(key="spring", factors=("f1", "f2"))
    for key, sheets in (("city", 7), ("employers", 3), ("learners", 12)):
        answer(channel(round_, key), [f"{n % 4}{(n + 1) % 4}" for n in range(sheets)])
    mine = db.session.scalars(
        select(Response).where(Response.group_id == group(round_, "learners").id)
    ).first()
    assert mine is not None
    mine.receipt_hash = receipts.code_hash(CODE)
    db.session.add(Comment(response_id=mine.id, question="f1", text=SAID))
    db.session.commit()
    close_round(round_)
    db.session.commit()
    show_results(round_)
    db.session.commit()
    readers = {role: app.test_client() for role in ("lead", "viewer")}
    for role, client in readers.items():
        sign_in(client, lead(round_.city, f"{role}@example.org", role))
    return Town({"spring": round_}, readers)


def decide(state: str) -> None:
    """What becomes of the only comment."""
    db.session.scalars(select(Moderation)).one().state = state
    db.session.commit()


def delete_mine(app: Flask) -> None:
    """As a person does who kept the code."""
    client = app.test_client()
    assert client.post("/receipt", data={"code": CODE}).status_code == 303
    assert client.post("/receipt/withdraw").status_code == 200
    db.session.rollback()


def version(town: Town) -> Published:
    """All outputs but FOLLOW; without the name of the snapshot, and without the digits in the names of elements."""
    round_ = town.rounds["spring"]
    name = round_perspectives(round_).snapshot
    told = {output: text for output, text in published(town, round_).items() if output not in FOLLOW}
    shown = f"{name[:4]} {name[4:8]}"
    return {
        output: re.sub(r"</?h\d", "<h", text.replace(name, "").replace(shown, ""))
        for output, text in told.items()
    }


def test_a_deletion_after_closing_changes_not_one_byte(app: Flask, town: Town) -> None:
    decide("hidden")
    before, answers = version(town), len(db.session.scalars(select(Response)).all())
    delete_mine(app)
    assert len(db.session.scalars(select(Response)).all()) == answers - 1
    assert version(town) == before


def test_versions_with_and_without_a_comment_differ_in_its_words_only(app: Flask, town: Town) -> None:
    told = {}
    for state in ("hidden", "kept"):
        decide(state)
        told[state] = version(town)
    delete_mine(app)
    assert version(town) == told["hidden"], "deleted, it was never there"
    more = {name: numbers(text) - numbers(told["hidden"][name]) for name, text in told["kept"].items()}
    less = {name: numbers(text) - numbers(told["kept"][name]) for name, text in told["hidden"].items()}
    assert {name for name, left in more.items() if left} == PRINT_COMMENTS
    assert all(more[name] == numbers(SAID) for name in PRINT_COMMENTS)
    assert not any(less.values())
