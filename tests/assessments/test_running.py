"""The lead checks, opens, changes, closes, opens again, reports and archives a round, by URL."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from surveyapp import i18n, progress
from surveyapp.assessments.changing import today
from surveyapp.config import data_folder
from surveyapp.database import db
from surveyapp.models import AuditEntry, Batch, Draft, Moderation, Round
from tests.assessments.walking import filled, seen
from tests.builders import codes, draft_round, group, group_code, lead, link, opened_round
from tests.comparison.closed import sign_in
from tests.test_guards import parsed

NEXT_WEEK = today() + timedelta(days=7)
TEXTS = {
    kind: dict.fromkeys(("en", "de", "ar"), words)
    for kind, words in (
        ("contact", "Ask us at 0100 555 010"),
        ("privacy", "We keep nothing of you."),
        ("next_steps", ""),
    )
}


@pytest.fixture
def reviewed(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a native speaker had read all translations."""
    monkeypatch.setattr("surveyapp.models.translation.says_draft", lambda language: False)


def ready_round(**changes: object) -> Round:
    round_ = draft_round(**{"closes_on": NEXT_WEEK, "texts": TEXTS, **changes})
    for one in round_.groups:
        group_code(round_, one.key)
    return round_


def enter(app: Flask, round_: Round) -> FlaskClient:
    client = app.test_client()
    sign_in(client, lead(round_.city))
    return client


def again(round_: Round) -> Round:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Round, round_.id)


def logged(action: str) -> list[tuple[str, str]]:
    db.session.rollback()
    db.session.expire_all()
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == action))
    return [(entry.who, entry.about) for entry in entries]


def look(client: FlaskClient, name: str) -> str:
    page = client.get(f"/rounds/autumn/{name}")
    assert page.status_code == 200
    parsed(page.text)
    return page.text


def test_a_ready_round_opens_in_the_browser(each_app: Flask, reviewed: None) -> None:
    round_ = ready_round()
    client = enter(each_app, round_)
    page = look(client, "check")
    assert "Ready to open" in page
    assert "What is missing" not in page
    opened = client.post("/rounds/autumn/open", follow_redirects=True)
    assert "The round is open. Links and codes work from now on." in opened.text
    assert (again(round_).state, round_.opened_on) == ("open", today())
    assert logged("round.opened") == [("lead@example.org", "")]
    assert client.get("/rounds/autumn/check").location == "/rounds/autumn/manage"
    again_ = client.post("/rounds/autumn/open", follow_redirects=True)
    assert "not possible in this state" in again_.text
    assert len(logged("round.opened")) == 1


def test_a_round_that_lacks_something_does_not_open(app: Flask, reviewed: None) -> None:
    round_ = ready_round(texts={"contact": {"en": "Us"}})
    client = enter(app, round_)
    page = look(client, "check")
    assert "Not ready to open yet" in page
    assert "Open the round</button>" not in page
    assert "/rounds/autumn/setup/texts" in page
    answer = client.post("/rounds/autumn/open", follow_redirects=True)
    assert "The round cannot open yet. See what is missing." in answer.text
    assert again(round_).state == "draft"


