"""What the mail says: checked before it is kept, shown before it is sent."""

from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from surveyapp.database import db
from surveyapp.mailing import texts
from surveyapp.mailing.wording import Letter, faults_of, fill, paragraphs, text_of, voice, written
from surveyapp.models import AuditEntry, Round
from tests.builders import opened_round
from tests.mailing.post import Post, lead_of, listed, path

LETTER = Letter("a@one.example", "", "https://x.example/i/abc", "https://x.example/stop/def", "1:1:1")


def stored_round() -> Round:
    db.session.expire_all()
    return db.session.scalars(select(Round)).one()


def typed(**changed: str) -> dict[str, str]:
    with force_locale("en"):
        return {kind: changed.get(kind, texts.default(kind)) for kind in texts.KINDS}


@pytest.mark.parametrize("language", ["en", "de", "ar"])
@pytest.mark.parametrize("kind", texts.KINDS)
def test_our_own_texts_are_right_in_every_language(app: Flask, language: str, kind: str) -> None:
    with force_locale(language):
        text = texts.default(kind)
    assert faults_of(kind, text) == []
    assert "{city}" in text


@pytest.mark.parametrize(
    ("kind", "text", "says"),
    [
        ("invitation_body", "Come and answer.", "{link} is missing"),
        ("invitation_body", "{link} {nam}", "{nam} cannot be filled in"),
        ("invitation_body", "{link} {Name}", "{Name} cannot be filled in"),
        ("invitation_body", "{link} {}", "{} cannot be filled in"),
        ("reminder_body", "{link} {name", "stands alone"),
        ("reminder_body", "{link} }", "stands alone"),
        ("invitation_subject", "For {name}", "{name} cannot be filled in"),
        ("reminder_subject", "{link}", "{link} cannot be filled in"),
    ],
)
def test_faults_are_named_beside_the_field(app: Flask, kind: str, text: str, says: str) -> None:
    round_ = opened_round()
    answer = lead_of(app, round_).post(path(round_, "/texts/en"), data=typed(**{kind: text}))
    assert answer.status_code == 422
    assert says in answer.text
    assert f'id="{kind}-error"' in answer.text
    assert text.replace("{", "{") in answer.text, "nothing typed is lost"
    assert "invitation_body" not in stored_round().texts


def test_a_text_of_ones_own_goes_out(app: Flask, post: Post) -> None:
    round_ = opened_round(closes_on=date(2027, 1, 20))
    listed(round_, "a@one.example", "b@one.example", name="Bo & <Co>")
    listed(round_, "c@one.example", language="de")
    client = lead_of(app, round_)
    body = "Dear {name},\r\n{title} until {closes}\r\n{link}\r\nStop: {stop}"
    answer = client.post(path(round_, "/texts/en"), data=typed(invitation_body=body), follow_redirects=True)
    assert "The texts are saved" in answer.text
    stored = stored_round().texts
    assert list(stored["invitation_body"]) == ["en"]
    assert stored.get("reminder_body", {}) == {}, "what was not changed stays ours"
    assert stored["contact"] == {"en": "Ask us at 0100 555 010"}
    client.post(path(round_, "/send"))
    first = post.messages[0].get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert first.startswith("Dear Bo & <Co>,\nAutumn 2026 until 20 January 2027\nhttp://127.0.0.1:8000/i/")
    assert first.count("/stop/") == 1, "the text has its own way to stop"
    html = post.messages[0].get_body(("html",)).get_content()
    assert "Bo &amp; &lt;Co&gt;" in html
    assert "Dear" not in post.messages[2].get_body(("plain",)).get_content()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "mail.texts")).one()
    assert entry.about == "en"
    client.post(path(round_, "/texts/en/reset"))
    assert text_of(stored_round(), "invitation_body", "en").startswith("Hello {name}")


def test_looking_keeps_nothing(app: Flask) -> None:
    round_ = opened_round()
    client = lead_of(app, round_)
    page = client.post(
        path(round_, "/texts/en"), data={**typed(invitation_body="Only a try {link}"), "do": "preview"}
    ).text
    assert "It is not saved yet" in page
    assert "Only a try <a href=" in page
    assert "Only a try" not in client.get(path(round_, "/texts/en")).text
    assert "/i/example" in client.get(path(round_, "/texts/en")).text


def test_a_test_mail_to_oneself(app: Flask, post: Post) -> None:
    round_ = opened_round()
    client = lead_of(app, round_)
    page = client.post(path(round_, "/texts/de/test"), follow_redirects=True).text
    assert "on their way to lead@example.org" in page
    assert post.addresses == ["lead@example.org"] * 2
    assert "/i/example" in post.messages[0].get_body(("plain",)).get_content()
    post.answers["lead@example.org"] = "550 not you"
    assert "550 not you" in client.post(path(round_, "/texts/de/test"), follow_redirects=True).text


def test_only_languages_of_the_round(app: Flask) -> None:
    round_ = opened_round(languages=("en", "de"))
    client = lead_of(app, round_)
    assert client.get(path(round_, "/texts/de")).status_code == 200
    for language in ("ar", "fr", "x"):
        assert client.get(path(round_, f"/texts/{language}")).status_code == 404
        assert client.post(path(round_, f"/texts/{language}"), data=typed()).status_code == 404


def test_what_is_empty_leaves_no_hole() -> None:
    text = "Hello {name},\n\nuntil {closes}.\n\n{link}\n\nHelp? {contact}\n{unknown}"
    values = {"name": "", "closes": "", "link": "L", "contact": "C"}
    assert fill(text, values) == "Hello,\n\nL\n\nHelp? C\n{unknown}"
    assert fill("مرحبا {name}،", {"name": ""}) == "مرحبا،"
    assert fill("{name}", {"name": "{link}", "link": "L"}) == "{link}", "a name is no placeholder"


def test_html_holds_the_same_words() -> None:
    [first, second] = paragraphs("a <b> & c\nhttps://x.example/?a=1&b=2\n\n\nend")
    assert "a &lt;b&gt; &amp; c<br>" in first
    assert '<a href="https://x.example/?a=1&amp;b=2" dir="ltr">https://x.example/?a=1&amp;b=2</a>' in first
    assert second == "end"


def test_without_a_closing_day_and_contact(app: Flask) -> None:
    round_ = opened_round(texts={"contact": {}, "next_steps": {}})
    for purpose in texts.PURPOSES:
        text = written(voice(round_, purpose, "en"), LETTER)
        assert "until" not in text
        assert "help" not in text
        assert LETTER.link in text.splitlines()
        assert LETTER.stop in text.splitlines()


def test_an_address_in_the_contact_is_where_answers_go(app: Flask) -> None:
    round_ = opened_round(
        texts={"contact": {"en": "Write to office@city.example. Or call."}, "next_steps": {}}
    )
    assert voice(round_, "invitation", "en").reply_to == "office@city.example"
    assert voice(round_, "invitation", "de").reply_to == ""
