"""Guards that watch the whole application."""

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from surveyapp.answering.forms import steps
from surveyapp.config import FOR_RESPONDENTS
from surveyapp.database import db
from surveyapp.models.content import content
from tests.builders import codes, group_code, link, opened_round
from tests.conftest import make_app, within

DIRECTIONS = {"en": "ltr", "de": "ltr", "ar": "rtl"}
IN_ENGLISH = {
    "What do you think about the language courses?",
    "Look at your answers",
    "Thank you. Your answers have arrived.",
}
MOST_QUERIES = 8

Node = html5lib.treebuilders.base.Node


def test_every_endpoint_has_an_access_rule(app: Flask) -> None:
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "access_rule")
    ]
    assert bare == []


def test_every_template_compiles(app: Flask) -> None:
    names = app.jinja_env.list_templates(extensions=["html"])
    assert len(names) > 12
    for name in names:
        app.jinja_env.get_template(name)


def parsed(page: str) -> Node:
    """Parses strictly; ids must be unique and every control named."""
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    ids = [node.get("id") for node in document.iter() if node.get("id")]
    assert len(ids) == len(set(ids)), "an id stands twice"
    labelled = {node.get("for") for node in document.iter("label")}
    inside = {control for label in document.iter("label") for control in label.iter("input")}
    for control in [*document.iter("input"), *document.iter("textarea"), *document.iter("select")]:
        hidden = control.get("type") == "hidden"
        assert hidden or control in inside or control.get("id") in labelled, "a control without a label"
    return document


@pytest.mark.parametrize(("language", "dir_"), DIRECTIONS.items())
def test_every_respondent_page_in_every_language(
    app: Flask, client: FlaskClient, language: str, dir_: str
) -> None:
    round_ = opened_round()
    pages = {
        "/",
        "/join",
        "/privacy",
        "/protection",
        "/accessibility",
        "/sign-in",
        "/i/nonsense",
        "/answer/f1",
        "/nowhere",
    }
    pages |= {f"/join/{code}" for code in (*codes(round_), group_code(round_))}
    for path in sorted(pages):
        check_page(client, f"{path}?language={language}", language, dir_)
    for group in round_.groups:
        path = link(round_, group.key)
        check_page(client, path, language, dir_)
        assert client.post(path, data={"language": language}).status_code == 303
        for key in (*steps(content(round_), group.key, group.short), "review"):
            check_page(client, f"/answer/{key}", language, dir_)
        client.post("/answer/send")
        check_page(client, "/answer/thanks", language, dir_)
        check_page(client, path, language, dir_)


def test_the_way_of_a_respondent_in_all_languages(sqlite_url: str) -> None:
    """One page of each kind, in every language there is."""
    for app in within(make_app(sqlite_url, languages=FOR_RESPONDENTS)):
        round_ = opened_round(languages=FOR_RESPONDENTS)
        for language in FOR_RESPONDENTS:
            client, path, dir_ = app.test_client(), link(round_), "rtl" if language in ("ar", "fa") else "ltr"
            start = check_page(client, f"{path}?language={language}", language, dir_)
            client.post(path, data={"language": language})
            factor = check_page(client, "/answer/f7", language, dir_)
            client.post("/answer/f7", data={"f7": "2", "f7:comment": "words"})
            review = check_page(client, "/answer/review", language, dir_)
            [sealed] = [node.get("value") for node in review.iter("input") if node.get("name") == "receipt"]
            answer = client.post("/answer/send", data={"receipt": sealed})
            receipt = check_answer(answer, "/answer/send", language, dir_)
            said = {node.text for page in (start, factor, review, receipt) for node in page.iter("h1")}
            assert len(said) == 4, language
            assert bool(said & IN_ENGLISH) == (language == "en"), language


def check_page(client: FlaskClient, path: str, language: str, dir_: str) -> Node:
    return check_answer(client.get(path), path, language, dir_)


def check_answer(answer: TestResponse, path: str, language: str, dir_: str) -> Node:
    root = parsed(answer.text)
    assert (root.get("lang"), root.get("dir")) == (language, dir_), path
    assert "style=" not in answer.text, path
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    return root


def test_queries_of_respondent_pages(app: Flask, client: FlaskClient) -> None:
    path = link(opened_round())
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    requests = [
        ("GET", path), ("POST", path), ("GET", "/answer"), ("GET", "/answer/f7"), ("POST", "/answer/f7"),
        ("GET", "/answer/review"), ("POST", "/answer/send"), ("GET", "/answer/thanks"),
    ]  # fmt: skip
    spent = {}
    for method, target in requests:
        counted.clear()
        data = {"f7": "2", "f7-lea-1": "3", "f7:comment": "words"} if target == "/answer/f7" else {}
        assert client.open(target, method=method, data=data).status_code in (200, 302, 303)
        spent[f"{method} {target.split('/')[-1] if 'answer' in target else 'start'}"] = len(
            [statement for statement in counted if not statement.startswith(("BEGIN", "COMMIT", "PRAGMA"))]
        )
    assert {name: number for name, number in spent.items() if number > MOST_QUERIES} == {}


def test_the_first_page_is_light(app: Flask, client: FlaskClient) -> None:
    page = client.get(link(opened_round()))
    links = [node.get("href") for node in parsed(page.text).iter("link")]
    assert all(path.startswith("/static/") for path in links), "a request to elsewhere"
    weight = len(page.data) + sum(len(client.get(path).data) for path in links)
    assert weight < 50_000
    assert 1 + len(links) <= 4
    assert "script" not in page.text
