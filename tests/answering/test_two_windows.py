"""Two windows on one personal link: both are kept, and only where they meet a person decides."""

import html
import re
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from surveyapp.answering.forms import COMMENT_MAX
from surveyapp.database import db
from surveyapp.models import DraftAnswer, DraftComment
from tests.builders import link, opened_round

CHOSEN = re.compile(r'<input type="radio" name="([^"]+)" value="([^"]+)" checked>')
WRITTEN = re.compile(r'<textarea [^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', re.DOTALL)
KNOWN = re.compile(r'<input type="hidden" name="was" value="([^"]*)">')
TOLD = re.compile(r'<a href="#([^"]+)">[^<]*</a> In the other window: <(?:b|q dir="auto")>([^<]*)<')
JSON = {"Accept": "application/json"}
LEA, TEXT = "f7-lea-1", "f7:comment"
BEFORE = {"f7": "2", LEA: "1", TEXT: "as it was"}
LONG = "w" * (COMMENT_MAX + 1)


@dataclass
class Window:
    """A page of questions as a person has it before them; `form` is what would be sent."""

    client: FlaskClient
    key: str = "f7"
    form: dict[str, str] = field(default_factory=dict)

    def load(self) -> "Window":
        return self.read(self.client.get(f"/answer/{self.key}"))

    def read(self, page: TestResponse) -> "Window":
        texts = {name: html.unescape(text) for name, text in WRITTEN.findall(page.text)}
        self.form = {**dict(CHOSEN.findall(page.text)), **texts, "was": KNOWN.findall(page.text)[0]}
        return self

    def press(self, changes: dict[str, str] | None = None, **pressed: str) -> TestResponse:
        """Without a script: the same page again where something is wrong, else the way on."""
        self.form |= changes or {}
        return self.client.post(f"/answer/{self.key}", data={**self.form, **pressed})

    def by_script(self, changes: dict[str, str] | None = None, **pressed: str) -> TestResponse:
        """As answer.js does it: the form goes on with what it was told."""
        self.form |= changes or {}
        told = self.client.post(f"/answer/{self.key}", data={**self.form, **pressed}, headers=JSON)
        self.form["was"] = told.json["was"]
        return told


Windows = tuple[Window, Window]


@pytest.fixture
def windows(each_app: Flask) -> Windows:
    path = link(opened_round())
    one, two = each_app.test_client(), each_app.test_client()
    for client in (one, two):
        assert client.post(path).status_code == 303
    one.post("/answer/f7", data=BEFORE)
    return Window(one).load(), Window(two).load()


def kept() -> dict[str, str]:
    """What the draft holds, by field."""
    db.session.rollback()
    texts = db.session.execute(select(DraftComment.question, DraftComment.text))
    answers = db.session.execute(select(DraftAnswer.question, DraftAnswer.choice)).all()
    return {**dict(answers), **{f"{key}:comment": text for key, text in texts}}


SAVES = pytest.mark.parametrize("save", [Window.press, Window.by_script])


@SAVES
def test_a_page_saved_unchanged_undoes_nothing(windows: Windows, save: type[Window.press]) -> None:
    one, two = windows
    save(one, {"f7": "3", LEA: "dk", TEXT: "new words"})
    assert save(two).status_code in (200, 303)
    assert kept() == {"f7": "3", LEA: "dk", TEXT: "new words"}


@SAVES
def test_changes_of_both_are_kept(windows: Windows, save: type[Window.press]) -> None:
    one, two = windows
    save(one, {"f7": "3"})
    save(two, {LEA: "0", TEXT: "from two"})
    save(one, {"f7-lea-2": "1"})
    assert kept() == {"f7": "3", LEA: "0", TEXT: "from two", "f7-lea-2": "1"}


def test_where_they_meet_both_are_shown_and_a_person_decides(windows: Windows) -> None:
    one, two = windows
    one.press({"f7": "3", TEXT: "the words of one"})
    page = two.press({"f7": "0", LEA: "dk", TEXT: "<b>two</b>"})
    assert page.status_code == 409
    assert "You answered this in two windows" in page.text
    assert dict(TOLD.findall(page.text)) == {"f7": "Yes", "f7-text": "the words of one"}
    assert kept() == {"f7": "3", LEA: "dk", TEXT: "the words of one"}, (
        "what met is not decided, the rest is kept"
    )
    two.read(page)
    assert (two.form["f7"], two.form[TEXT]) == ("0", "<b>two</b>"), "what was typed is there"
    assert two.press().location == "/answer/f6"
    assert kept() == {"f7": "0", LEA: "dk", TEXT: "<b>two</b>"}


def test_a_third_change_meanwhile_is_told_again(windows: Windows) -> None:
    one, two = windows
    one.press({"f7": "3"})
    two.read(two.press({"f7": "0"}))
    one.load().press({"f7": "1"})
    page = two.press()
    assert (page.status_code, dict(TOLD.findall(page.text))) == (409, {"f7": "A little"})
    assert kept()["f7"] == "1"


