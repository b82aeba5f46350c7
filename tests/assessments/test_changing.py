"""After opening: another last day, other languages, opened once more, reported, archived."""

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from surveyapp.assessments.actions import CannotMove, close_round
from surveyapp.assessments.changing import (
    add_language,
    archive_round,
    change_last_day,
    drop_language,
    mark_reported,
    reopen_round,
    today,
)
from surveyapp.database import db
from surveyapp.models import Comment, Draft, Invitation, Moderation, Response, Round
from surveyapp.models.content import content
from surveyapp.models.counts import TOOK_PART, tallied
from tests.builders import codes, draft_round, group, group_code, link, opened_round


def answer(client: FlaskClient, path: str, words: str = "", send: bool = True) -> None:
    client.post(path)
    client.post("/answer/f7", data={"f7": "3", "f7:comment": words})
    if send:
        client.post("/answer/send")


def again(round_: Round) -> Round:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Round, round_.id)


def number_of(table: type[db.Model]) -> int:  # type: ignore[name-defined]
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_closing_lays_out_every_comment_once_for_moderation(each_app: Flask) -> None:
    round_, other = opened_round(), opened_round(key="other")
    for words in ("first", "second", "   ", ""):
        answer(each_app.test_client(), link(round_), words)
    answer(each_app.test_client(), link(other), "of another round")
    left = codes(round_)
    answer(each_app.test_client(), f"/join/{left[0]}", "left out")
    round_ = again(round_)
    next(
        b for b in db.session.scalars(select(Invitation)) if b.batch.channel == "codes"
    ).batch.left_out = "why"
    db.session.commit()

    close_round(round_)
    db.session.commit()
    on = (Moderation.response_id == Comment.response_id) & (Moderation.question == Comment.question)
    laid_out = db.session.execute(select(Comment.text, Moderation.state, Moderation.key).join(Moderation, on))
    rows = [tuple(row) for row in laid_out]
    assert sorted((words, state) for words, state, _ in rows) == [
        ("first", "pending"),
        ("left out", "pending"),  # what is left out may be taken back
        ("second", "pending"),
    ]
    assert len({key for _, _, key in rows}) == 3
    assert not {key for _, _, key in rows} & set(db.session.scalars(select(Response.id)))


def test_a_closed_round_opens_again_and_everybody_can_go_on(each_app: Flask) -> None:
    round_ = opened_round()
    personal, joined = link(round_), f"/join/{group_code(round_)}"
    sent, begun, other = each_app.test_client(), each_app.test_client(), each_app.test_client()
    answer(sent, link(round_), "sent before")
    answer(begun, personal, "begun", send=False)
    answer(other, joined, "begun in a class", send=False)
    round_ = again(round_)
    close_round(round_)
    db.session.commit()
    assert (number_of(Moderation), number_of(Draft), round_.unsent_drafts) == (1, 0, 2)
    assert begun.get("/answer/f7").status_code == 410

    reopen_round(again(round_), today() + timedelta(days=7))
    db.session.commit()
    assert (number_of(Moderation), number_of(Comment)) == (0, 1)
    assert (round_.state, round_.closed_on, round_.closes_on) == ("open", None, today() + timedelta(days=7))
    for client in (begun, other):  # their drafts are gone, and they are told so on the page they had open
        for page in (client.get("/answer/f7"), client.post("/answer/f7", data={"f7": "1"})):
            assert page.status_code == 403
            assert "open your link again" in page.text
    answer(begun, personal, "written again")
    answer(other, joined, "a class again")
    assert "Thank you" in sent.get("/answer/thanks").text, "who has sent stays so"
    round_ = again(round_)
    assert tallied(round_.id)[group(round_, "learners").id][TOOK_PART] == 3
    close_round(round_)
    db.session.commit()
    assert (number_of(Moderation), round_.unsent_drafts) == (3, 0)


def test_a_round_whose_results_were_seen_stays_closed(each_app: Flask) -> None:
    round_ = opened_round()
    close_round(round_)
    round_.shown_on = today()
    db.session.commit()
    with pytest.raises(CannotMove, match="were shown"):
        reopen_round(round_, today())
    assert again(round_).state == "closed"