FAULTS = {
    "no closing date": ({"closes_on": None}, "There is no closing date."),
    "a date of the past": ({"closes_on": today() - timedelta(days=1)}, "The closing date is over."),
    "no contact": ({"texts": {**TEXTS, "contact": {"en": "x", "de": "y"}}}, "can ask. Missing in: العربية."),
    "no privacy notice": ({"texts": {**TEXTS, "privacy": {"en": "x", "ar": "x"}}}, "notice. Missing in: Deutsch."),
    "no wording": (
        {"own_questions": [{"key": "own-1", "factor": "f1", "groups": ["city"], "texts": {"en": "A", "ar": "B"}}]},
        "Question 1 of your own has no wording in Deutsch.",
    ),
    "a lost factor": ({"factors": ["f1", "f99"]}, "Its benchmark is not whole: &#39;f99&#39;"),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_what_keeps_a_round_from_opening(app: Flask, reviewed: None, case: str) -> None:
    changes, told = FAULTS[case]
    round_ = ready_round()
    client = enter(app, round_)
    round_ = again(round_)
    for name, value in changes.items():
        setattr(round_, name, value)
    db.session.commit()
    page = look(client, "check")
    assert told in page
    assert "One thing is missing." in page
    client.post("/rounds/autumn/open")
    assert again(round_).state == "draft"


def test_a_translation_that_is_a_draft_needs_the_leads_word(app: Flask) -> None:
    round_ = ready_round()
    client = enter(app, round_)
    page = look(client, "check")
    assert "العربية: no native speaker has reviewed the translation yet." in page
    assert "Deutsch: no native speaker" in page
    assert "English:" not in page
    again(round_).draft_languages = ["de", "ar"]
    db.session.commit()
    page = look(client, "check")
    assert "Ready to open" in page
    assert "Deutsch: the translation is a draft. The report will say so." in page


def test_untranslated_and_outdated_texts_are_counted(
    app: Flask, reviewed: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    round_ = ready_round(languages=("en", "de"), factors=("f1", "f2"))
    client = enter(app, round_)
    for language in ("de", "ar"):
        for domain in ("benchmark", "answering", "report"):
            source = data_folder("translations") / language / "LC_MESSAGES" / f"{domain}.po"
            target = tmp_path / language / "LC_MESSAGES" / f"{domain}.po"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    for module in (i18n, progress):
        monkeypatch.setattr(module, "data_folder", lambda name: tmp_path)
    assert "Ready to open" in look(client, "check")

    benchmark = tmp_path / "de" / "LC_MESSAGES" / "benchmark.po"
    spoilt = benchmark.read_text(encoding="utf-8")
    for mark in (
        'msgctxt "language-courses-1/f1.title"',
        'msgctxt "language-courses-1/f9.title"',
        'msgctxt "language-courses-1/f1.why"',
    ):
        assert mark in spoilt
        spoilt = spoilt.replace(mark, f"#, fuzzy\n{mark}")
    benchmark.write_text(spoilt, encoding="utf-8")
    page = look(client, "check")
    assert "Deutsch: 1 text that people will read is not translated, or has changed since." in page, (
        "factor 9 is not asked, and why a factor matters is for staff"
    )
    for path in (tmp_path / "ar" / "LC_MESSAGES").iterdir():
        path.unlink()
    page = look(client, "check")
    assert "Not ready to open yet" in page
    again(round_).languages = ["en", "ar"]
    db.session.commit()
    assert re.search(r"العربية: \d{3} texts that people will read", look(client, "check")), "all of them"


def test_what_only_warns_does_not_keep_it_from_opening(app: Flask, reviewed: None) -> None:
    round_ = draft_round(closes_on=NEXT_WEEK, texts=TEXTS)
    client = enter(app, round_)
    link(round_, "city")
    codes(round_, 2, "learners")
    group_code(round_, "employers")
    round_ = again(round_)
    db.session.add(Batch(group=group(round_, "providers"), channel="codes"))
    group(round_, "city").expected, group(round_, "employers").expected = 3, None
    db.session.commit()
    client.post("/rounds/autumn/preview/migrant_orgs/try")
    page = look(client, "check")
    assert "Ready to open" in page
    for told in (
        "City administration: you expect 3 answers, and 5 are needed to show any.",
        "Employers: it is not said how many people you expect.",
        "Nobody is invited yet, by mail, code or link: Course providers and Migrant organisations.",
        "Sending mail is not set up here",
    ):
        assert told in page
    app.config["MAIL_URL"] = "smtp://localhost"
    assert "Sending mail is not set up here" not in look(client, "check")
    client.post("/rounds/autumn/open")
    assert again(round_).state == "open"


def test_the_city_alone_is_a_round(app: Flask, reviewed: None) -> None:
    from tests.builders import GROUPS

    client = enter(app, ready_round(groups=GROUPS[:1]))
    page = look(client, "check")
    assert "Only one group is asked." in page
    assert "Ready to open" in page


def test_changing_the_last_day(each_app: Flask) -> None:
    round_ = opened_round()
    client = enter(each_app, round_)
    assert "It has no last day" in look(client, "manage")
    for sent, told in (
        (str(today() - timedelta(days=1)), "This day is over."),
        ("soon", "This is not a date."),
        ("", "This is needed."),
    ):
        page = client.post("/rounds/autumn/manage/last-day", data={"closes_on": sent})
        assert page.status_code == 422
        assert told in page.text
        parsed(page.text)
    assert again(round_).closes_on is None
    done = client.post(
        "/rounds/autumn/manage/last-day", data={"closes_on": str(NEXT_WEEK)}, follow_redirects=True
    )
    assert "The last day has been changed." in done.text
    assert again(round_).closes_on == NEXT_WEEK
    assert logged("round.dates") == [("lead@example.org", str(NEXT_WEEK))]


def test_adding_and_dropping_a_language(each_app: Flask) -> None:
    texts = {kind: {"en": words["en"]} for kind, words in TEXTS.items()}
    round_ = opened_round(languages=("en", "de"), texts=texts)
    client = enter(each_app, round_)
    page = look(client, "manage")
    assert "No native speaker has reviewed this translation yet." in page
    assert "Offer العربية too" in seen(page)
    arabic = "/rounds/autumn/manage/languages/ar"
    drafted = filled(client.get(arabic).text)
    assert drafted["contact-ar"] == "Ask us at 0100 555 010"
    refused = client.post(arabic, data=drafted | {"contact-ar": "", "next_steps-ar": "kept"})
    assert refused.status_code == 422
    assert "Tick the box to offer it all the same." in refused.text
    assert "This is needed." in refused.text
    assert filled(refused.text)["next_steps-ar"] == "kept"
    for language in ("fr", "en"):
        assert client.get(f"/rounds/autumn/manage/languages/{language}").status_code == 404
        assert client.post(f"/rounds/autumn/manage/languages/{language}").status_code == 404
    assert again(round_).languages == ["en", "de"]

    typed = drafted | {"agreed": "y", "contact-ar": "Room 3"}
    done = client.post(arabic, data=typed, follow_redirects=True)
    assert "People can answer in one more language now." in done.text
    assert "The translation is a draft. The report will say so." in done.text
    assert '<html lang="en"' in done.text, "the lead's own language stays"
    round_ = again(round_)
    assert round_.languages == ["en", "de", "ar"]
    assert round_.draft_languages == ["ar"]
    assert round_.texts["contact"]["ar"] == "Room 3"
    assert round_.texts["privacy"]["ar"].endswith("Room 3"), "the drafted notice follows the contact"
    client.post(f"{arabic}/drop")
    assert filled(client.get(arabic).text)["contact-ar"] == "Room 3", "what was written before comes back"
    client.post(arabic, data=typed)
    for language in ("de", "en"):
        client.post(f"/rounds/autumn/manage/languages/{language}/drop")
    assert again(round_).languages == ["ar"]
    last = client.post("/rounds/autumn/manage/languages/ar/drop", follow_redirects=True)
    assert "not possible" in last.text
    assert logged("round.languages") == [
        ("lead@example.org", about) for about in ("+ ar", "- ar", "+ ar", "- de", "- en")
    ]


def test_a_language_that_is_not_whole_is_not_offered(app: Flask) -> None:
    app.config["LANGUAGES"] = ("en", "de", "ar", "da")
    round_ = opened_round(languages=("en",))
    client = enter(app, round_)
    page = look(client, "manage")
    assert "languages/de" in page
    assert "languages/da" not in page
    again(round_).own_questions = [
        {"key": "own-1", "factor": "f1", "groups": ["city"], "texts": {"en": "A", "ar": "B"}}
    ]
    db.session.commit()
    page = look(client, "manage")
    assert "languages/de" not in page
    assert "languages/ar" in page


def test_closing_asks_once_more_and_reopening_needs_a_day(each_app: Flask) -> None:
    round_ = opened_round()
    client, person = enter(each_app, round_), each_app.test_client()
    path = link(round_)
    person.post(path)
    person.post("/answer/f7", data={"f7": "3", "f7:comment": "words"})
    page = look(client, "close")
    assert "1 person has begun and not sent yet. These answers are deleted." in page
    assert "Learners: 0 answered, 5 are needed" in page
    person.post("/answer/send")
    assert "Nobody has begun without sending" in look(client, "close")
    closed = client.post("/rounds/autumn/close", follow_redirects=True)
    assert "The round is closed. Nobody can answer any more." in closed.text
    assert again(round_).state == "closed"
    assert db.session.scalar(select(func.count()).select_from(Moderation)) == 1
    assert client.get("/rounds/autumn/close").location == "/rounds/autumn/manage"
    assert "not possible" in client.post("/rounds/autumn/close", follow_redirects=True).text

    early = client.post(
        "/rounds/autumn/manage/last-day", data={"closes_on": str(today() - timedelta(days=1))}
    )
    assert early.status_code == 422
    open_ = client.post(
        "/rounds/autumn/manage/last-day", data={"closes_on": str(NEXT_WEEK)}, follow_redirects=True
    )
    assert "The round is open again." in open_.text
    assert (again(round_).state, round_.closes_on) == ("open", NEXT_WEEK)
    assert db.session.scalar(select(func.count()).select_from(Moderation)) == 0
    other = each_app.test_client()
    other.post(link(again(round_)))
    assert other.post("/answer/f7", data={"f7": "2"}).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Draft)) == 1
    assert [len(logged(f"round.{action}")) for action in ("closed", "reopened")] == [1, 1]


