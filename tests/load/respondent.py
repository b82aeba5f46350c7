"""One invited person: from the link to the thanks, answering most questions and leaving some."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPException

from tests.load.browser import Browser, Page, Unexpected

RECEIPT = re.compile(r'class="code" dir="ltr">([^<]+)<')
LEFT_OUT = 0.1  # share of questions that a person skips
WRITES = 0.1  # share of text boxes that somebody writes in
IMPATIENT = 0.1  # share of people who press "send" once more
LONGEST_WALK = 40  # pages; more means that the questionnaire leads in a circle
WORDS = (
    "The evening course is full & the list is long",
    'Mehr "Deutsch am Arbeitsplatz", <b>bitte</b>',
    "الدورة مفيدة جدًا",
    "First line\r\nsecond line",
    "Danke 🙂 100 %",
)


@dataclass(frozen=True)
class Person:
    number: int
    group: str
    language: str
    link: str


@dataclass
class Visit:
    """What a person did: `answers` and `texts` are all that they sent; `acknowledged` once they were thanked."""

    person: Person
    answers: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    acknowledged: bool = False
    error: str | None = None
    timings: list[tuple[str, float]] = field(default_factory=list)
    weights: list[tuple[str, int]] = field(default_factory=list)


def visit(person: Person, port: int) -> Visit:
    """Walks the whole path once. Never raises: what went wrong is the visit's `error`."""
    made = Visit(person)
    browser = Browser(port, person.language, timings=made.timings, weights=made.weights)
    try:
        _walk(browser, made)
    except (Unexpected, HTTPException, OSError) as error:
        made.error = f"{type(error).__name__}: {error}"
    finally:
        browser.close()
    return made


def _walk(browser: Browser, made: Visit) -> None:
    whims = random.Random(made.person.number)
    start = browser.open(made.person.link)
    page = browser.submit(start.form(), {})
    for _ in range(LONGEST_WALK):
        form = page.form()
        if page.path == "/answer/review":
            break
        choices = {name: whims.choice(codes) for name, codes in form.choices.items() if not _skips(whims)}
        texts = {name: whims.choice(WORDS) if whims.random() < WRITES else "" for name in form.texts}
        page = browser.submit(form, {**choices, **texts, "go": "next"})
        made.answers |= choices
        made.texts |= _as_stored(texts)
    code = _receipt(browser.submit(form, {}))
    made.acknowledged = True
    if whims.random() < IMPATIENT and _receipt(browser.submit(form, {})) != code:
        raise Unexpected("sending again showed another receipt")


def _receipt(page: Page) -> str:
    found = RECEIPT.search(page.body)
    if found is None:
        raise Unexpected(f"sending led to {page.path} without a receipt")
    return found[1]


def _skips(whims: random.Random) -> bool:
    return whims.random() < LEFT_OUT


def _as_stored(texts: Mapping[str, str]) -> dict[str, str]:
    """Browsers end lines with CR LF, the service keeps LF; an empty box is no text."""
    return {name.removesuffix(":comment"): text.replace("\r\n", "\n") for name, text in texts.items() if text}
