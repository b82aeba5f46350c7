"""Running the service: settings, database, staff, doctor, and what is said when something is not there."""

import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from sqlalchemy import select

from surveyapp.accounts.codes import new_key, new_recovery_codes, readable, set_up
from surveyapp.accounts.passwords import set_password
from surveyapp.assessments.actions import close_round
from surveyapp.database import db
from surveyapp.models import User
from surveyapp.pdf import INSTALL
from tests.accounts.mailbox import Mailbox
from tests.builders import opened_round
from tests.cli.conftest import Console

ROOT = Path(__file__).parents[2]


def test_a_new_database_is_set_up_once(tmp_path: Path) -> None:
    surveyapp = Console(f"sqlite:///{tmp_path}/deep/new.sqlite")
    for words in (("round", "list"), ("tally", "check"), ("demo",), ("worker",), ("serve",)):
        assert surveyapp.refused(1, *words) == "database: not set up yet: run `surveyapp migrate`"
    surveyapp("migrate")
    surveyapp("migrate")
    assert surveyapp("round", "list") == ""


def test_a_database_of_another_version_is_refused(surveyapp: Console, app: Flask) -> None:
    db.session.execute(db.text("UPDATE alembic_version SET version_num = '0000'"))
    db.session.commit()
    assert "at migration 0000, this version needs" in surveyapp.refused(1, "round", "list")


@pytest.mark.parametrize("url", ["sqlite:///{folder}", "sqlite:////proc/none/x.sqlite"])
@pytest.mark.parametrize("words", [("migrate",), ("round", "list")], ids=" ".join)
def test_a_database_that_cannot_be_written(tmp_path: Path, url: str, words: tuple[str, ...]) -> None:
    surveyapp = Console(url.format(folder=tmp_path))  # a folder stands where the file should be
    assert surveyapp.refused(1, *words) == "database: unable to open database file"


def test_a_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "letter.sqlite").write_text("Dear city, " * 400)
    told = Console(f"sqlite:///{tmp_path}/letter.sqlite").refused(1, "round", "list")
    assert told == "database: file is not a database"


def test_a_database_that_does_not_answer() -> None:
    told = Console("postgresql://127.0.0.1:1/none").refused(1, "round", "list")
    assert told.startswith("database: connection failed")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SURVEYAPP_DATABSE_URL", "sqlite:///x"),
        ("SURVEYAPP_DATABASE_URL", "mysql://x/y"),
        ("SURVEYAPP_QUEUE_URL", "rabbit://x"),
        ("SURVEYAPP_TRUSTED_PROXIES", "two"),
        ("SURVEYAPP_LANGUAGES", "en xyzzy"),
    ],
)
@pytest.mark.parametrize("words", [("round", "list"), ("serve",), ("worker",)], ids=" ".join)
def test_a_setting_that_cannot_be_is_named(
    surveyapp: Console, words: tuple[str, ...], name: str, value: str
) -> None:
    assert surveyapp.refused(2, *words, **{name: value}).startswith(f"{name}: ")


def test_serving_needs_keys_of_its_own(surveyapp: Console) -> None:
    told = surveyapp.refused(1, "serve", SURVEYAPP_SECRET_KEY=None, SURVEYAPP_TOKEN_KEY=None)
    assert told.startswith(
        "not set: SURVEYAPP_SECRET_KEY, SURVEYAPP_TOKEN_KEY: each needs a long random value"
    )
    assert "SURVEYAPP_SECRET_KEY" not in surveyapp.refused(1, "serve", SURVEYAPP_TOKEN_KEY=None)


@pytest.mark.parametrize("words", [("serve",), ("worker",)], ids=" ".join)
def test_a_queue_that_cannot_be_reached(surveyapp: Console, tmp_path: Path, words: tuple[str, ...]) -> None:
    told = surveyapp.refused(1, *words, SURVEYAPP_QUEUE_URL=f"sqlite:///{tmp_path}")
    assert told == "queue: unable to open database file"


def test_an_address_where_somebody_serves_already(surveyapp: Console, tmp_path: Path) -> None:
    queue = f"sqlite:///{tmp_path}/queue.sqlite"
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        told = surveyapp.refused(1, "serve", "--port", port, SURVEYAPP_QUEUE_URL=queue)
    assert told.startswith(f"cannot serve at 127.0.0.1, port {port}: Address already in use")
    told = surveyapp.refused(1, "serve", "--host", "none.invalid", SURVEYAPP_QUEUE_URL=queue)
    assert told.startswith("cannot serve at none.invalid, port 8000: ")


def test_a_new_user_signs_in_with_the_printed_link(
    surveyapp: Console, app: Flask, client: FlaskClient
) -> None:
    link = surveyapp("user", "add", "Lead@Testville.example", "--city", "Testville")
    assert link.startswith("http://127.0.0.1:8000/sign-in/")
    path = urlsplit(link.strip()).path
    page = client.get(path)
    assert page.status_code == 200
    assert re.search(r'<form[^>]* method="post">.*<button', page.text, re.DOTALL)
    assert client.get("/rounds").status_code == 302
    assert client.post(path).location == "/rounds"
    assert client.get("/rounds").status_code == 200
    assert app.test_client().post(path).status_code == 410

    again = surveyapp("user", "add", "lead@testville.example", "--city", "Testville", "--role", "viewer")
    assert app.test_client().post(urlsplit(again.strip()).path).status_code == 303
    assert "must have an @-sign" in surveyapp.refused(2, "user", "add", "nobody", "--city", "Testville")
    assert "name of a city" in surveyapp.refused(2, "user", "add", "a@b.example", "--city", " ")


