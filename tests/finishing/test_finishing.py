"""The city adds its words and rates the context; a version made final stays as it is."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from surveyapp.database import db
from surveyapp.models import AuditEntry, ContextRating, Remark, ReportVersion, Round
from surveyapp.models.perspectives import RoundNotClosed, round_perspectives
from surveyapp.models.report import latest_version
from surveyapp.reports import actions
from surveyapp.reports.actions import make_final, report_html
from tests.assessments.walking import seen
from tests.builders import lead, opened_round
from tests.comparison.closed import closed_round, sign_in
from tests.moderation.said import say

REPORT = "/rounds/autumn/report"


@pytest.fixture
def shown(app: Flask, client: FlaskClient) -> FlaskClient:
    round_ = closed_round()
    round_.guiding_questions = ["Who is left outside?"]
    sign_in(client, lead(round_.city))
    return client


def the_round() -> Round:
    db.session.expire_all()
    return db.session.scalars(select(Round)).one()


def words(**texts: str) -> dict[str, str]:
    return {"in": "en", **{name.replace("_", "-"): text for name, text in texts.items()}}


def test_words_stand_where_they_belong(shown: FlaskClient) -> None:
    saved = shown.post(f"{REPORT}/words", data=words(guiding_1="Parents.", f5="We know.", agree="Good."))
    assert saved.location == REPORT
    html = report_html(the_round(), "en", "public")
    chapters = dict(
        re.findall(r'<section class="chapter (?:factor" id=")?([\w-]+).*?>(.*?)</section>', html, re.DOTALL)
    )
    assert "Who is left outside? Parents." in seen(chapters["guiding"])
    assert "Comment of the city Good." in seen(chapters["agree"])
    assert "Comment of the city We know." in seen(chapters["f5"])
    assert html.count("Comment of the city") == 2


def test_an_emptied_text_goes_and_a_language_keeps_its_own(shown: FlaskClient) -> None:
    shown.post(f"{REPORT}/words", data=words(f5="We know."))
    shown.post(f"{REPORT}/words", data=words(f5="Wir wissen es.") | {"in": "de"})
    prose = round_perspectives(the_round()).prose
    told = [prose.remark("f5", code) for code in ("en", "de", "ar")]
    assert [(said.language, said.text) for said in told if said] == [
        ("en", "We know."), ("de", "Wir wissen es."), ("de", "Wir wissen es."),
    ]  # fmt: skip
    assert '<p lang="de" dir="ltr" class="saying">Wir wissen es.</p>' in report_html(
        the_round(), "ar", "public"
    )
    shown.post(f"{REPORT}/words", data=words(f5=" "))
    assert db.session.scalars(select(Remark.language)).all() == ["de"]


def test_what_is_too_long_is_said_and_not_lost(shown: FlaskClient) -> None:
    page = shown.post(f"{REPORT}/words", data=words(f5="x" * 1201, f6="Kept in the form"))
    assert page.status_code == 422
    assert "At most 1200 letters." in page.text
    assert "Kept in the form" in page.text
    assert db.session.scalar(select(func.count()).select_from(Remark)) == 0


def test_the_context_stands_beside_the_ratings_and_changes_none(shown: FlaskClient) -> None:
    before = round_perspectives(the_round())
    page = shown.post(
        f"{REPORT}/context",
        data={
            "in": "en",
            "c1-influence": "strong",
            "c1": "Asylum law.",
            "c1-factors": ["f5", "f2"],
            "c3-influence": "no",
        },
    )
    assert page.status_code == 303
    after = round_perspectives(the_round())
    assert (after.findings, after.questions) == (before.findings, before.questions)
    assert after.snapshot != before.snapshot
    text = seen(report_html(the_round(), "en", "public"))
    assert "Influence strong In the words of the city Asylum law. Weighs on: “A written plan” and “" in text
    assert text.count("not rated") == 5
    shown.post(f"{REPORT}/context", data={"in": "en", "c1-influence": "", "c3-influence": "some"})
    rated = db.session.scalars(select(ContextRating)).all()
    assert [(one.context_factor, one.influence) for one in rated] == [("c3", "some")]


@pytest.mark.parametrize("wrong", [{"c1-influence": "huge"}, {"c1-influence": "no", "c1-factors": ["f99"]}])
def test_a_rating_that_is_none_is_refused(shown: FlaskClient, wrong: dict[str, object]) -> None:
    assert shown.post(f"{REPORT}/context", data={"in": "en"} | wrong).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(ContextRating)) == 0


def test_only_leads_write_and_only_once_the_results_are_shown(app: Flask, client: FlaskClient) -> None:
    round_ = closed_round()
    sign_in(client, lead(round_.city, "viewer@example.org", role="viewer"))
    assert client.get(REPORT).status_code == 200
    assert "Add your words" not in client.get(REPORT).text
    for path in ("/words", "/context"):
        assert client.get(REPORT + path).status_code == 404
    assert client.post(f"{REPORT}/final").status_code == 404
    sign_in(client, lead(round_.city))
    round_.shown_on = None
    db.session.commit()
    for path in ("", "/words", "/context"):
        assert client.get(REPORT + path).status_code == 404
    assert client.post(f"{REPORT}/final").status_code == 404


def test_a_version_stays_as_it_is(shown: FlaskClient) -> None:
    shown.post(f"{REPORT}/words", data=words(f5="First words."))
    say(the_round(), "learners", {"x-best": "More places."}, state="kept")
    shown.post(f"{REPORT}/final")
    version = latest_version(the_round())
    assert version is not None
    first = {edition: report_html(the_round(), "en", edition, version) for edition in ("public", "internal")}
    assert "version 1" in first["public"]
    assert "More places." in first["public"]
    assert version.snapshot[:4] in first["public"]

    round_ = the_round()
    round_.title = "Renamed"
    round_.texts = {"next_steps": {"en": "Later."}}
    shown.post(f"{REPORT}/words", data=words(f5="Second words.", f6="More."))
    again = latest_version(the_round())
    assert again is not None
    assert {edition: report_html(the_round(), "en", edition, again) for edition in first} == first
    assert "Second words." in report_html(the_round(), "en", "public")

    shown.post(f"{REPORT}/final")
    numbers = db.session.scalars(select(ReportVersion.number).order_by(ReportVersion.number)).all()
    assert numbers == [1, 2]
    assert "Second words." in report_html(the_round(), "en", "public", latest_version(the_round()))
    assert db.session.scalars(select(AuditEntry.action)).all().count("report.final") == 2


def test_nothing_new_makes_no_version(shown: FlaskClient) -> None:
    shown.post(f"{REPORT}/final")
    page = shown.post(f"{REPORT}/final", follow_redirects=True)
    assert "Nothing has changed since the last version." in page.text
    assert db.session.scalar(select(func.count()).select_from(ReportVersion)) == 1


def test_files_of_a_version_are_asked_for_by_its_number(
    shown: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def draw(html: str, *_: object) -> bytes:
        drawn.append(html)
        return b"%PDF"

    monkeypatch.setattr(actions, "to_pdf", draw)
    shown.post(f"{REPORT}/final")
    shown.post(f"{REPORT}/words", data=words(f5="Later words."))
    asked = {"report_language": "en", "edition": "public"}
    for version in ("1", "0"):
        shown.post("/rounds/autumn/reports", data=asked | {"version": version})
    assert ["Later words." in html for html in drawn] == [False, True]
    assert shown.post("/rounds/autumn/reports", data=asked | {"version": "2"}).status_code == 404
    page = shown.get(REPORT)
    assert page.text.count("Download (PDF)") == 2
    assert "Something has changed since then" in page.text


def test_no_version_before_the_results_are_shown(app: Flask) -> None:
    with pytest.raises(RoundNotClosed):
        make_final(opened_round(), "lead@example.org")