def test_the_last_states_come_in_their_order(app: Flask) -> None:
    round_ = opened_round()
    for move in (mark_reported, archive_round):
        with pytest.raises(CannotMove, match="round autumn is open"):
            move(round_)
    close_round(round_)
    with pytest.raises(CannotMove, match="no result yet"):
        mark_reported(round_)
    round_.shown_on = today()
    mark_reported(round_)
    with pytest.raises(CannotMove, match="is reported"):
        reopen_round(round_, today())
    archive_round(round_)
    db.session.commit()
    assert (again(round_).state, round_.ended) == ("archived", True)
    for change in (lambda: archive_round(round_), lambda: change_last_day(round_, today())):
        with pytest.raises(CannotMove, match="is archived"):
            change()


def test_another_last_day_has_another_warning_before_it(app: Flask) -> None:
    round_ = opened_round(closes_on=date(2030, 1, 2))
    round_.warned_on = date(2030, 1, 1)
    with pytest.raises(CannotMove, match="past"):
        change_last_day(round_, today() - timedelta(days=1))
    change_last_day(round_, today())
    assert (round_.closes_on, round_.warned_on) == (today(), None)
    with pytest.raises(CannotMove, match="is draft"):
        change_last_day(draft_round(key="draft"), today())


def test_a_language_is_laid_beside_what_was_frozen(each_app: Flask) -> None:
    round_ = opened_round(languages=("en", "de"))
    before, asked = round_.content["wording"], round_.content_hash
    path = link(round_)
    add_language(round_, "ar", {"contact": "اسألونا", "privacy": "نحمي بياناتكم"}, is_draft=True)
    db.session.commit()
    round_ = again(round_)
    assert round_.languages == ["en", "de", "ar"]
    assert round_.draft_languages == ["ar"]
    assert round_.texts["contact"] == {"en": "Ask us at 0100 555 010", "ar": "اسألونا"}
    assert round_.content_hash != asked
    assert {code: round_.content["wording"][code] for code in before} == before, "nothing else was touched"
    assert set(round_.content["wording"]["ar"]) == set(before["en"])
    client = each_app.test_client()
    client.post(path, data={"language": "ar"})
    page = client.get("/answer/f7").text
    assert 'lang="ar" dir="rtl"' in page
    assert content(round_).text("f7.title", "ar") in page
    assert content(round_).text("f7.title", "ar") != content(round_).text("f7.title", "en")

    drop_language(round_, "ar")
    db.session.commit()
    assert again(round_).languages == ["en", "de"]
    assert "ar" in round_.content["wording"], "a report can still quote it"
    assert round_.draft_languages == ["ar"], "answers may have been given in it"
    assert 'lang="en"' in client.get("/answer/f7").text
    asked = round_.content_hash
    add_language(round_, "ar", {}, is_draft=True)
    assert (round_.content_hash, round_.draft_languages) == (asked, ["ar"])


def test_a_sentence_that_changed_since_opening_keeps_its_frozen_words(app: Flask) -> None:
    round_ = opened_round(languages=("en",))
    words = {**round_.content["wording"]["en"], "f7.title": "As it was asked"}
    round_.content = {**round_.content, "wording": {"en": words}}
    add_language(round_, "de", {}, is_draft=False)
    german = round_.content["wording"]["de"]
    assert german["f7.title"] == "As it was asked"
    assert german["f6.title"] != words["f6.title"]
    assert round_.draft_languages == []


def test_the_last_language_stays(app: Flask) -> None:
    round_ = opened_round(languages=("en",))
    for change, told in (
        (lambda: drop_language(round_, "en"), "at least one"),
        (lambda: drop_language(round_, "ar"), "not asked in ar"),
        (lambda: add_language(round_, "en", {}, is_draft=False), "asked in en already"),
    ):
        with pytest.raises(CannotMove, match=told):
            change()


def test_a_number_that_was_given_out_never_comes_back(each_app: Flask) -> None:
    """A browser of a trial, or one that began before the round closed, must not find another person's answers."""
    round_ = opened_round()
    joined = f"/join/{group_code(round_)}"
    early, later = each_app.test_client(), each_app.test_client()
    answer(early, joined, "mine", send=False)
    close_round(again(round_))
    db.session.commit()
    reopen_round(again(round_), today() + timedelta(days=7))
    db.session.commit()
    answer(later, joined, "of another person", send=False)
    page = early.get("/answer/f7")
    assert page.status_code == 403
    assert "of another person" not in page.text
    assert "of another person" in later.get("/answer/f7").text
