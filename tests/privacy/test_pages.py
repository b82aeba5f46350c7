"""The page for the data protection officer, and the two documents."""

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from surveyapp.database import db
from surveyapp.models import Round
from tests.assessments.walking import seen
from tests.builders import codes, draft_round, lead, opened_round
from tests.comparison.closed import sign_in
from tests.comparison.test_pages import counted
from tests.privacy.people import answer, closed, invite
from tests.test_guards import parsed

PATH = "/rounds/autumn/privacy"
MOST_QUERIES = (
    20  # the check of anonymity looks into every table of the live database: half of them are its own
)
DOCUMENTS = ("record/en", "record/de", "assessment/en", "assessment/de")


def test_it_says_what_is_stored_for_how_long_and_who_sees_it(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    invite(round_, "a@x.example", "b@x.example")
    sign_in(client, lead(round_.city))
    text = seen(client.get(PATH).text)
    for words in (
        "90 days after closing.",
        "12 months after closing.",
        "Staff see counts of a group only.",
        "Before closing, somebody with full access to the server",
        "Closing deletes everything that was not sent",
        "Personal link by mail: confidential (used in this round)",
        "Code, group link or paper: anonymous The service",
        "A group with fewer than 5 answers is not shown at all",
        "Nobody sees results while the round is open.",
        "Holds No reference between tables leads from a sent answer to an invitation, or back.",
        "After closing Answers not sent yet hang on their invitation.",
        "Single answers are never exported from this round",
    ):
        assert words in text, words
    assert "Fails" not in text
    assert 'href="/privacy"' in client.get(PATH).text


def test_it_follows_the_settings_of_the_round(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round(threshold=3, answers_export=True)
    codes(round_)
    sign_in(client, lead(round_.city))
    text = seen(client.get(PATH).text)
    assert "A group with fewer than 3 answers is not shown at all" in text
    assert "For groups of persons the limit is 5." in text
    assert "single answers may be exported after closing" in text
    assert "Code, group link or paper: anonymous (used in this round)" in text


def test_a_promise_that_does_not_hold_is_told_on_the_page(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    sign_in(client, lead(round_.city))
    db.session.execute(db.text("ALTER TABLE responses ADD COLUMN sent_at TIMESTAMP"))
    db.session.commit()
    text = seen(client.get(PATH).text)
    assert "Fails Sent answers hold more than they should: responses.sent_at." in text
    assert "do not open or close a round until it is fixed" in text


@pytest.mark.parametrize("state", ["draft", "open", "closed"])
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_every_page_in_every_state_and_language(each_app: Flask, state: str, language: str) -> None:
    client = each_app.test_client()
    round_ = draft_round() if state == "draft" else opened_round()
    if state == "closed":
        for path in invite(round_, "a@x.example", "b@x.example").values():
            answer(each_app, path, "words")
        round_ = closed(round_)
    sign_in(client, lead(round_.city))
    for path in ("", "/deletion", "/contact"):
        answered = client.get(f"{PATH}{path}?language={language}")
        assert answered.status_code == 200
        root = parsed(answered.text)
        assert root.get("lang") == language
        assert len(list(root.iter("h1"))) == 1
        assert "style=" not in answered.text
        assert "<script" not in answered.text
        assert answered.text.count('class="button"') <= 1
    page = client.post(f"{PATH}/contact", data={"email": "a@x.example", "language": language})
    assert parsed(page.text).get("lang") == language


def test_queries(each_app: Flask) -> None:
    round_ = opened_round()
    for path in invite(round_, *(f"{n}@x.example" for n in range(8))).values():
        answer(each_app, path, "words")
    client = each_app.test_client()
    sign_in(client, lead(closed(db.session.get_one(Round, round_.id)).city))
    spent = {}
    for path, data in (("", None), ("/deletion", None), ("/contact", {"email": "1@x.example"})):
        with counted() as statements:
            assert client.open(PATH + path, method="POST" if data else "GET", data=data).status_code == 200
        spent[path] = len(statements)
    assert spent[""] <= MOST_QUERIES, spent
    assert max(spent["/deletion"], spent["/contact"]) <= 12, spent


def body_of(client: FlaskClient, path: str) -> str:
    file = client.get(f"{PATH}/{path}")
    name, language = path.split("/")
    assert file.status_code == 200
    assert file.headers["Content-Disposition"] == (
        f'attachment; filename="autumn-privacy-{name}-{language}.html"'
    )
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(file.text.lstrip())
    assert root.get("lang") == language
    assert file.text.lstrip().startswith("<!doctype html>")
    assert "http" not in file.text, "a document loads nothing from elsewhere"
    return seen(file.text)


def test_the_documents_are_filled_with_the_round(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round(languages=("en", "de", "ar"))
    codes(round_)
    round_.contacts_keep_days, round_.comments_keep_months = 45, 7
    db.session.commit()
    sign_in(client, lead(round_.city))
    told = {path: body_of(client, path) for path in DOCUMENTS}
    for text in told.values():
        assert "Testville" in text
        assert "Autumn 2026" in text
        assert "45" in text
        assert "7" in text
        assert "[" in text
    assert "Learners (people who answer for themselves)" in told["record/en"]
    assert "English, German, Arabic" in told["record/en"]
    assert "Ask us at 0100 555 010" in told["record/en"]
    assert "45 days after closing" in told["record/en"]
    assert "(no personal links used so far)" in told["record/en"]
    assert "Englisch, Deutsch, Arabisch" in told["record/de"]
    assert "45 Tage nach dem Schließen" in told["record/de"]
    assert "Nichts" not in told["record/de"]
    assert "codes, group links, paper or an imported file" in told["assessment/en"]
    assert "by personal link by mail" not in told["assessment/en"]
    assert "Unter 5 Antworten wird nichts gezeigt" in told["assessment/de"]


def test_the_documents_stay_below_three_pages(app: Flask, client: FlaskClient) -> None:
    from weasyprint import HTML

    round_ = opened_round()
    invite(round_, "a@x.example")
    codes(round_)
    sign_in(client, lead(round_.city))
    pages = {path: len(HTML(string=client.get(f"{PATH}/{path}").text).render().pages) for path in DOCUMENTS}
    assert max(pages.values()) <= 3, pages


def test_documents_that_are_not_there(app: Flask, client: FlaskClient) -> None:
    round_ = opened_round()
    sign_in(client, lead(round_.city))
    assert client.get(f"{PATH}/record/fr").status_code == 404
    assert client.get(f"{PATH}/assessment/..").status_code == 404


def test_only_the_lead(app: Flask) -> None:
    round_ = opened_round()
    for role in ("viewer", "facilitator", "translator"):
        browser = app.test_client()
        sign_in(browser, lead(round_.city, f"{role}@x.example", role))
        for path in ("", "/deletion", "/contact", *(f"/{name}" for name in DOCUMENTS)):
            assert browser.get(PATH + path).status_code == 404, (role, path)
