"""The page of a city's languages: how far each is, files for translators, and reviews that hold for what was read."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from surveyapp import catalogues
from surveyapp.assessments.actions import open_round
from surveyapp.database import db
from surveyapp.models import AuditEntry, City, LanguageReview, Round, User
from surveyapp.models.translation import draft_for, drafts
from surveyapp.progress import fingerprint
from surveyapp.translating.xliff import NAMESPACE
from tests.builders import draft_round, lead, review
from tests.comparison.closed import sign_in
from tests.conftest import make_app, within

DRAFT = "Draft, not yet reviewed by a native speaker"


def enter(app: Flask, role: str = "lead") -> tuple[FlaskClient, str]:
    """Somebody of this role, and the address of the page."""
    city = db.session.scalar(select(City)) or draft_round().city
    client = app.test_client()
    sign_in(client, lead(city, f"{role}@example.org", role))
    return client, f"/cities/{city.id}/languages"


def row(page: str, language: str) -> str:
    """What the page says of a language."""
    return page.partition(f'<span lang="{language}">')[2].partition("</tr>")[0]


def spoil(language: str, domain: str = "report", flag: str | None = None) -> None:
    """Another translation, or one that is missing or outdated."""
    catalogue = catalogues.read(language, domain)
    message = next(message for message in catalogue if message.id)
    if flag == "fuzzy":
        message.flags.add(flag)
    else:
        message.string = "" if flag == "missing" else "Anders"
    catalogues.write(language, domain, catalogue)


def test_how_far_each_language_is(app: Flask, translated: Path) -> None:
    client, path = enter(app)
    spoil("ar", "answering", "missing")
    spoil("ar", "staff", "fuzzy")
    page = client.get(path).text
    assert "All texts are written in this language first." in row(page, "en")
    assert "/en/po" not in page
    for language in ("de", "ar"):
        assert DRAFT in row(page, language)
    assert "missing" not in row(page, "de")
    assert row(page, "ar").count("1 missing") == row(page, "ar").count("1 outdated") == 1
    assert "Mark as reviewed" in row(page, "de")
    assert "Mark as reviewed" not in row(page, "ar"), "not all of it can have been read"


def test_a_native_speaker_marks_a_language_and_takes_it_back(each_app: Flask, translated: Path) -> None:
    client, path = enter(each_app, "translator")
    refused = client.post(f"{path}/de/review")
    assert refused.status_code == 422
    assert "Tick the box if it is so." in row(refused.text, "de")
    assert 'id="agreed"' not in row(refused.text, "ar")
    done = client.post(f"{path}/de/review", data={"agreed": "y"}, follow_redirects=True).text
    assert "Thank you. Deutsch is marked as reviewed." in done
    assert "Reviewed by <bdi>translator@example.org</bdi> on" in row(done, "de")
    assert "Mark as reviewed" not in row(done, "de")
    assert DRAFT in row(done, "ar")
    city = db.session.scalar(select(City))
    assert drafts(city, ["en", "de", "ar"]) == {"ar"}

    spoil("de")
    changed = client.get(path).text
    assert "Changed since <bdi>translator@example.org</bdi> reviewed it on" in row(changed, "de")
    assert draft_for(city, "de")
    client.post(f"{path}/de/review", data={"agreed": "y"})
    assert not draft_for(db.session.scalar(select(City)), "de")
    back = client.post(f"{path}/de/take-back", follow_redirects=True).text
    assert "Deutsch is no longer marked as reviewed." in back
    assert DRAFT in row(back, "de")
    client.post(f"{path}/de/take-back")
    db.session.rollback()
    logged = db.session.execute(select(AuditEntry.action, AuditEntry.about).order_by(AuditEntry.id)).all()
    marked, taken = ("language.reviewed", "Deutsch"), ("language.review_taken_back", "Deutsch")
    assert [tuple(each) for each in logged] == [marked, marked, taken]


def test_what_is_not_whole_cannot_have_been_read(app: Flask, translated: Path) -> None:
    client, path = enter(app)
    spoil("ar", "report", "missing")
    page = client.post(f"{path}/ar/review", data={"agreed": "y"}, follow_redirects=True).text
    assert "Parts of this language are not translated yet." in page
    assert db.session.scalar(select(LanguageReview)) is None


def test_a_review_holds_for_one_city(app: Flask) -> None:
    here, there = draft_round().city, draft_round(key="other", city="Otherburg").city
    review(here, "de")
    assert not draft_for(here, "de")
    assert draft_for(there, "de")


def test_comments_and_pages_of_staff_are_not_what_was_read(translated: Path) -> None:
    before = fingerprint("de")
    spoil("de", "staff")
    for domain in ("benchmark", "answering", "report"):
        path = translated / "de" / "LC_MESSAGES" / f"{domain}.po"
        path.write_text(path.read_text(encoding="utf-8").replace("#. ", "#. Now: "), encoding="utf-8")
    assert fingerprint("de") == before
    spoil("de", "answering", "fuzzy")
    assert fingerprint("de") != before


def test_a_review_outlives_its_reader_and_ends_with_its_city(each_app: Flask) -> None:
    client, path = enter(each_app)
    client.post(f"{path}/de/review", data={"agreed": "y"})
    db.session.rollback()
    empty = City(name="Otherburg")
    db.session.add(empty)
    db.session.flush()
    review(empty, "de", "ar")
    db.session.execute(delete(User))
    db.session.execute(delete(City).where(City.name == "Otherburg"))
    db.session.commit()
    left = db.session.execute(select(LanguageReview.user_id, LanguageReview.who)).all()
    assert [tuple(each) for each in left] == [(None, "lead@example.org")]


def test_a_viewer_looks_and_a_facilitator_does_not(app: Flask) -> None:
    client, path = enter(app, "viewer")
    page = client.get(path)
    assert page.status_code == 200
    assert DRAFT in row(page.text, "de")
    assert "What to do" not in page.text
    assert client.get(f"{path}/de/po").status_code == 404
    assert client.post(f"{path}/de/review", data={"agreed": "y"}).status_code == 404
    assert path in client.get("/people").text
    facilitator, _ = enter(app, "facilitator")
    assert facilitator.get(path).status_code == 404
    assert path not in facilitator.get("/people").text
    translator, _ = enter(app, "translator")
    assert path in translator.get("/people").text


def test_files_for_translators(app: Flask) -> None:
    client, path = enter(app, "translator")
    answer = client.get(f"{path}/de/po")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="surveyapp-de.zip"'
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert names == [f"de/{name}.po" for name in ("benchmark", "answering", "report", "staff")]
    for state in ("translated", "reviewed"):
        answer = client.get(f"{path}/de/xliff")
        assert answer.mimetype == "application/xliff+xml"
        root = ET.fromstring(answer.data)
        assert {each.get("state") for each in root.iter(f"{{{NAMESPACE}}}segment")} == {state}
        client.post(f"{path}/de/review", data={"agreed": "y"})
    for language in ("en", "fr", "xx"):
        assert client.get(f"{path}/{language}/po").status_code == 404
        assert client.post(f"{path}/{language}/review", data={"agreed": "y"}).status_code == 404
    assert client.get(f"{path}/de/doc").status_code == 404


def test_the_step_of_languages_leads_to_the_page_and_knows_of_reviews(app: Flask) -> None:
    client, path = enter(app)
    step = "/rounds/autumn/setup/languages"
    before = client.get(step).text
    assert path in before
    assert 'name="known-de"' in before
    client.post(f"{path}/de/review", data={"agreed": "y"})
    after = client.get(step).text
    assert 'name="known-de"' not in after
    assert 'name="known-ar"' in after


def test_a_round_remembers_only_what_was_a_draft_when_it_opened(app: Flask) -> None:
    round_ = draft_round()
    round_.draft_languages = ["de", "ar"]
    review(round_.city, "de")
    open_round(round_)
    assert db.session.get_one(Round, round_.id).draft_languages == ["ar"]


@pytest.fixture
def further(sqlite_url: str, translated: Path) -> Iterator[Flask]:
    """An installation with a language that has no catalogue for staff."""
    (translated / "de").rename(translated / "fi")
    for name in ("staff.po", "staff.mo"):
        (translated / "fi" / "LC_MESSAGES" / name).unlink()
    yield from within(make_app(sqlite_url, languages=("en", "fi")))


def test_pages_of_staff_stand_in_english_where_they_are_not_translated(further: Flask) -> None:
    client, path = enter(further)
    page = client.get(f"{path}?language=fi")
    assert page.status_code == 200
    assert "How far each language is translated" in page.text
    assert "in English" in row(page.text, "fi")
    names = zipfile.ZipFile(io.BytesIO(client.get(f"{path}/fi/po").data)).namelist()
    assert names == [f"fi/{name}.po" for name in ("benchmark", "answering", "report")]
