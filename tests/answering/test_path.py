"""From the link to the receipt."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from surveyapp.database import db
from surveyapp.models import Answer, Comment, Draft, DraftAnswer, Invitation, LanguageCount, Response, Tally
from tests.builders import codes, group_code, link, opened_round


def start(client: FlaskClient, path: str) -> None:
    answer = client.post(path)
    assert answer.status_code == 303, answer.text
    assert answer.location.startswith("/answer")


def test_whole_path_of_a_learner(each_app: Flask) -> None:
    round_ = opened_round()
    client = each_app.test_client()
    path = link(round_)
    page = client.get(path)
    assert "What do you think about the language courses?" in page.text
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0, "GET writes nothing"
    start(client, path)
    order = ["f7", "f6", "f5", "f4", "f3", "f8", "f9", "f1", "f2", "closing"]
    assert client.get("/answer").location == "/answer/f7"
    for key, following in zip(order, [*order[1:], "review"], strict=True):
        assert client.get(f"/answer/{key}").status_code == 200
        data = {"go": "next"}
        if key not in ("closing", "f2"):
            data |= {key: "2", f"{key}:comment": "fine" if key == "f7" else ""}
        if key == "closing":
            data |= {"x-best:comment": "The teacher"}
        assert client.post(f"/answer/{key}", data=data).location == f"/answer/{following}"
    review = client.get("/answer/review").text
    assert "Mostly" in review
    assert client.post("/answer/send").location == "/answer/thanks"
    assert "Thank you. Your answers have arrived." in client.get("/answer/thanks").text

    assert db.session.scalar(select(func.count()).select_from(Draft)) == 0
    assert db.session.scalar(select(func.count()).select_from(DraftAnswer)) == 0
    assert db.session.scalars(select(Invitation.status)).all() == ["answered"]
    assert db.session.scalar(select(func.count()).select_from(Response)) == 1
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 8
    assert sorted(db.session.execute(select(Comment.question, Comment.text)).all()) == [
        ("f7", "fine"),
        ("x-best", "The teacher"),
    ]
    tally = {(row.question, row.category): row.n for row in db.session.scalars(select(Tally))}
    assert tally == {**{(key, "2"): 1 for key in order[:8]}, ("*", "people"): 1}
    assert [(c.language, c.n) for c in db.session.scalars(select(LanguageCount))] == [("en", 1)]


def test_sending_twice_counts_once(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    path = link(round_)
    start(client, path)
    client.post("/answer/f7", data={"f7": "3"})
    for _ in range(2):
        assert client.post("/answer/send").location == "/answer/thanks"
    assert client.get("/answer/f7").location == "/answer/thanks", "Back gets the same thanks"
    assert client.post("/answer/f7", data={"f7": "0"}).location == "/answer/thanks"
    assert "already answered" in client.get(path).text
    assert db.session.scalar(select(func.count()).select_from(Response)) == 1


def test_skipped_dont_know_and_not_for_me_are_kept_apart(app: Flask, client: FlaskClient) -> None:
    start(client, link(opened_round()))
    client.post("/answer/f5", data={"f5-lea-1": "dk", "f5-lea-4": "na"})
    client.post("/answer/send")
    kept = dict(db.session.execute(select(Answer.question, Answer.choice)).all())
    assert kept == {"f5-lea-1": "dk", "f5-lea-4": "na"}


def test_a_personal_link_resumes_in_another_browser(app: Flask) -> None:
    path = link(opened_round())
    one, two = app.test_client(), app.test_client()
    start(one, path)
    one.post("/answer/f7", data={"f7": "3"})
    start(two, path)
    assert two.get("/answer").location == "/answer/f7"
    assert 'value="3" checked' in two.get("/answer/f7").text


def test_a_code_resumes_only_in_the_same_browser(app: Flask) -> None:
    [code] = codes(opened_round())
    one, two = app.test_client(), app.test_client()
    joined = one.post("/join", data={"code": f"{code[:4].lower()} - {code[4:]}"})
    assert joined.location == f"/join/{code}"
    start(one, f"/join/{code}")
    one.post("/answer/f7", data={"f7": "3"})
    start(one, f"/join/{code}")
    refused = two.post(f"/join/{code}")
    assert refused.status_code == 409
    assert "already in use" in refused.text


def test_a_group_link_takes_many_and_resumes_each(app: Flask) -> None:
    code = group_code(opened_round())
    one, two = app.test_client(), app.test_client()
    for client in (one, two, one):
        start(client, f"/join/{code}")
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == 2
    for client, choice in ((one, "1"), (two, "2")):
        client.post("/answer/f7", data={"f7": choice})
        client.post("/answer/send")
    assert sorted(db.session.scalars(select(Answer.choice))) == ["1", "2"]


def test_language_switch_saves_and_stays(app: Flask, client: FlaskClient) -> None:
    start(client, link(opened_round()))
    moved = client.post("/answer/f7", data={"f7": "1", "f7:comment": "شكرا", "language": "ar"})
    assert moved.location == "/answer/f7"
    page = client.get("/answer/f7").text
    assert 'lang="ar" dir="rtl"' in page
    assert "شكرا" in page
    assert 'value="1" checked' in page


def test_next_person_leaves_nothing(app: Flask, client: FlaskClient) -> None:
    [code] = codes(opened_round())
    start(client, f"/join/{code}")
    client.post("/answer/send")
    assert "Is this not your phone?" in client.get("/answer/thanks").text
    assert client.post("/answer/next-person").location == "/join"
    assert client.get("/answer/f7").status_code == 403
