"""Questions and answers read aloud: by a voice of the device, or by what the city has recorded; else no button."""

import hashlib
import io
import threading
import wave
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from surveyapp.accounts.links import sign_in_link
from tests.browser.conftest import PHONE, Watched, watching
from tests.browser.steps import START, clean, until
from tests.builders import lead, link, opened_round
from tests.conftest import make_app, within

# A voice that notes what it is asked to say, and says it for as long as the test likes
VOICES = """(voices) => {
  window.spoken = []; window.saying = null;
  class Words { constructor(text) { this.text = text; } }
  const speech = new EventTarget();
  Object.assign(speech, {
    getVoices: () => voices,
    speak: (words) => {
      window.spoken.push([words.text, words.lang, words.voice && words.voice.lang]); window.saying = words;
    },
    cancel: () => { const words = window.saying; window.saying = null; if (words) words.onerror(); },
  });
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
  Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: Words });
}"""
ENDED = "() => { const words = window.saying; window.saying = null; words.onend(); }"


@pytest.fixture
def served(sqlite_url: str) -> Iterator[Flask]:
    app = make_app(sqlite_url, languages=("en", "de", "ar", "ti"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    app.config["BASE_URL"] = f"http://127.0.0.1:{server.port}"
    running = threading.Thread(target=server.serve_forever)
    running.start()
    yield from within(app)
    server.shutdown()
    running.join()


@pytest.fixture
def town(browser: Browser, served: Flask) -> Iterator[Watched]:
    yield from watching(browser, served.config["BASE_URL"])


def questions(town: Watched, language: str, *voices: dict) -> Page:
    """The first questions of a fresh invitation, on a device with these voices."""
    page = town.page(PHONE)
    page.add_init_script(f"({VOICES})({list(voices)})".replace("True", "true").replace("False", "false"))
    page.goto(
        f"{link(opened_round(key=f'r-{language}', languages=('en', 'de', 'ar', 'ti')))}?language={language}"
    )
    page.locator(START).first.click()
    page.wait_for_url("**/answer/f7")
    return page


def voice(lang: str, local: bool = True) -> dict:
    return {"lang": lang, "localService": local}


def words_of(page: Page) -> list[str]:
    """The first question and its answers, as they are read by eye."""
    question = page.locator("fieldset.question").first
    spans = question.locator("label > span:last-child")
    return [" ".join(one.inner_text().split()) for one in (question.locator("legend"), *spans.all())]


def heard(page: Page) -> list[str]:
    return [" ".join(text.split()) for text, _, _ in page.evaluate("spoken")]


@pytest.mark.parametrize(
    ("language", "voices"),
    [
        ("ti", [voice("en-GB"), voice("ar")]),  # a voice of another language would read nonsense
        ("en", [voice("en-GB", local=False)]),  # one that sends the words to somebody else's computer
        ("de", []),
    ],
)
def test_no_button_where_nothing_can_read(town: Watched, language: str, voices: list[dict]) -> None:
    page = questions(town, language, *voices)
    page.evaluate("speechSynthesis.dispatchEvent(new Event('voiceschanged'))")
    expect(page.locator("fieldset.question").first).to_be_visible()
    expect(page.locator(".say")).to_have_count(0)


@pytest.mark.parametrize(("language", "lang"), [("en", "en-GB"), ("ar", "ar_EG")])
def test_a_voice_reads_the_question_and_its_answers(town: Watched, language: str, lang: str) -> None:
    page = questions(town, language, voice("fr"), voice(lang))
    clean(page)
    question = page.locator("fieldset.question").first
    listen = question.locator("legend + .say")
    whole = words_of(page)
    listen.click()
    for number in range(1, len(whole) + 1):
        until(page, lambda number=number: page.evaluate("spoken.length") == number)
        expect(question.locator(".said-now")).to_have_count(1)
        expect(listen).to_have_class("say on")
        page.evaluate(ENDED)
    expect(listen).to_have_class("say")
    expect(page.locator(".said-now")).to_have_count(0)
    assert heard(page) == whole
    assert {(said, by) for _, said, by in page.evaluate("spoken")} == {(language, lang)}


def test_one_answer_is_read_alone_and_not_chosen_by_that(town: Watched) -> None:
    page = questions(town, "en", voice("en"))
    page.locator("fieldset.question").first.locator("label + .say").nth(1).click()
    until(page, lambda: page.evaluate("spoken.length === 1"))
    page.evaluate(ENDED)
    expect(page.locator(".say.on")).to_have_count(0)
    assert heard(page) == [words_of(page)[2]]
    expect(page.locator("input:checked")).to_have_count(0)


def test_pressed_again_it_stops_and_another_takes_over(town: Watched) -> None:
    """With the keyboard, as whoever does not read well may have no pointer either."""
    page = questions(town, "en", voice("en"))
    first, second = (page.locator("legend + .say").nth(place) for place in (0, 1))
    first.focus()
    page.keyboard.press("Enter")
    expect(first).to_have_class("say on")
    page.keyboard.press("Enter")
    expect(page.locator(".say.on, .said-now")).to_have_count(0)
    assert page.evaluate("saying") is None
    page.keyboard.press("Enter")
    second.focus()
    page.keyboard.press("Space")
    expect(second).to_have_class("say on")
    expect(page.locator(".say.on")).to_have_count(1)
    assert len(heard(page)) == 3  # nothing was read on after it was stopped
    box = second.bounding_box()
    assert box["width"] >= 44
    assert box["height"] >= 44


def test_voices_that_come_late_are_offered_too(town: Watched) -> None:
    page = questions(town, "en")
    expect(page.locator(".say")).to_have_count(0)
    page.evaluate(
        "voice => { speechSynthesis.getVoices = () => [voice];"
        " speechSynthesis.dispatchEvent(new Event('voiceschanged')); }",
        voice("en"),
    )
    expect(page.locator("legend + .say").first).to_be_visible()


def sound(pitch: int) -> bytes:
    """A tenth of a second as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setparams((1, 1, 8000, 0, "NONE", ""))
        made.writeframes(bytes(128 + (step // pitch % 2) * 20 for step in range(800)))
    return file.getvalue()


def test_what_the_city_recorded_is_played(town: Watched, served: Flask) -> None:
    """Put in on the page of staff, for a language that no device speaks; without a script it is a link."""
    round_ = opened_round(key="heard", languages=("en", "ti"))
    user, paths = lead(round_.city), [f"{link(round_)}?language=ti" for _ in range(2)]
    staff = town.page(PHONE)
    with served.test_request_context():
        address = sign_in_link(user)
    staff.goto(address)
    staff.locator("main form .button").click()
    staff.wait_for_url("**/rounds")
    staff.goto("/rounds/heard/recordings?group=learners&in=ti")
    names = [name.inner_text() for name in staff.locator("td bdi").all()[:3]]
    sounds = [sound(pitch) for pitch in (4, 8, 16)]
    files = [
        {"name": f"{name}.wav", "mimeType": "audio/wav", "buffer": data}
        for name, data in zip(names, sounds, strict=True)
    ]
    staff.locator("#files").set_input_files(files)
    staff.get_by_role("button", name="Add recordings").click()
    expect(staff.locator("audio")).to_have_count(3)

    page = town.page(PHONE)
    page.goto(paths[0])
    page.locator(START).first.click()
    page.wait_for_url("**/answer/f7")
    question = page.locator("fieldset.question").first
    expect(question.locator(".say")).to_have_count(3)
    clean(page)
    listen = question.locator("legend + .say")
    played: list[str] = []
    page.on("requestfinished", lambda asked: played.append(asked.url) if "/sound/" in asked.url else None)
    listen.click()
    expect(listen).to_have_class("say on")
    expect(listen).to_have_class("say")
    asked = [address.rpartition("/")[2] for address in dict.fromkeys(played)]
    assert asked == [hashlib.sha256(data).hexdigest() for data in sounds]
    expect(page).to_have_url(f"{served.config['BASE_URL']}/answer/f7")

    plain = town.page(PHONE, javascript=False)
    plain.goto(paths[1])
    plain.locator(START).first.click()
    address = plain.locator("legend + .say").first.get_attribute("href")
    reply = plain.request.get(address)
    assert reply.body() == sounds[0]
    assert reply.headers["content-type"] == "audio/wav"
