"""The way in as a town hall installs it: nginx with our file of `deploy/`, TLS, and a browser that sends no Referer."""

import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from surveyapp.accounts.actions import add_member
from surveyapp.accounts.links import sign_in_link
from surveyapp.database import db
from tests.browser.conftest import PHONE, Watched, free_port, watching
from tests.browser.steps import START, go_on, sent
from tests.builders import link, opened_round
from tests.conftest import make_app, within

OURS = Path(__file__).parents[2] / "deploy" / "nginx.conf"
FRAME = """
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    {temporary}
    include {folder}/surveyapp.conf;
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@pytest.fixture
def served(sqlite_url: str) -> Iterator[tuple[Flask, int]]:
    """Settings as behind one proxy with TLS, and the port of the pages."""
    app = make_app(sqlite_url, base_url="https://localhost", trusted_proxies=1)
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    running = threading.Thread(target=server.serve_forever)
    running.start()
    for _ in within(app):
        yield app, server.port
    server.shutdown()
    running.join()


@pytest.fixture
def behind(served: tuple[Flask, int], browser: Browser, tmp_path: Path) -> Iterator[Watched]:
    """Watched pages behind nginx, which runs until they are seen."""
    _app, port = served
    with_tls, plain = free_port(), free_port()
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2",
         "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    changes = {
        "courses.example.org": "localhost",
        "listen 443 ": f"listen 127.0.0.1:{with_tls} ",
        "listen 80;": f"listen 127.0.0.1:{plain};",
        "127.0.0.1:8000": f"127.0.0.1:{port}",
        "/etc/letsencrypt/live/localhost/fullchain.pem": str(certificate),
        "/etc/letsencrypt/live/localhost/privkey.pem": str(key),
        "/var/log/nginx/": f"{tmp_path}/",
    }
    text = re.sub(r"^ *listen \[::\].*\n", "", OURS.read_text(), flags=re.MULTILINE)
    for before, now in changes.items():
        assert before in text
        text = text.replace(before, now)
    (tmp_path / "surveyapp.conf").write_text(text)
    temporary = " ".join(f"{name}_temp_path {tmp_path}/{name};" for name in TEMPORARY)
    (tmp_path / "nginx.conf").write_text(FRAME.format(folder=tmp_path, temporary=temporary))
    nginx = subprocess.Popen(["/usr/sbin/nginx", "-e", tmp_path / "error.log", "-c", tmp_path / "nginx.conf"])
    try:
        for _ in range(100):
            with suppress(OSError), socket.create_connection(("127.0.0.1", with_tls), timeout=1):
                break
            assert nginx.poll() is None, (tmp_path / "error.log").read_text()
            time.sleep(0.1)
        yield from watching(browser, f"https://localhost:{with_tls}")
    finally:
        nginx.terminate()
        nginx.wait(20)


@pytest.mark.parametrize("javascript", [True, False])
def test_an_answer_and_a_lead_come_through(
    served: tuple[Flask, int], behind: Watched, tmp_path: Path, javascript: bool
) -> None:
    round_ = opened_round()
    path = link(round_)
    lead = add_member("lead@testville.example", "Testville", "lead")
    db.session.commit()
    page = behind.page(PHONE, javascript)
    page.goto(path)
    page.locator(START).first.click()
    page.wait_for_url("**/answer/f7")
    [cookie] = page.context.cookies()
    assert (cookie["name"], cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) == (
        "__Host-session", True, True, "Lax",
    )  # fmt: skip
    page.locator(".choice").nth(1).click()
    go_on(page)
    page.goto("/answer/review")
    sent(page)

    door = sign_in_link(lead).removeprefix("https://localhost")
    page.goto(door)
    page.locator("main form button").click()
    expect(page.locator("main h1")).to_have_text("Rounds")
    log = (tmp_path / "surveyapp.log").read_text()
    assert "POST 303" in log
    assert path.rpartition("/")[2] not in log + (tmp_path / "error.log").read_text()
    assert door.rpartition("/")[2] not in log
