"""What operators watch, what every answer carries, and what a fault looks like."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.test import Client

from surveyapp.analysis.counts import SMALLEST_THRESHOLD
from surveyapp.analysis.rules import RULES
from surveyapp.answering import actions
from surveyapp.cli.server import logged, masked
from surveyapp.config import PACKAGE
from surveyapp.database import db
from surveyapp.models import DraftAnswer
from surveyapp.privacy.retention import MOST_DAYS, MOST_MONTHS
from tests.assessments.walking import seen
from tests.builders import codes, link, opened_round
from tests.conftest import make_app

# What the start page promises, by the way that leads to it
PROMISES = {
    "{link}": (
        "We know who was invited, not what you said",
        "When you send your answers, they are cut off from your invitation. Nobody can put them together again.",
    ),
    "/join/{code}": (
        "We cannot know who answered",
        "We do not ask your name. Your teacher and the immigration office do not see your answers. "
        "Nothing changes for your course, your papers or your money.",
    ),
}


def test_health_and_readiness(app: Flask, client: FlaskClient) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ok\n"
    assert client.get("/.well-known/security.txt").text.startswith("Contact: mailto:")


def test_not_ready_without_tables(tmp_path) -> None:
    bare = make_app(f"sqlite:///{tmp_path}/bare.sqlite").test_client()
    assert bare.get("/healthz").status_code == 200
    assert bare.get("/readyz").status_code == 503


def test_those_who_answer_find_out_what_protects_them(app: Flask, client: FlaskClient) -> None:
    path = link(opened_round())
    to_it = 'href="/protection"'
    assert client.get(path).text.count(to_it) == 2, "beside the promises, and at the foot as on every page"
    assert client.get("/privacy").text.count(to_it) == 2
    assert to_it in client.get("/join").text
    page = client.get("/protection").text
    assert len(seen(page[page.index("<main") : page.index("</main>")]).split()) <= 350
    for where in ("/privacy", "/receipt"):
        assert f'href="{where}"' in page


def test_the_page_on_protection_promises_what_the_start_page_promises(
    app: Flask, client: FlaskClient
) -> None:
    round_ = opened_round()
    text = seen(client.get("/protection").text)
    for path, promises in PROMISES.items():
        start = seen(app.test_client().get(path.format(link=link(round_), code=codes(round_)[0])).text)
        for promise in promises:
            assert promise in start
            assert promise in text
    assert "nothing of fewer than five" in text
    assert RULES.persons_floor == 5
    assert "from three" in text
    assert SMALLEST_THRESHOLD == 3
    assert "no result says that all answered the same, unless they are 300 or more" in text
    assert RULES.top_coding_below == 300
    assert "one year after the survey at the latest, texts after three years" in text
    assert (MOST_DAYS, MOST_MONTHS) == (365, 36)


def test_metrics_need_the_token(sqlite_url: str) -> None:
    client = make_app(sqlite_url, metrics_token="abc").test_client()
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer abd"}).status_code == 404
    assert "surveyapp_responses 0.0" in client.get("/metrics", headers={"Authorization": "Bearer abc"}).text
    assert (
        make_app(sqlite_url).test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code
        == 404
    )


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (RuntimeError("a fault of ours"), 500),
        (OperationalError("SELECT", {}, Exception("disk is full")), 503),
    ],
)
def test_a_fault_is_told_kindly_and_keeps_what_was_saved(
    app: Flask, client: FlaskClient, monkeypatch, fault: Exception, status: int
) -> None:
    client.post(link(opened_round()), data={"language": "de"})
    client.post("/answer/f7", data={"f7": "3"})
    working = actions.save_answers

    def failing(*given: object) -> None:
        working(*given)
        raise fault

    monkeypatch.setattr(actions, "save_answers", failing)
    answer = client.post("/answer/f6", data={"f6": "1"})
    assert answer.status_code == status
    assert 'lang="de"' in answer.text
    assert "fault of ours" not in answer.text
    assert db.session.execute(select(DraftAnswer.question, DraftAnswer.choice)).all() == [("f7", "3")]
    monkeypatch.setattr(actions, "save_answers", working)
    assert client.post("/answer/f6", data={"f6": "1"}).status_code == 303


def test_tokens_do_not_reach_the_log() -> None:
    assert masked("/i/abcdefgh") == "/i/…"
    assert masked("/join/K7MW4PXT") == "/join/…"
    assert masked("/sign-in/WyJhIl0.x.y") == "/sign-in/…"
    assert masked("/sign-in/invited/WyJhIl0.x.y") == "/sign-in/invited/…"
    assert masked("/class/abcdefgh/open") == "/class/…/open"
    assert masked("/answer/f7") == "/answer/f7"
    assert masked("/i/abc\ndef") == "/i/…"
    assert masked("/x\n[2026-11-26] GET /") == "/x\ufffd[2026-11-26] GET /"


def test_a_line_of_the_log_says_what_and_how_but_not_who(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(logged(app.wsgi_app))
    with caplog.at_level("INFO", "surveyapp.access"):
        answer = client.get(
            "/i/abcdefgh?from=mail",
            headers={"User-Agent": "Mozilla/5.0"},
            environ_base={"REMOTE_ADDR": "192.0.2.7"},
        )
    assert re.fullmatch(rf"GET /i/… 404 {len(answer.data)} \d+ms", caplog.messages[0])


@pytest.mark.parametrize("name", ["web.css", "answer.js", "icon.svg"])
def test_static_files_are_kept_for_a_year_and_guarded_like_pages(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/static/{name}?v=0123456789")
    page = client.get("/").headers
    assert answer.status_code == 200
    assert answer.data == (PACKAGE / "static" / name).read_bytes()
    assert answer.headers["Cache-Control"] == "max-age=31536000, public"
    for header in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
        assert answer.headers[header] == page[header]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/static/", "/static/none.css", "/static/../app.py", "/static/%2e%2e/app.py"]
)
def test_nothing_beside_the_static_files_is_given_out(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post("/static/web.css").status_code in (400, 405)


def test_an_unwritable_database_says_so(tmp_path) -> None:
    client = make_app(f"sqlite:///{tmp_path}").test_client()  # a folder stands where the file should be
    answer = client.get("/i/abcdefgh")
    assert answer.status_code == 503
    assert "Something went wrong" in answer.text
