"""Guards that watch the whole application."""

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from surveyapp.answering.forms import steps
from surveyapp.database import db
from surveyapp.models.content import content
from tests.builders import codes, group_code, link, opened_round

DIRECTIONS = {"en": "ltr", "de": "ltr", "ar": "rtl"}
MOST_QUERIES = 8


def test_every_endpoint_has_an_access_rule(app: Flask) -> None:
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "access_rule")
    ]
    assert bare == []


def test_every_template_compiles(app: Flask) -> None:
    names = app.jinja_env.list_templates(extensions=["html"])
    assert len(names) > 12
    for name in names:
        app.jinja_env.get_template(name)


def parsed(page: str) -> html5lib.treebuilders.base.Node:
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
    pages = {"/", "/join", "/privacy", "/accessibility", "/sign-in", "/i/nonsense", "/answer/f1", "/nowhere"}
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


def check_page(client: FlaskClient, path: str, language: str, dir_: str) -> None:
    answer = client.get(path)
    root = parsed(answer.text)
    assert (root.get("lang"), root.get("dir")) == (language, dir_), path
    assert "style=" not in answer.text, path
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


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
