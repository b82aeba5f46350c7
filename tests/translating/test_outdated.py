"""From a changed source to a round that does not open: real sources and catalogues, in folders of their own."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from surveyapp import catalogues
from surveyapp.assessments.readiness import untranslated
from surveyapp.catalogues import compile_all, read, update
from surveyapp.config import PACKAGE, data_folder
from surveyapp.database import db
from surveyapp.models import Round, drafting
from surveyapp.progress import Progress, progress
from tests.builders import draft_round, group_code, lead, review
from tests.comparison.closed import sign_in

SAVED = "Everything else on this page is saved."
NOW = "Everything else on this page is saved now."
KEEP = "Helps you decide: what to keep, and which needs nobody disputes."
TEXTS = {
    kind: {"en": "Ask us", "de": "Fragen Sie uns", "ar": "اسألونا"} for kind in ("contact", "privacy", "next_steps")
}  # fmt: skip


@pytest.fixture
def sources(tmp_path: Path, translated: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package and the packs, in a folder where a test may change what they say."""
    shutil.copytree(PACKAGE, tmp_path / "surveyapp", ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copytree(data_folder("benchmark"), tmp_path / "benchmark")
    monkeypatch.setattr(catalogues, "PACKAGE", tmp_path / "surveyapp")
    for module in (catalogues, drafting):
        monkeypatch.setattr(module, "data_folder", lambda name: tmp_path / name)
    return tmp_path


def change(path: Path, before: str, now: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, now), encoding="utf-8")


def mend(domain: str) -> None:
    """A translator has looked at what is outdated."""
    catalogue = read("de", domain)
    for message in catalogue:
        message.flags.discard("fuzzy")
    catalogues.write("de", domain, catalogue)


CASES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "a question of the pack": (
        "benchmark",
        lambda folder: change(
            folder / "benchmark" / "language-courses-1" / "factors" / "f1.toml",
            'title = "Public backing"',
            'title = "Public backing of courses"',
        ),
    ),
    "a page for answering": (
        "answering",
        lambda folder: change(folder / "surveyapp" / "answering" / "problem.html", SAVED, NOW),
    ),
    "a word of the report": (
        "report",
        lambda folder: change(
            folder / "surveyapp" / "reports" / "agree.html", KEEP, KEEP.replace("which", "what")
        ),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_changed_source_keeps_a_round_from_opening_until_it_is_mended(
    app: Flask, sources: Path, case: str
) -> None:
    domain, make_change = CASES[case]
    closes = datetime.now(UTC).date() + timedelta(days=7)
    round_ = draft_round(languages=("en", "de"), closes_on=closes, texts=TEXTS, factors=("f1", "f2"))
    for one in round_.groups:
        group_code(round_, one.key)
    update("de"), update("ar")
    review(round_.city, "de")
    client = app.test_client()
    sign_in(client, lead(round_.city))
    assert "Ready to open" in client.get("/rounds/autumn/check").text

    before = progress("de", domain)
    make_change(sources)
    assert [fault.what for fault in catalogues.check() if fault.language == "de"] == [
        "outdated, the source has changed"
    ], "before the catalogues are brought up to date, too"
    update("de"), update("ar")
    assert progress("de", domain) == Progress(before.translated - 1, 1, 0)
    page = client.get("/rounds/autumn/check").text
    assert "Deutsch: 1 text that people will read is not translated, or has changed since." in page
    assert "Deutsch: no native speaker has reviewed the translation yet." in page, "it was reviewed as it was"
    client.post("/rounds/autumn/open")
    assert state() == "draft"
    shown = client.get(f"/cities/{round_.assessment.city_id}/languages").text
    assert "1 outdated" in shown
    assert "Changed since <bdi>reader@example.org</bdi> reviewed it on 20 November 2026" in shown

    mend(domain)
    assert not untranslated(db.session.get_one(Round, round_.id), "de")
    assert progress("de", domain) == before
    page = client.get("/rounds/autumn/check").text
    assert "has changed since" not in page
    assert "Deutsch: no native speaker has reviewed the translation yet." in page, (
        "nobody has read the new words"
    )


def state() -> str:
    db.session.rollback()
    return db.session.query(Round.state).scalar()


def test_a_round_opens_once_the_outdated_language_is_dropped(app: Flask, sources: Path) -> None:
    closes = datetime.now(UTC).date() + timedelta(days=7)
    round_ = draft_round(languages=("en", "de"), closes_on=closes, texts=TEXTS)
    for one in round_.groups:
        group_code(round_, one.key)
    CASES["a page for answering"][1](sources)
    update("de")
    client = app.test_client()
    sign_in(client, lead(round_.city))
    client.post("/rounds/autumn/open")
    assert state() == "draft"
    db.session.query(Round).one().languages = ["en"]
    db.session.commit()
    client.post("/rounds/autumn/open")
    assert state() == "open"


def test_only_the_same_text_in_the_same_file_keeps_its_translation(sources: Path) -> None:
    answering = sources / "surveyapp" / "answering"
    change(answering / "problem.html", SAVED, "Something quite different")
    notice = answering / "notice.html"
    notice.write_text(
        f'{{% set moved = _("{NOW}") %}}' + notice.read_text(encoding="utf-8"), encoding="utf-8"
    )
    update("de")
    told = read("de", "answering")
    for new in ("Something quite different", NOW):
        assert (told.get(new).string, told.get(new).fuzzy) == ("", False), new
    assert told.get(SAVED) is None


def test_an_outdated_text_is_shown_in_english(sources: Path) -> None:
    old = read("de", "answering").get(SAVED).string
    CASES["a page for answering"][1](sources)
    update("de")
    outdated = read("de", "answering").get(NOW)
    assert (outdated.string, outdated.fuzzy) == (old, True)
    compile_all()
    compiled = (sources / "translations" / "de" / "LC_MESSAGES" / "answering.mo").read_bytes()
    assert old.encode() not in compiled