def test_somebody_who_lost_everything_signs_in_by_link_again(
    surveyapp: Console, app: Flask, client: FlaskClient
) -> None:
    surveyapp("user", "add", "lead@testville.example", "--city", "Testville")
    user = db.session.scalar(select(User))
    set_password(user, "four words that go nowhere")
    key = new_key()
    assert set_up(user, key, TOTP(readable(key).replace("-", "")).generate().token)
    new_recovery_codes(user)
    before = user.fs_uniquifier
    db.session.commit()
    link = surveyapp("user", "reset", "Lead@testville.example")
    assert client.post(urlsplit(link.strip()).path).location == "/rounds"
    db.session.refresh(user)
    assert not any((user.password, user.tf_totp_secret, user.mf_recovery_codes))
    assert user.fs_uniquifier != before  # whoever held the telephone is signed out
    assert "nobody works here" in surveyapp.refused(2, "user", "reset", "else@testville.example")


def test_doctor_finds_nothing_where_all_is_well(surveyapp: Console, tmp_path: Path) -> None:
    with Mailbox() as mailbox:
        queue = f"sqlite:///{tmp_path}/queue.sqlite"
        told = surveyapp("doctor", SURVEYAPP_MAIL_URL=mailbox.url, SURVEYAPP_QUEUE_URL=queue)
    assert told == "All is well.\n"


def test_doctor_names_every_fault(tmp_path: Path) -> None:
    surveyapp = Console(f"sqlite:///{tmp_path}/new.sqlite")
    result = surveyapp.run(
        "doctor",
        SURVEYAPP_TOKEN_KEY=None,
        SURVEYAPP_BASE_URL="http://courses.example",
        SURVEYAPP_QUEUE_URL=f"sqlite:///{tmp_path}",
        SURVEYAPP_MAIL_URL="smtp://127.0.0.1:1",
        SURVEYAPP_LANGUAGES="en,da",
    )
    assert result.exit_code == 1
    expected = [
        "settings: SURVEYAPP_TOKEN_KEY is not set",
        "settings: SURVEYAPP_BASE_URL is http://courses.example: invitations need https",
        "database: not set up yet",
        "queue: unable to open database file",
        "mail: 127.0.0.1: ",
        *(f"languages: da: {name}.mo is missing" for name in ("benchmark", "answering", "report")),
    ]
    told = result.output.splitlines()
    assert len(told) == len(expected)
    for line, beginning in zip(told, expected, strict=True):
        assert line.startswith(beginning)


def test_doctor_names_a_setting_that_cannot_be(surveyapp: Console) -> None:
    result = surveyapp.run("doctor", SURVEYAPP_NOPE="1")
    assert (result.exit_code, result.output) == (1, "settings: SURVEYAPP_NOPE: there is no such setting\n")


# Runs before any program of this Python: as on a machine on which Pango was never installed.
NO_PANGO = """
import cffi

def dlopen(self, name, *flags, real=cffi.FFI.dlopen):
    if "pango" in name:
        raise OSError(f"cannot load library {name!r}")
    return real(self, name, *flags)

cffi.FFI.dlopen = dlopen
"""


def test_without_pdf_libraries_all_but_reports_works(surveyapp: Console, app: Flask, tmp_path: Path) -> None:
    close_round(opened_round())
    db.session.commit()
    (tmp_path / "blocker").mkdir()
    (tmp_path / "blocker" / "sitecustomize.py").write_text(NO_PANGO)
    environment = {
        **surveyapp.settings,
        "SURVEYAPP_QUEUE_URL": f"sqlite:///{tmp_path}/queue.sqlite",
        "PYTHONPATH": f"{tmp_path}/blocker:{ROOT}",
        "PATH": "/usr/bin:/bin",
    }

    def started(*words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "surveyapp", *words]
        return subprocess.Popen(
            command, env=environment, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    service = started("serve", "--port", port, "--workers", "1", "--no-worker")
    try:
        report, doctor = started("report", "autumn", "--output", "report.pdf"), started("doctor")
        assert report.communicate(timeout=60) == ("", f"Error: PDF libraries are missing; run: {INSTALL}\n")
        assert f"pdf: PDF libraries are missing; run: {INSTALL}\n" in doctor.communicate(timeout=60)[0]
        assert (report.returncode, doctor.returncode) == (1, 1)
        assert fetch(f"http://127.0.0.1:{port}/readyz") == 200
        assert fetch(f"http://127.0.0.1:{port}/join") == 200
    finally:
        service.terminate()
        service.communicate(timeout=20)


def fetch(url: str) -> int:
    """Status of a page, as soon as somebody answers."""
    until = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return answer.status
        except OSError:  # nobody listens yet
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
