"""The real service on a real port, driven by Debian's chromium. Every page is watched: no foreign request, no
complaint of the content policy, no script error."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Page, sync_playwright

from tests.mailing.post import Post

CHROMIUM = "/usr/bin/chromium"
PHONE = {"width": 390, "height": 800}
DESKTOP = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Stage:
    """A running demo: `base` is its address, `links` its links.json."""

    base: str
    links: dict
    folder: Path


@dataclass(frozen=True)
class Service:
    """A running service as a town hall installs it: its address, its mail server, and its command line."""

    base: str
    post: Post
    folder: Path
    environ: Mapping[str, str]

    def command(self, *words: str) -> str:
        """What `surveyapp ...` prints, run beside the service as an administrator would."""
        told = subprocess.run(
            [sys.executable, "-m", "surveyapp", *words],
            cwd=self.folder, env=self.environ, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
        return told.stdout


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory, _compiled_catalogues: None) -> Iterator[Stage]:
    """`make demo` as a user runs it, in a folder of its own."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    with _running(["surveyapp.demo", "--port", str(port)], port, folder, os.environ) as base:
        links = json.loads((folder / "instance" / "demo" / "links.json").read_text())
        yield Stage(base, links, folder / "instance" / "demo")


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, _compiled_catalogues: None) -> Iterator[Service]:
    """`surveyapp serve` with its worker on an empty database, and a real mail server. Tests have a city each."""
    folder, port = tmp_path_factory.mktemp("service"), free_port()
    with Post() as post:
        environ = {
            **os.environ,
            "SURVEYAPP_SECRET_KEY": "s" * 64,
            "SURVEYAPP_TOKEN_KEY": "t" * 64,
            "SURVEYAPP_BASE_URL": f"http://127.0.0.1:{port}",
            "SURVEYAPP_MAIL_URL": post.url,
            "SURVEYAPP_MAIL_FROM": "courses@townhall.example",
            "SURVEYAPP_LANGUAGES": "en de ar",
        }
        words = ["surveyapp", "serve", "--migrate", "--port", str(port), "--workers", "1"]
        with _running(words, port, folder, environ) as base:
            yield Service(base, post, folder, environ)


@contextmanager
def _running(words: Sequence[str], port: int, folder: Path, environ: Mapping[str, str]) -> Iterator[str]:
    """Runs a module in a folder until the address it serves is no longer needed."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=folder, env=environ, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{base}/readyz", process, folder / "log")
        yield base
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(40)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen, log: Path) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.2)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        options = [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
        ]
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        yield running
        running.close()


class Watched:
    """Opens contexts and fails the test for anything a page does that it must not."""

    def __init__(self, browser: Browser, base: str) -> None:
        self.browser, self.base = browser, base
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def page(self, viewport: dict, javascript: bool = True) -> Page:
        context = self.browser.new_context(
            viewport=viewport, java_script_enabled=javascript, base_url=self.base, ignore_https_errors=True
        )
        context.on("request", self._own_requests_only)
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda line: self.faults.append(line.text) if "Content Security" in line.text else None
        )
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def visitor(self) -> APIRequestContext:
        """Somebody else's browser, for requests alone."""
        context = self.browser.new_context(base_url=self.base)
        self.contexts.append(context)
        return context.request

    def _own_requests_only(self, request: object) -> None:
        if not request.url.startswith(self.base):
            self.faults.append(f"request to {request.url}")


@pytest.fixture
def watched(browser: Browser, stage: Stage) -> Iterator[Watched]:
    yield from watching(browser, stage.base)


@pytest.fixture
def in_service(browser: Browser, service: Service) -> Iterator[Watched]:
    """Watched pages of the service."""
    yield from watching(browser, service.base)


def watching(browser: Browser, base: str) -> Iterator[Watched]:
    """Fails the test in the end for whatever its pages did wrong."""
    opened = Watched(browser, base)
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.faults == []