def test_after_a_result_was_shown_the_round_stays_closed(app: Flask) -> None:
    round_ = opened_round()
    client = enter(app, round_)
    client.post("/rounds/autumn/close")
    assert "Open the round again" in look(client, "manage")
    again(round_).shown_on = today()
    db.session.commit()
    page = look(client, "manage")
    assert "Open the round again" not in page
    assert "so the round cannot be opened again" in page
    refused = client.post(
        "/rounds/autumn/manage/last-day", data={"closes_on": str(NEXT_WEEK)}, follow_redirects=True
    )
    assert "not possible in this state" in refused.text
    assert (again(round_).state, logged("round.reopened")) == ("closed", [])


def test_reported_and_archived(app: Flask) -> None:
    round_ = opened_round()
    client = enter(app, round_)
    for name in ("reported", "archive"):
        assert "not possible" in client.post(f"/rounds/autumn/{name}", follow_redirects=True).text
    client.post("/rounds/autumn/close")
    assert "not possible" in client.post("/rounds/autumn/reported", follow_redirects=True).text, (
        "not shown yet"
    )
    assert "Mark as reported" not in look(client, "manage")
    again(round_).shown_on = today()
    db.session.commit()
    assert "Mark as reported" in look(client, "manage")
    reported = client.post("/rounds/autumn/reported", follow_redirects=True)
    assert "its results were reported" in reported.text
    assert "Open it again" not in reported.text
    archived = client.post("/rounds/autumn/archive", follow_redirects=True)
    assert "The round is in the archive. Everything of it can still be read." in archived.text
    assert '<button class="button' not in archived.text
    assert again(round_).state == "archived"
    assert [len(logged(f"round.{action}")) for action in ("reported", "archived")] == [1, 1]


