"""What is printed: read back from the PDF as a reader's machine would find it, in English and Arabic."""

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from surveyapp.classes import sheets, views
from surveyapp.classes.actions import add_codes, add_paper
from surveyapp.database import db
from surveyapp.models import Batch, Round
from surveyapp.models.content import content
from surveyapp.pdf import PdfUnavailable
from tests.builders import codes, draft_round, group, group_code, lead, opened_round
from tests.comparison.closed import sign_in
from tests.reports.checker import text_of

HERE = "/rounds/autumn/classes"
CONTACT = {"contact": {"en": "Ask us at 0100 555 010", "ar": "اسألونا"}}


def signed_in(app: Flask, **changes: object) -> FlaskClient:
    client = app.test_client()
    sign_in(client, lead(opened_round(texts=CONTACT, **changes).city))
    return client


def the_round() -> Round:
    return db.session.scalars(db.select(Round)).one()


def the_batch() -> Batch:
    return db.session.scalars(db.select(Batch)).one()


def printed(client: FlaskClient, tmp_path: Path, language: str, query: str = "") -> tuple[str, int]:
    """Words and number of pages of the sheet of the one batch there is."""
    answer = client.get(f"{HERE}/{the_batch().id}/sheet/{language}{query}")
    assert answer.mimetype == "application/pdf"
    path = tmp_path / "sheet.pdf"
    path.write_bytes(answer.data)
    with pikepdf.open(io.BytesIO(answer.data)) as document:
        assert str(document.Root.Lang) == language
        assert document.Root.MarkInfo.Marked
        return text_of(path), len(document.pages)


def test_slips_hold_every_code_and_the_promise(app: Flask, tmp_path: Path) -> None:
    client = signed_in(app)
    issued = codes(the_round(), 9)
    text, pages = printed(client, tmp_path, "en")
    assert pages == 2, "eight to a page"
    for code in issued:
        assert text.count(f"{code[:4]}-{code[4:]}") == 1
    flat = " ".join(text.split())
    for words in ("127.0.0.1:8000/join", "Class A", "Do not write names", "Ask us at 0100 555 010"):
        assert words in flat
    for words in ("Testville asks you.", "immigration office", "Nothing changes", "We do not ask your name."):
        assert words in flat


def test_slips_in_arabic_run_from_right_to_left(app: Flask, tmp_path: Path) -> None:
    client = signed_in(app)
    [code] = codes(the_round(), 1)
    text, _ = printed(client, tmp_path, "ar")
    assert f"{code[:4]}-{code[4:]}" in text, "the code itself stays left to right"
    [edge] = positions(tmp_path / "sheet.pdf", "127.0.0.1:8000/join")
    assert edge > 300, "the first slip stands on the right"
    printed(client, tmp_path, "en")
    assert positions(tmp_path / "sheet.pdf", "127.0.0.1:8000/join")[0] < 300


def positions(path: Path, word: str) -> list[float]:
    """Left edges of a word on the pages, in points, in the order of the file."""
    told = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True)
    lines = [line for line in told.stdout.splitlines() if word in line]
    return [float(line.split('xMin="')[1].split('"')[0]) for line in lines]


def test_the_square_leads_to_the_address_of_the_code(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(sheets, "_qr", lambda text: drawn.append(text) or "data:image/png;base64,")
    monkeypatch.setattr(sheets, "to_pdf", lambda html: b"%PDF")
    client = signed_in(app)
    batch = add_codes(group(the_round(), "learners"), "A", "ar", 1)
    db.session.commit()
    with app.test_request_context():
        [(code, _)] = sheets.addresses(batch)
    client.get(f"{HERE}/{batch.id}/sheet/ar")
    client.get(f"{HERE}/{batch.id}/sheet/en")
    plain = f"http://127.0.0.1:8000/join/{code.replace('-', '')}"
    assert drawn == [plain, f"{plain}?language=en"]
    assert app.test_client().get(drawn[0].removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_a_poster_is_one_page(app: Flask, tmp_path: Path) -> None:
    client = signed_in(app)
    code = group_code(the_round())
    for language in ("en", "de", "ar"):
        text, pages = printed(client, tmp_path, language)
        assert pages == 1
        assert f"{code[:4]}-{code[4:]}" in text
    assert "اسألونا" in text or "انولأسا" in text


def test_the_form_has_every_question_with_marks_and_page_numbers(app: Flask, tmp_path: Path) -> None:
    client = signed_in(app)
    round_ = the_round()
    add_paper(group(round_, "learners"), "Morning class", "en")
    db.session.commit()
    text, pages = printed(client, tmp_path, "en")
    flat = " ".join(text.split())
    for words in (
        "Morning class",
        "Tick one box",
        "I don’t know",
        "My course fits my life.",
        "What is good?",
    ):
        assert words in flat
    numbers = text.replace(" ", "")
    assert f"1/{pages}\n" in numbers
    assert f"{pages}/{pages}\n" in numbers
    asked = content(round_).questionnaire("learners", False)
    assert flat.count(" ? ") >= len(asked), "every question has a box for I don't know"
    arabic, _ = printed(client, tmp_path, "ar")
    assert "Morning class" in arabic


def test_a_form_can_be_printed_before_the_round_opens(app: Flask, tmp_path: Path) -> None:
    client = app.test_client()
    round_ = draft_round()
    sign_in(client, lead(round_.city))
    add_paper(group(round_, "employers"), "Breakfast", "de")
    db.session.commit()
    text, _ = printed(client, tmp_path, "de")
    assert "Breakfast" in text


def test_large_sets_come_in_parts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(sheets, "to_pdf", lambda html: made.append(html) or b"%PDF")
    client = signed_in(app)
    batch = add_codes(group(the_round(), "learners"), "Big", "en", 200)
    db.session.commit()
    page = client.get(f"{HERE}/{batch.id}").text
    assert "part 2 of 2" in page
    client.get(f"{HERE}/{batch.id}/sheet/en")
    client.get(f"{HERE}/{batch.id}/sheet/en?part=2")
    assert [html.count('class="slip"') for html in made] == [104, 96]


def test_an_unknown_language_is_not_found_and_missing_libraries_are_said(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(app, languages=("en", "de"))
    codes(the_round(), 1)
    where = f"{HERE}/{the_batch().id}/sheet"
    assert client.get(f"{where}/ar").status_code == 404

    def missing(*_: object) -> bytes:
        raise PdfUnavailable

    monkeypatch.setattr(views.sheets, "to_pdf", missing)
    answer = client.get(f"{where}/en")
    assert answer.status_code == 503
    assert "The file could not be made" in answer.text
