"""Pages are drawn once for all: nothing of whoever came first is on the page of the next."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from surveyapp.answering import pages, receipt_views
from surveyapp.invitations import views
from surveyapp.layout.drawing import blank
from tests.builders import codes, link, opened_round

PERSONAL = r'name="(?:csrf_token|was|receipt)" value="([^"]+)"|data-(?:draft|sent|device)="([^"]+)"'


@pytest.fixture
def protected(app: Flask) -> Flask:
    """As in earnest, with tokens against forged forms; and nothing drawn yet."""
    app.config["WTF_CSRF_ENABLED"] = True
    for drawn in (views._drawn, pages._drawn, pages._review, pages._summary, receipt_views._receipt):
        drawn.cache_clear()
    return app


def secrets_of(page: str) -> set[str]:
    return {value for found in re.findall(PERSONAL, page) for value in found if value}


def token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


def walk(client: FlaskClient, path: str, choice: str, words: str) -> list[str]:
    """The first page, one of questions, the last look and the receipt of somebody who says something."""
    start = client.get(path).text
    client.post(path, data={"csrf_token": token(start)})
    page = client.get("/answer/f7").text
    form = {"csrf_token": token(page), "f7": choice, "f7:comment": words}
    assert client.post("/answer/f7", data=form).status_code == 303
    seen = [start, client.get("/answer/f7").text, client.get("/answer/review").text]
    form = dict(re.findall(r'name="(csrf_token|receipt)" value="([^"]+)"', seen[-1]))
    return [*seen, client.post("/answer/send", data=form).text]


@pytest.mark.parametrize("channel", [link, lambda round_: f"/join/{codes(round_)[0]}"])
def test_nothing_of_the_first_is_on_a_page_of_the_second(protected: Flask, channel: object) -> None:
    round_ = opened_round()
    first = walk(protected.test_client(), channel(round_), "3", "the words of the first")
    second = walk(protected.test_client(), channel(round_), "0", "the words of the second")
    for number, (before, after) in enumerate(zip(first, second, strict=True)):
        assert len(secrets_of(before)) >= (2 if number else 1)  # the first page has only its form
        assert not secrets_of(before) & secrets_of(after)
        assert "of the first" not in after
    for whose, choice in ((first, "3"), (second, "0")):
        assert re.findall(r'name="f7" value="(\d)" checked', whose[1]) == [choice]
    code = [re.findall(r'class="code" dir="ltr">([^<]+)<', pages_[3]) for pages_ in (first, second)]
    assert code[0] != code[1]


def test_pages_differ_by_language_size_and_turn(protected: Flask) -> None:
    round_ = opened_round()
    seen = []
    for query in ("", "?language=ar", "?text=large"):
        client, path = protected.test_client(), link(round_)
        start = client.get(path + query).text
        client.post(path, data={"csrf_token": token(start)})
        seen.append(re.search("<html[^>]+>", client.get("/answer/f7").text)[0])
    assert seen == [
        '<html lang="en" dir="ltr">',
        '<html lang="ar" dir="rtl">',
        '<html lang="en" dir="ltr" class="large">',
    ]
    shared = protected.test_client()
    shared.post("/shared", data={"csrf_token": token(shared.get("/shared").text), "shared": "yes"})
    path = f"/join/{codes(round_)[0]}"
    shared.post(path, data={"csrf_token": token(shared.get(path).text)})
    page = shared.get("/answer/f7").text
    assert 'id="turn"' in page
    assert "data-device" not in page


def test_a_text_stays_a_text(protected: Flask) -> None:
    """Whatever looks like a blank or like a question is shown as it was written."""
    words = f'{blank("draft_name")} name="f7-lea-1" value="1" <b>&'
    page = walk(protected.test_client(), link(opened_round()), "2", words)[1]
    assert re.findall(r'name="f7-lea-1" value="1" checked', page) == []
    written = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]
    assert "&lt;draft_name&gt; name=&#34;f7-lea-1&#34;" in written
    assert "&lt;b&gt;&amp;" in written
