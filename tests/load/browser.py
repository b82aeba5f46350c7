"""As much of a browser as a respondent needs: cookies, redirects, forms, static files kept, one open connection."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from http.cookies import SimpleCookie
from time import perf_counter
from urllib.parse import urlencode, urljoin, urlsplit

TIMEOUT = 30  # seconds for one request; a person would have left long before
FORM = re.compile(r"<form\b([^>]*\bmethod=\"post\"[^>]*)>(.*?)</form>", re.DOTALL)
INPUT = re.compile(r"<input\b([^>]*)>")
TEXTAREA = re.compile(r"<textarea\b([^>]*)>")
RESOURCE = re.compile(r"<(?:link\b[^>]*\brel=\"(?:stylesheet|icon)\"[^>]*|img\b[^>]*|script\b[^>]*)>")
ATTRIBUTE = re.compile(r"([\w-]+)=\"([^\"]*)\"")


class Unexpected(Exception):
    """The service did not answer as it does to a person; the text says where and how."""


@dataclass(frozen=True)
class Form:
    """The first form of a page: where it goes, what it carries along, and what can be chosen and written."""

    action: str
    hidden: Mapping[str, str]
    choices: Mapping[str, tuple[str, ...]]
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    path: str
    body: str

    def form(self) -> Form:
        found = FORM.search(self.body)
        if found is None:
            raise Unexpected(f"{self.path}: there is no form on the page")
        hidden: dict[str, str] = {}
        choices: dict[str, list[str]] = {}
        for tag in INPUT.findall(found[2]):
            given = attributes(tag)
            if given["type"] == "hidden":
                hidden[given["name"]] = given["value"]
            elif given["type"] == "radio":
                choices.setdefault(given["name"], []).append(given["value"])
        return Form(
            action=urljoin(self.path, attributes(found[1]).get("action", "")),
            hidden=hidden,
            choices={name: tuple(values) for name, values in choices.items()},
            texts=tuple(attributes(tag)["name"] for tag in TEXTAREA.findall(found[2])),
        )

    def resources(self) -> list[str]:
        """Addresses of what the page shows beside its text: stylesheets, icon, pictures, scripts."""
        tags = [attributes(tag) for tag in RESOURCE.findall(self.body)]
        return [tag.get("href") or tag["src"] for tag in tags if "href" in tag or "src" in tag]


def attributes(tag: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(tag)}


@dataclass
class Browser:
    """One new browser. `timings` holds (step, seconds) of every request, `weights` (path, bytes of the body)."""

    port: int
    language: str
    cookies: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    timings: list[tuple[str, float]] = field(default_factory=list)
    weights: list[tuple[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)

    def open(self, path: str) -> Page:
        return self._show(self._request("GET", path))

    def submit(self, form: Form, fields: Mapping[str, str]) -> Page:
        return self._show(self._request("POST", form.action, {**form.hidden, **fields}))

    def close(self) -> None:
        self.connection.close()

    def _show(self, page: Page) -> Page:
        for address in page.resources():
            if address not in self.kept:
                self._request("GET", address)
                self.kept.add(address)
        return page

    def _request(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> Page:
        began = perf_counter()
        answer = self._send(method, path, urlencode(fields) if fields is not None else None)
        body = answer.read()
        self.timings.append((step(method, path), perf_counter() - began))
        self.weights.append((path, len(body)))
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        if answer.status in (302, 303):
            return self._request("GET", urljoin(path, answer.headers["Location"]))
        if answer.status != 200:
            raise Unexpected(f"{method} {step(method, path)}: {answer.status}")
        return Page(path, body.decode())

    def _send(self, method: str, path: str, body: str | None) -> HTTPResponse:
        headers = {"Accept-Language": self.language, "Accept": "text/html,*/*;q=0.8"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        reused = self.connection.sock is not None
        try:
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()
        except (RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # A server may drop an idle connection at any time: browsers then ask once more on a new one
            self.connection.close()
            if not reused:
                raise
        self.connection.request(method, path, body, headers)
        return self.connection.getresponse()


def step(method: str, path: str) -> str:
    """What a request is to the person who makes it."""
    parts = urlsplit(path).path.strip("/").split("/")
    match method, parts:
        case "GET", ["i", _]:
            return "start page"
        case "POST", ["i", _]:
            return "start"
        case "GET", ["static", *_]:
            return "static file"
        case "GET", ["answer"]:
            return "resume"
        case _, ["answer", "review" | "send" | "thanks" as name]:
            return name
        case "GET", ["answer", _]:
            return "factor page"
        case "POST", ["answer", _]:
            return "save"
        case _:
            return parts[0]
