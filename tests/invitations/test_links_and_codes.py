"""What people hold: links, codes, a group's code; and what they are told when it does not work."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from surveyapp import limits
from surveyapp.assessments.actions import close_round
from surveyapp.database import db
from surveyapp.models import Batch, CodeTry, Invitation, Round
from surveyapp.tokens import ALPHABET, in_fours, link_token, short_code, token_hash, typed
from tests.builders import codes, draft_round, group, group_code, link, opened_round


def test_tokens_are_derived_and_never_stored(app: Flask) -> None:
    path = link(opened_round())
    token = path.removeprefix("/i/")
    invitation = db.session.scalar(select(Invitation))
    assert len(token) == 24
    assert link_token("personal", invitation.id, invitation.version) == token
    assert link_token("personal", invitation.id, invitation.version + 1) != token
    assert link_token("personal", invitation.id + 1, invitation.version) != token
    assert invitation.token_hash == token_hash(token)
    stored = [
        str(value)
        for table in db.metadata.sorted_tables
        for row in db.session.execute(select(table))
        for value in row
    ]
    assert not any(token in value for value in stored)
    app.config["TOKEN_KEY"] = "another key"
    assert link_token("personal", invitation.id, invitation.version) != token


def test_codes_have_no_letters_that_look_alike() -> None:
    assert not set("0O1IL5S8B2ZUV") & set(ALPHABET)
    assert in_fours("K7MW4PXT") == "K7MW-4PXT"
    assert typed(" k7mw - 4pxt ") == "K7MW4PXT"


def test_codes_that_meet_by_chance_are_told_apart(app: Flask, monkeypatch) -> None:
    """Every code of version 1 is the same: each next row must move to a version of its own."""
    from surveyapp import issuing

    monkeypatch.setattr(
        issuing,
        "short_code",
        lambda kind, row, version: "AAAAAAAA" if version == 1 else short_code(kind, row, version),
    )
    issued = codes(opened_round(), 3)
    assert len(set(issued)) == 3
    for code in issued:
        assert issuing.find_by_token(code).status == "invited"


def test_a_class_behind_one_address_is_never_slowed_down(
    app: Flask, client: FlaskClient, monkeypatch
) -> None:
    monkeypatch.setattr(limits, "WRONG_CODES_PER_ADDRESS", 3)
    for code in codes(opened_round(), 12):
        assert client.post("/join", data={"code": code}).location == f"/join/{code}"
    assert db.session.scalars(select(CodeTry)).all() == []


def test_guessing_codes_is_stopped_and_no_address_kept(each_app: Flask, monkeypatch) -> None:
    monkeypatch.setattr(limits, "WRONG_CODES_PER_ADDRESS", 3)
    client = each_app.test_client()
    [code] = codes(opened_round())
    answers = [client.post("/join", data={"code": "WRONG"}).status_code for _ in range(4)]
    assert answers == [422, 422, 422, 429]
    assert client.post("/join", data={"code": code}).status_code == 429
    assert client.post(f"/join/{code}").status_code == 429, "the address of a code is no way around"
    assert client.get(f"/join/{code}").status_code == 429
    elsewhere = each_app.test_client().post(
        "/join", data={"code": code}, environ_base={"REMOTE_ADDR": "10.0.0.9"}
    )
    assert elsewhere.location == f"/join/{code}"
    rows = db.session.scalars(select(CodeTry)).all()
    assert [row.tries for row in rows] == [3, 3], "one for the address, one for the code"
    assert not any("127.0.0.1" in row.bucket or "WRONG" in row.bucket for row in rows)


def test_one_code_is_not_tried_over_and_over_from_many_addresses(app: Flask, monkeypatch) -> None:
    monkeypatch.setattr(limits, "WRONG_TRIES_PER_CODE", 3)
    [code] = codes(opened_round())

    def tried(what: str, number: int) -> int:
        address = {"REMOTE_ADDR": f"10.0.0.{number}"}
        return app.test_client().post("/join", data={"code": what}, environ_base=address).status_code

    assert [tried("AAAACCCC", number) for number in range(4)] == [422, 422, 422, 429]
    assert tried("AAAADDDD", 5) == 422, "another code is another guess"
    assert tried(code, 6) == 302


def test_a_class_of_thirty_may_mistype_ten_times_each(app: Flask, client: FlaskClient) -> None:
    issued = codes(opened_round(), 30)
    for number, code in enumerate(issued):
        for slip in range(9):
            assert client.post("/join", data={"code": f"{code[:6]}{slip}0"}).status_code == 422, number
        assert client.post("/join", data={"code": code}).location == f"/join/{code}"


def test_what_does_not_work_is_said_kindly(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    path = link(round_)
    for broken in (path[:-1], f"{path}x", "/i/%00", "/i/" + "a" * 3000, f"/i/{codes(round_)[0]}"):
        answer = client.get(broken)
        assert answer.status_code == 404
        assert "We do not know this link" in answer.text
        assert client.post(broken).status_code == 404
    invitation = db.session.scalar(select(Invitation).join(Batch).where(Batch.channel == "personal"))
    invitation.status = "revoked"
    db.session.commit()
    for answer in (client.get(path), client.post(path)):
        assert answer.status_code == 410
        assert "taken it back" in answer.text
    assert client.get("/join/AAAAAAAA").location == "/join"


def test_a_closed_round_and_one_that_has_not_begun(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    path, code = link(round_), group_code(round_)
    client.post(path)
    close_round(db.session.get(Round, round_.id))
    db.session.commit()
    for answer in (
        client.get(path),
        client.post(path),
        client.get(f"/join/{code}"),
        client.get("/answer/f7"),
    ):
        assert answer.status_code == 410
        assert "This survey is closed" in answer.text
    assert client.post("/answer/send").status_code == 410
    early = link(draft_round(key="early", city="Elsewhere"))
    assert "has not started yet" in client.get(early).text


def test_the_promise_follows_the_kind_of_link(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    assert "We know who was invited, not what you said" in client.get(link(round_)).text
    for path in (f"/join/{codes(round_)[0]}", f"/join/{group_code(round_)}"):
        assert "We cannot know who answered" in client.get(path).text
    assert "people who know each other may guess" in client.get(link(round_, "providers")).text
    assert "researchers" not in client.get(link(round_)).text
    open_data = opened_round(key="open-data", answers_export=True)
    assert "researchers" in client.get(link(open_data)).text


def test_the_invitation_speaks_its_language_first(app: Flask) -> None:
    path = link(opened_round(), language="ar")
    german = {"Accept-Language": "de"}
    assert 'lang="ar" dir="rtl"' in app.test_client().get(path, headers=german).text
    assert 'lang="de" dir="ltr"' in app.test_client().get(f"{path}?language=de", headers=german).text
    assert 'lang="de"' in app.test_client().get("/join", headers=german).text


def test_a_round_offers_only_its_own_languages(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round(languages=("en", "de"))
    page = client.get(link(round_) + "?language=ar").text
    assert 'lang="en" dir="ltr"' in page
    assert "العربية" not in page
    assert group(round_, "learners").round.languages == ["en", "de"]


def test_opening_wrong_addresses_of_codes_is_guessing_too(client: FlaskClient, monkeypatch) -> None:
    monkeypatch.setattr(limits, "WRONG_CODES_PER_ADDRESS", 3)
    [code] = codes(opened_round())
    assert client.get(f"/join/{code}").status_code == 200
    assert [client.get(f"/join/{wrong}").status_code for wrong in ("AAAA", "CCCC", "DDDD")] == [302] * 3
    assert client.get(f"/join/{code}").status_code == 429


def test_a_link_that_is_not_known_leads_to_a_new_one(client: FlaskClient) -> None:
    page = client.get("/i/nothing")
    assert page.status_code == 404
    assert 'href="/lost-link"' in page.text
