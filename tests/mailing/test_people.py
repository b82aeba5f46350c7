"""The list as staff see it, what can be done about one person, and that none of it tells who has answered."""

import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from surveyapp.database import db
from surveyapp.models import AuditEntry, Round
from tests.builders import lead, opened_round
from tests.comparison.closed import sign_in
from tests.mailing.post import Post, deliveries, lead_of, listed, number, path, status_of


def rows(page: str) -> dict[str, str]:
    """State of the mail by address, as a person reads it."""
    found = {}
    for row in re.findall(r'<tr role="row">(.*?)</tr>', page, re.S):
        address = re.search(r"<bdi>([^<]+@[^<]+)</bdi>", row)
        if address:
            found[address[1]] = re.search(r'<span class="status[^"]*">([^<]*)<', row)[1].strip()
    return found


def do(client: FlaskClient, round_: Round, email: str, action: str) -> str:
    """Presses a button on somebody's page; returns what is said."""
    answer = client.post(path(round_, f"/people/{number(email)}"), data={"do": action}, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def bare(page: str) -> str:
    """What a person reads: without the form tokens, which tell the second."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page.partition("<main")[2])


def mailed(app: Flask, *addresses: str) -> tuple[Round, FlaskClient]:
    round_ = opened_round()
    listed(round_, *addresses)
    client = lead_of(app, round_)
    client.post(path(round_, "/send"), follow_redirects=True)  # so that it is said, once
    return round_, client


def link_in(message: object) -> str:
    return re.search(r"(/i/[a-z2-7]{24})\b", message.get_body(("plain",)).get_content())[1]


def test_an_empty_list_says_what_to_do(app: Flask) -> None:
    round_ = opened_round()
    page = lead_of(app, round_).get(path(round_)).text
    assert 'class="button" href="/rounds/autumn/mail/add"' in page
    assert "<table" not in page


def test_every_state_in_words_and_found_by_it(each_app: Flask, post: Post) -> None:
    post.answers["refused@one.example"] = "550 no such mailbox"
    post.before = lambda address: setattr(post, "hang_up", address.startswith("perhaps"))
    names = ("sent", "refused", "perhaps", "returned", "withdrawn", "stopped")
    round_, client = mailed(each_app, *(f"{name}@one.example" for name in names))
    listed(round_, "new@one.example", group="employers", name="Nora Neu")
    client.post(
        path(round_, f"/people/{number('returned@one.example')}/came-back"), data={"why": "mailbox full"}
    )
    do(client, round_, "withdrawn@one.example", "take-back")
    stop = next(m for m in post.messages if m["To"] == "stopped@one.example")["List-Unsubscribe"].strip("<>")
    each_app.test_client().post(stop.removeprefix("http://127.0.0.1:8000"))
    page = client.get(path(round_)).text
    expected = {
        "sent@one.example": "sent",
        "refused@one.example": "refused",
        "perhaps@one.example": "perhaps sent",
        "returned@one.example": "came back",
        "withdrawn@one.example": "taken back",
        "stopped@one.example": "wants no mail",
        "new@one.example": "to send",
    }
    assert rows(page) == expected
    assert "550 no such mailbox" in page
    assert "mailbox full" in page
    assert not re.search(r"/i/|/stop/", page), "staff never see a link"
    for state in ("sent", "refused", "perhaps", "came_back", "taken_back", "no_mail", "to_send"):
        found = rows(client.get(path(round_, f"?state={state}")).text)
        assert len(found) == 1, state
    for words in ("NEW@one", "nora", "neu"):
        assert list(rows(client.get(path(round_, f"?words={words}")).text)) == ["new@one.example"]
    assert list(rows(client.get(path(round_, "?group=employers")).text)) == ["new@one.example"]
    assert rows(client.get(path(round_, "?words=%25")).text) == {}
    assert "Nobody matches this search" in client.get(path(round_, "?words=nobody&group=x&state=y")).text


def test_long_lists_come_in_pages_with_few_queries(app: Flask) -> None:
    round_ = opened_round()
    listed(round_, *(f"p{n:03}@one.example" for n in range(120)))
    client = lead_of(app, round_)
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    first = rows(client.get(path(round_)).text)
    assert len([one for one in counted if not one.startswith(("BEGIN", "PRAGMA", "ROLLBACK"))]) <= 14
    third = rows(client.get(path(round_, "?page=3")).text)
    assert (len(first), len(third)) == (50, 20)
    assert not set(first) & set(third)
    assert client.get(path(round_, "?page=99")).status_code == 200


def test_a_new_link_kills_the_old_one_and_goes_out(each_app: Flask, post: Post) -> None:
    round_, client = mailed(each_app, "a@one.example")
    old = link_in(post.messages[0])
    person = each_app.test_client()
    person.post(old)
    assert "The old link no longer works" in do(client, round_, "a@one.example", "renew")
    new = link_in(post.messages[1])
    assert new != old
    assert person.get(old).status_code == 404
    assert person.get("/answer/f7").status_code != 200, "nor does the session that the old link began"
    assert each_app.test_client().get(new).status_code == 200
    assert post.messages[0]["Message-ID"] != post.messages[1]["Message-ID"]


def test_sending_again_uses_the_same_link(app: Flask, post: Post) -> None:
    post.answers["a@one.example"] = "550 mailbox full"
    round_, client = mailed(app, "a@one.example")
    del post.answers["a@one.example"]
    do(client, round_, "a@one.example", "again")
    assert deliveries()["a@one.example"] == ("sent", None)
    [message] = post.messages
    assert app.test_client().get(link_in(message)).status_code == 200


def test_taking_back_and_inviting_again(each_app: Flask, post: Post) -> None:
    round_, client = mailed(each_app, "a@one.example")
    link = link_in(post.messages[0])
    do(client, round_, "a@one.example", "take-back")
    assert each_app.test_client().get(link).status_code == 410
    do(client, round_, "a@one.example", "invite")
    assert each_app.test_client().get(link).status_code == 200
    assert post.addresses == ["a@one.example"] * 2
    each_app.test_client().post(link)
    do(client, round_, "a@one.example", "take-back")
    do(client, round_, "a@one.example", "invite")
    assert status_of("a@one.example") == "started", "what was begun can be gone on with"


@pytest.mark.parametrize("action", ["renew", "again", "take-back", "invite"])
def test_no_action_tells_who_has_answered(app: Flask, post: Post, action: str) -> None:
    """Two people, one of whom has answered: pages, log and mail must be the same for both."""
    round_, client = mailed(app, "yes@one.example", "not@one.example")
    assert status_of("yes@one.example", "answered") == "answered"
    seen = {}
    for email in ("yes@one.example", "not@one.example"):
        if action == "invite":
            do(client, round_, email, "take-back")
        before = len(post.messages)
        said = bare(do(client, round_, email, action))
        page = re.sub(r"/people/\d+", "/people/N", said.replace(email, "X"))
        state = rows(client.get(path(round_, f"?words={email}")).text)[email]
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        seen[email] = page, state, len(post.messages) - before, entry.action, entry.about
        assert "<h1>" in page
        assert email not in entry.about
    assert seen["yes@one.example"] == seen["not@one.example"]
    assert status_of("yes@one.example") == "answered", "the answer stays counted"
    assert {"take-back": "revoked"}.get(action, "invited") == status_of("not@one.example")
    if action == "renew":
        thanks = app.test_client().get(link_in(post.messages[2]))
        assert "already answered" in thanks.text


def test_the_overview_is_the_same_whoever_has_answered(app: Flask, post: Post) -> None:
    round_, client = mailed(app, "a@one.example", "b@one.example")
    before = bare(client.get(path(round_)).text)
    status_of("a@one.example", "answered")
    status_of("b@one.example", "started")
    assert bare(client.get(path(round_)).text) == before
    assert "a@one.example" in before


def test_addresses_that_came_back_as_a_list(app: Flask, post: Post) -> None:
    round_, client = mailed(app, "a@one.example", "b@one.example", "c@one.example")
    data = {
        "file": (io.BytesIO(b"Report;Who\nx;A@one.example\ny;<b@one.example>\n;else@one.example"), "b.csv")
    }
    page = client.post(
        path(round_, "/came-back"), data=data, content_type="multipart/form-data", follow_redirects=True
    ).text
    assert "2 addresses of this round are marked" in page
    assert rows(page) == {"a@one.example": "came back", "b@one.example": "came back", "c@one.example": "sent"}
    assert client.post(path(round_, "/came-back"), data={"pasted": " "}).status_code == 422
    do(client, round_, "a@one.example", "again")
    assert post.addresses[3:] == ["a@one.example"], "somebody repaired the mailbox"


def test_people_of_another_round_do_not_exist_here(app: Flask) -> None:
    round_ = opened_round()
    other = opened_round(key="other", city="Otherton")
    listed(other, "secret@other.example")
    client = lead_of(app, round_)
    there = number("secret@other.example")
    assert client.get(path(round_, f"/people/{there}")).status_code == 404
    assert client.post(path(round_, f"/people/{there}"), data={"do": "take-back"}).status_code == 404
    assert client.post(path(round_, f"/people/{there}/came-back"), data={"why": ""}).status_code == 404
    assert status_of("secret@other.example") == "invited"
    assert "secret" not in client.get(path(round_)).text


@pytest.mark.parametrize("role", ["viewer", "facilitator", "translator"])
def test_only_leads_see_the_list(app: Flask, role: str) -> None:
    round_ = opened_round()
    client = app.test_client()
    sign_in(client, lead(round_.city, "other@example.org", role))
    for rest in ("", "/add", "/texts/en", "/reminders", "/came-back"):
        assert client.get(path(round_, rest)).status_code == 404


def test_an_unknown_action_is_refused(app: Flask) -> None:
    round_ = opened_round()
    listed(round_, "a@one.example")
    client = lead_of(app, round_)
    assert (
        client.post(path(round_, f"/people/{number('a@one.example')}"), data={"do": "x"}).status_code == 400
    )


def test_no_count_tells_whether_somebody_taken_back_had_answered(app: Flask, post: Post) -> None:
    """Only an invitation without an answer is revoked; the numbers of the field must not fall by it."""
    round_, client = mailed(app, "yes@one.example", "not@one.example", "begun@one.example")
    status_of("yes@one.example", "answered")
    app.test_client().post(link_in(post.messages[2]))
    before = bare(client.get(f"/rounds/{round_.key}").text)
    for email in ("yes@one.example", "not@one.example", "begun@one.example"):
        do(client, round_, email, "take-back")
        client.get(path(round_))  # what was flashed is read
        assert bare(client.get(f"/rounds/{round_.key}").text) == before, email
    assert status_of("not@one.example") == status_of("begun@one.example") == "revoked"