# What the first window does, what the second does, what the second is told of the first
TAKEN_BACK = {
    "an answer": (({}, {"clear": "f7"}), ({"f7": "0"}, {}), {"f7": "no answer"}),
    "a text": (({TEXT: ""}, {}), ({TEXT: "more"}, {}), {"f7-text": "no answer"}),
    "an answer that was changed": (({"f7": "3"}, {}), ({}, {"clear": "f7"}), {"f7": "Yes"}),
    "a text that was changed": (({TEXT: "more"}, {}), ({TEXT: ""}, {}), {"f7-text": "more"}),
}


@pytest.mark.parametrize("what", TAKEN_BACK)
def test_taking_back_meets_a_change(windows: Windows, what: str) -> None:
    one, two = windows
    (changes, pressed), (own, own_pressed), told = TAKEN_BACK[what]
    assert one.press(changes, **pressed).status_code == 303
    before, gone = kept(), dict.fromkeys(own_pressed.values(), "")
    page = two.press(own, **own_pressed)
    assert (page.status_code, dict(TOLD.findall(page.text))) == (409, told)
    assert kept() == before
    assert two.read(page).press(**own_pressed).status_code == 303
    assert kept() == {name: value for name, value in (BEFORE | own | gone).items() if value}


def test_clear_takes_one_answer_back_and_keeps_the_rest(windows: Windows) -> None:
    one, _ = windows
    assert one.press({"f7": "0", TEXT: "typed before"}, clear=LEA).location == "/answer/f7"
    assert kept() == {"f7": "0", TEXT: "typed before"}


def test_a_text_that_is_too_long_keeps_the_rest(windows: Windows) -> None:
    one, two = windows
    page = one.press({"f7": "3", TEXT: LONG})
    assert page.status_code == 422
    assert kept() == BEFORE | {"f7": "3"}
    assert one.read(page).form[TEXT] == LONG
    page = two.press({"f7": "0", TEXT: LONG})
    assert page.status_code == 409
    assert "One text is too long" in page.text
    assert dict(TOLD.findall(page.text)) == {"f7": "Yes"}
    assert one.press({TEXT: LONG[1:]}).location == "/answer/f6"
    assert kept() == BEFORE | {"f7": "3", TEXT: LONG[1:]}


def test_a_window_never_meets_itself(windows: Windows) -> None:
    """A script is told what is kept even where something is wrong, so that its next change is no second one."""
    one, _ = windows
    for choice in ("3", "1", "0"):
        told = one.by_script({"f7": choice, TEXT: LONG})
        assert (told.status_code, told.json["next"]) == (422, "/answer/f6")
        assert kept() == BEFORE | {"f7": choice}
    assert one.by_script({TEXT: "short"}).status_code == 200
    assert kept() == BEFORE | {"f7": "0", TEXT: "short"}


def test_a_script_is_told_of_a_conflict_until_the_page_asks(windows: Windows) -> None:
    one, two = windows
    one.press({"f7": "3", TEXT: "the words of one"})
    for choice in ("dk", "0"):
        assert two.by_script({"f7": choice, LEA: choice, TEXT: "the words of two"}).status_code == 409
        assert kept() == {"f7": "3", LEA: choice, TEXT: "the words of one"}
    assert two.by_script(clear="f7").status_code == 409
    page = two.press()  # refused: so the form goes as a form
    assert dict(TOLD.findall(page.text)) == {"f7": "Yes", "f7-text": "the words of one"}
    assert two.read(page).by_script().status_code == 200
    assert kept() == {"f7": "0", LEA: "0", TEXT: "the words of two"}


# Page, pressed button, where it leads: a form is sent there, a script is told
BUTTONS = [
    ("f7", {}, "/answer/f6"),
    ("f7", {"go": "back"}, "/answer/f7"),
    ("f6", {"go": "review"}, "/answer/review"),
    ("f6", {"go": "https://elsewhere.example/"}, "/answer/f5"),
    ("f6", {"language": "ar"}, "/answer/f6"),
    ("f7", {"clear": "f7"}, "/answer/f7"),
    ("closing", {"go": "next"}, "/answer/review"),
]


def test_every_button_leads_a_script_where_it_leads_a_form(windows: Windows) -> None:
    client = windows[0].client
    for key, pressed, leads in BUTTONS:
        plain = Window(client, key).load().press(**pressed)
        assert (plain.status_code, plain.location) == (303, leads)
        assert Window(client, key).load().by_script(**pressed).json["next"] == leads
    assert '<html lang="ar" dir="rtl">' in client.get("/answer/f7").text


def test_a_script_is_refused_what_a_page_is_refused(windows: Windows) -> None:
    one, two = windows
    assert one.client.post("/answer/f7", data={"f7": "9"}, headers=JSON).status_code == 400
    assert kept() == BEFORE
    stranger = one.client.application.test_client()
    assert stranger.post("/answer/f7", data={"f7": "0"}, headers=JSON).status_code == 403
    assert one.client.post("/answer/send").location == "/answer/thanks"
    late = two.client.post("/answer/f7", data=two.form | {"f7": "0"}, headers=JSON)
    assert (late.status_code, late.location) == (303, "/answer/thanks")
    assert kept() == {}
