"""What those who get the mail can do by themselves: stop it, allow it again, and find a lost link."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select

from surveyapp.assessments.actions import close_round
from surveyapp.database import db
from surveyapp.mailing import lost
from surveyapp.mailing.optout import stop_token
from surveyapp.models import Batch, CodeTry, Contact, OptOut, Round
from tests.builders import lead, opened_round
from tests.comparison.closed import sign_in
from tests.conftest import make_app
from tests.mailing.post import Post, lead_of, listed, number, path, status_of


def stop_path(email: str) -> str:
    return f"/stop/{stop_token(number(email))}"


def test_stopping_takes_a_button_and_can_be_undone(each_app: Flask, post: Post) -> None:
    round_ = opened_round()
    listed(round_, "a@one.example", "b@one.example")
    person, where = each_app.test_client(), stop_path("a@one.example")
    for _ in range(2):
        assert "Send me no more mail" in person.get(where).text, "opening it does nothing: mail scanners do"
    assert db.session.scalars(select(OptOut)).all() == []
    done = person.post(where, data={"do": "stop"})
    assert done.status_code == 200
    assert "no more mail from us" in done.text
    assert "link to the questions still works" in done.text
    person.post(where, data={"do": "stop"})
    [kept] = db.session.scalars(select(OptOut)).all()
    assert re.fullmatch("[0-9a-f]{64}", kept.address_hash)
    lead_of(each_app, round_).post(path(round_, "/send"))
    assert post.addresses == ["b@one.example"]
    person.post(where, data={"do": "resume"})
    db.session.expire_all()
    assert db.session.scalars(select(OptOut)).all() == []


def test_a_mail_program_may_press_it(app: Flask) -> None:
    """RFC 8058: a POST without cookie or form token, answered without a redirect."""
    app.config["WTF_CSRF_ENABLED"] = True
    listed(opened_round(), "a@one.example")
    answer = app.test_client().post(stop_path("a@one.example"), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert len(db.session.scalars(select(OptOut)).all()) == 1


def test_it_holds_for_the_whole_city_and_for_no_other(app: Flask, post: Post) -> None:
    first, second = opened_round(), opened_round(key="second", title="Spring 2027")
    elsewhere = opened_round(key="third", city="Otherton")
    for round_ in (first, second, elsewhere):
        listed(round_, "A@one.example".lower())
    invitations = db.session.scalars(select(Contact.invitation_id).order_by(Contact.invitation_id)).all()
    app.test_client().post(f"/stop/{stop_token(invitations[0])}")
    lead_of(app, second).post(path(second, "/send"))
    assert post.messages == []
    client = app.test_client()
    sign_in(client, lead(elsewhere.city, "other@example.org"))
    client.post(path(elsewhere, "/send"))
    assert post.addresses == ["a@one.example"]


def test_the_page_speaks_the_language_of_the_invitation(app: Flask) -> None:
    listed(opened_round(), "a@one.example", language="ar")
    assert 'lang="ar" dir="rtl"' in app.test_client().get(stop_path("a@one.example")).text


def test_it_works_after_the_round_and_says_when_the_address_is_gone(app: Flask) -> None:
    round_ = opened_round()
    listed(round_, "a@one.example")
    where = stop_path("a@one.example")
    close_round(db.session.get(Round, round_.id))
    db.session.commit()
    page = app.test_client().post(where).text
    assert "no more mail from us" in page
    assert "still works" not in page
    db.session.execute(delete(Contact))
    db.session.commit()
    for page in (app.test_client().get(where), app.test_client().post(where)):
        assert "We no longer have your address" in page.text


def test_stop_links_cannot_be_made_up(app: Flask) -> None:
    listed(opened_round(), "a@one.example", "b@one.example")
    good = stop_token(number("a@one.example"))
    other = make_app(app.config["SQLALCHEMY_DATABASE_URI"], token_key="o" * 32)
    with other.app_context():
        foreign = stop_token(1)
    for wrong in (
        good[:-1] + "2",
        good[1:],
        f"{good}0",
        "x",
        "%00",
        foreign,
        f"{'a' * 24}99999999999999999999",
    ):
        for method in ("GET", "POST"):
            assert app.test_client().open(f"/stop/{wrong}", method=method).status_code == 404
    assert db.session.scalars(select(OptOut)).all() == []


def ask(app: Flask, email: str, place: str = "10.0.0.1") -> str:
    answer = app.test_client().post(
        "/lost-link", data={"email": email}, follow_redirects=True, environ_base={"REMOTE_ADDR": place}
    )
    assert answer.status_code == 200
    return answer.text


def test_a_lost_link_comes_to_the_mailbox_only(each_app: Flask, post: Post) -> None:
    round_ = opened_round()
    listed(round_, "a@one.example", language="de")
    other = opened_round(key="second", city="Otherton", title="Spring")
    listed(other, "a@one.example")
    known = ask(each_app, "  A@one.example ")
    assert known == ask(each_app, "stranger@one.example")
    assert "example" not in known.partition("<main")[2]
    [message] = post.messages
    assert message["To"] == "a@one.example"
    text = message.get_body(("plain",)).get_content()
    links = re.findall(r"(/i/[a-z2-7]{24})\b", text)
    assert len(links) == 2
    for link in links:
        assert each_app.test_client().get(link).status_code == 200
    assert "Testville, Autumn 2026:" in text
    assert "Otherton, Spring:" in text


@pytest.mark.parametrize("why", ["answered", "revoked", "closed"])
def test_a_link_of_no_use_is_not_sent_and_the_page_says_the_same(app: Flask, post: Post, why: str) -> None:
    round_ = opened_round()
    listed(round_, "a@one.example")
    if why == "closed":
        close_round(db.session.get(Round, round_.id))
        db.session.commit()
    else:
        status_of("a@one.example", why)
    assert ask(app, "a@one.example") == ask(app, "stranger@one.example")
    assert post.messages == []


def test_a_mailbox_is_not_filled_by_asking(app: Flask, post: Post) -> None:
    listed(opened_round(), "a@one.example", "b@one.example")
    with time_machine.travel("2026-12-01T09:00:00Z", tick=False) as clock:
        said = {ask(app, "a@one.example", f"10.0.0.{n}") for n in range(lost.PER_ADDRESS + 2)}
        assert len(said) == 1
        assert len(post.messages) == lost.PER_ADDRESS
        for n in range(lost.PER_PLACE):
            ask(app, f"nobody{n}@one.example", "10.9.9.9")
        ask(app, "b@one.example", "10.9.9.9")
        assert "b@one.example" not in post.addresses
        kept = [row.bucket for row in db.session.scalars(select(CodeTry))]
        assert kept
        assert not any("one.example" in bucket or "10." in bucket for bucket in kept)
        clock.shift(timedelta(hours=1))
        ask(app, "b@one.example", "10.9.9.9")
    assert post.addresses[-1] == "b@one.example"


def test_a_server_that_is_away_tells_nothing(app: Flask) -> None:
    listed(opened_round(), "a@one.example")
    app.config["MAIL_URL"] = "smtp://127.0.0.1:1"
    assert ask(app, "a@one.example") == ask(app, "stranger@one.example")


def test_what_is_no_address(app: Flask) -> None:
    for wrong in ("", "a", "a@", "a@b\nBcc: c@d.example"):
        answer = app.test_client().post("/lost-link", data={"email": wrong})
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.text
    assert db.session.scalars(select(Batch)).all() == []
