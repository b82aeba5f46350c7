"""Filling in a form as a browser does: what stands in it is sent, with what the person changed."""

from html.parser import HTMLParser
from typing import Any

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def seen(html: str) -> str:
    """The words of a page."""
    parser = Text()
    parser.feed(html)
    return " ".join(" ".join(parser.words).split())


def filled(html: str) -> dict[str, Any]:
    """What a browser would send of the form in the page's main part, its buttons left out."""
    document = html5lib.parse(html, namespaceHTMLElements=False)
    main = next(node for node in document.iter("main"))
    sent: dict[str, Any] = {}
    for control in main.iter():
        name = control.get("name")
        if not name or control.tag == "button":
            continue
        if control.tag == "textarea":
            sent[name] = (control.text or "").removeprefix("\n").replace("\n", "\r\n")
        elif control.tag == "select":
            chosen = [option for option in control if option.get("selected") is not None]
            sent[name] = (chosen or list(control))[0].get("value")
        elif control.get("type") == "checkbox":
            if control.get("checked") is not None:
                sent.setdefault(name, []).append(control.get("value"))
        elif control.get("type") != "radio" or control.get("checked") is not None:
            sent[name] = control.get("value", "")
    return sent


def save(browser: FlaskClient, path: str, **typed: Any) -> TestResponse:
    """Opens a step, changes what is `typed` (None unticks) and presses a button."""
    page = browser.get(path)
    assert page.status_code == 200, seen(page.text)
    data = {"do": "on"} | filled(page.text) | typed
    return browser.post(path, data={name: value for name, value in data.items() if value is not None})
