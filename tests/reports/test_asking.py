"""Asking for a report, following it, taking it away; and what happens when something goes wrong."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from surveyapp.database import db
from surveyapp.extensions import queue
from surveyapp.models import Report, Round
from surveyapp.pdf import INSTALL, PdfUnavailable
from surveyapp.reports import actions, jobs
from tests.builders import lead
from tests.comparison.closed import closed_round, sign_in

ASKED = {"report_language": "en", "edition": "public"}
REPORTS = "/rounds/autumn/reports"


@pytest.fixture
def closed(app: Flask, client: FlaskClient) -> FlaskClient:
    sign_in(client, lead(closed_round().city))
    return client


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """PDFs in no time: what was drawn, instead of drawing it."""
    made: list[str] = []

    def draw(html: str, *_: object) -> bytes:
        made.append(html)
        return b"%PDF-" + str(len(made)).encode()

    monkeypatch.setattr(actions, "to_pdf", draw)
    return made


def the_report() -> Report:
    db.session.expire_all()  # the worker writes in a session of its own
    return db.session.scalars(select(Report)).one()


def test_ask_follow_download(closed: FlaskClient, drawn: list[str]) -> None:
    asked = closed.post(REPORTS, data=ASKED)
    assert asked.status_code == 303
    page = closed.get(asked.location)
    assert "Ready: Report" in page.text
    assert "http-equiv" not in page.text
    file = closed.get(f"{asked.location}/download")
    assert (file.mimetype, file.data) == ("application/pdf", b"%PDF-1")
    assert file.headers["Content-Disposition"] == 'attachment; filename="autumn-report-draft-en-public.pdf"'


def test_asking_again_gives_the_same_file(closed: FlaskClient, drawn: list[str]) -> None:
    first, second = closed.post(REPORTS, data=ASKED), closed.post(REPORTS, data=ASKED)
    assert first.location == second.location
    assert len(drawn) == 1
    other = closed.post(REPORTS, data=ASKED | {"report_language": "ar"})
    assert other.location != first.location
    assert '<html lang="ar" dir="rtl">' in drawn[1]


@pytest.mark.parametrize(
    "wrong",
    [
        {"report_language": "xx"},
        {"edition": "secret"},
        {"report_language": ""},
        {"kind": "x"},
        {"version": "x"},
    ],
)
def test_an_unknown_language_or_edition_is_refused(closed: FlaskClient, wrong: dict[str, str]) -> None:
    assert closed.post(REPORTS, data=ASKED | wrong).status_code == 400
    assert db.session.scalar(select(func.count(Report.id))) == 0


def test_a_waiting_report_is_followed_by_itself(closed: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "nudge", lambda *_: None)
    page = closed.get(closed.post(REPORTS, data=ASKED).location)
    assert '<meta http-equiv="refresh"' in page.text
    assert closed.get(f"{REPORTS}/{the_report().id}/download").status_code == 404


def failing(error: Exception) -> Any:
    def draw(*_: object) -> bytes:
        raise error

    return draw


@pytest.mark.parametrize(
    ("error", "words"),
    [(PdfUnavailable(), INSTALL), (RuntimeError("broken"), "The fault is ours, and it was noted.")],
)
def test_a_failure_says_why_and_can_be_tried_again(
    closed: FlaskClient, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    monkeypatch.setattr(actions, "to_pdf", failing(error))
    asked = closed.post(REPORTS, data=ASKED)
    page = closed.get(asked.location)
    assert "The file could not be made" in page.text
    assert words in page.text
    monkeypatch.setattr(actions, "to_pdf", lambda *_: b"%PDF")
    assert closed.post(REPORTS, data=ASKED).location == asked.location
    assert "Ready: Report" in closed.get(asked.location).text


def asked_for(round_: Round) -> Report:
    report = actions.ask_for(round_, "report", "en", "public")
    db.session.commit()
    return report


def test_a_job_run_twice_makes_one_file(each_app: Flask, drawn: list[str]) -> None:
    report = asked_for(closed_round())
    jobs.build_report(report.id)
    jobs.build_report(report.id)
    assert len(drawn) == 1
    assert the_report().state == "ready"


def test_what_a_crash_left_behind_is_picked_up(each_app: Flask, drawn: list[str]) -> None:
    report = asked_for(closed_round())
    report.state, report.asked_at = (
        "building",
        report.asked_at - actions.BUILDS_TOO_LONG - timedelta(seconds=1),
    )
    db.session.commit()
    jobs.pick_up_reports()
    assert the_report().state == "ready"


def test_a_fresh_report_is_left_to_its_worker(each_app: Flask, drawn: list[str]) -> None:
    report = asked_for(closed_round())
    report.state = "building"
    db.session.commit()
    jobs.pick_up_reports()
    assert the_report().state == "building"
    assert drawn == []


def test_a_draft_that_is_out_of_date_goes(each_app: Flask) -> None:
    round_ = closed_round()
    old = asked_for(round_).snapshot
    round_.title = "Autumn 2026, corrected"
    new = asked_for(round_).snapshot
    assert new != old
    assert the_report().snapshot == new, "only the new one is left"


def test_how_far_it_has_come_is_told(each_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []

    def draw(_html: str, _attachments: object, laid_out: Any) -> bytes:
        for page in range(1, 10):
            laid_out(page)
            told.append(the_report().progress)
        return b"%PDF"

    monkeypatch.setattr(actions, "to_pdf", draw)
    jobs.build_report(asked_for(closed_round()).id)
    assert told == [0, 0, 0, 4, 4, 4, 4, 8, 8]
    assert the_report().state == "ready"


def test_figures_that_changed_meanwhile_are_not_passed_off_as_the_old_ones(
    each_app: Flask, drawn: list[str]
) -> None:
    round_ = closed_round()
    report = asked_for(round_)
    round_.title = "Autumn 2026, corrected"
    db.session.commit()
    jobs.build_report(report.id)
    assert (the_report().state, the_report().error) == ("failed", actions.DATA_CHANGED)
    assert drawn == []
