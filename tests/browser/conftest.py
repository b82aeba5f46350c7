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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
PHONE = {"width": 390, "height": 800}
DESKTOP = {"width": 1280, "height": 900}


@dataclass(frozen=True)
class Stage:
    """A running demo: `base` is its address, `links` its links.json."""

    base: str
    links: dict
    folder: Path


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory, _compiled_catalogues: None) -> Iterator[Stage]:
    """`make demo` as a user runs it, in a folder of its own."""
    folder = tmp_path_factory.mktemp("demo")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "surveyapp.demo", "--port", str(port)],
            cwd=folder, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{base}/readyz", process, folder / "log")
        links = json.loads((folder / "instance" / "demo" / "links.json").read_text())
        yield Stage(base, links, folder / "instance" / "demo")
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(20)


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
            viewport=viewport, java_script_enabled=javascript, base_url=self.base
        )
        context.on("request", self._own_requests_only)
        self.contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda line: self.faults.append(line.text) if "Content Security" in line.text else None
        )
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def _own_requests_only(self, request: object) -> None:
        if not request.url.startswith(self.base):
            self.faults.append(f"request to {request.url}")


@pytest.fixture
def watched(browser: Browser, stage: Stage) -> Iterator[Watched]:
    opened = Watched(browser, stage.base)
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.faults == []