def test_a_draft_has_no_dates_to_manage(app: Flask) -> None:
    round_ = draft_round()
    client = enter(app, round_)
    assert client.get("/rounds/autumn/manage").location == "/rounds/autumn/check"
    for name in ("close", "reported", "archive", "manage/languages/de/drop"):
        client.post(f"/rounds/autumn/{name}")
    assert client.post("/rounds/autumn/manage/last-day", data={"closes_on": "x"}).status_code == 404
    assert again(round_).state == "draft"


def test_only_the_lead(app: Flask) -> None:
    round_ = opened_round()
    client = app.test_client()
    sign_in(client, lead(round_.city, role="viewer"))
    for path in ("check", "manage", "close"):
        assert client.get(f"/rounds/autumn/{path}").status_code == 404
    for path in ("open", "close", "reported", "archive", "manage/last-day", "manage/languages/fr"):
        assert client.post(f"/rounds/autumn/{path}").status_code == 404
    assert again(round_).state == "open"


def test_the_pages_ask_the_database_little(app: Flask) -> None:
    round_, open_ = ready_round(), opened_round(key="winter", title="Winter")
    client = enter(app, round_)
    counted: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
    spent = {}
    for path in (
        "/rounds/autumn/check", "/rounds/autumn/preview", "/rounds/autumn/preview/city/f1",
        f"/rounds/{open_.key}/manage", f"/rounds/{open_.key}/close",
    ):  # fmt: skip
        counted.clear()
        assert client.get(path).status_code == 200
        spent[path] = len(counted)
    assert {path: number for path, number in spent.items() if number > 12} == {}


def test_a_group_of_the_citys_own_needs_a_name(app: Flask, reviewed: None) -> None:
    round_ = ready_round()
    client = enter(app, round_)
    own = group(again(round_), "employers")
    own.key, own.based_on = "chambers", "employers"
    db.session.commit()
    told = "A group of your own, based on “Employers”, has no name."
    assert told in look(client, "check")
    own.name = {"en": "Chambers of commerce"}
    db.session.commit()
    page = look(client, "check")
    assert told not in page
    assert "Ready to open" in page
    preview = client.get("/rounds/autumn/preview?group=chambers")
    assert "Chambers of commerce" in preview.text
