"""What a city types stays readable in Arabic words: a telephone number keeps the order of its parts."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from surveyapp.i18n import in_order
from surveyapp.mailing.wording import voice
from tests.builders import link, opened_round

CONTACT = {"contact": {"en": "Ask us at 0100 555 010", "ar": "مكتب الاندماج، 0100 555 010"}}
NOTICE = {"privacy": {"ar": "هل لديك سؤال؟ اتصل بنا: +49 30 1234-56"}}


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("هاتف 0100 555 010", "هاتف \u20660100 555 010\u2069"),
        ("هاتف +49 (0)30 1234-56، الغرفة 4", "هاتف \u2066+49 (0)30 1234-56\u2069، الغرفة 4"),
        ("من 3 إلى 12", "من 3 إلى 12"),
        ("Ask us at 0100 555 010", "Ask us at 0100 555 010"),
    ],
)
def test_only_numbers_in_parts_within_such_words_are_marked(typed: str, shown: str) -> None:
    assert in_order(typed) == shown


def test_on_the_first_page(client: FlaskClient) -> None:
    path = link(opened_round(texts={**CONTACT, **NOTICE}))
    arabic = client.get(f"{path}?language=ar").text
    assert "مكتب الاندماج، \u20660100 555 010\u2069" in arabic
    assert "اتصل بنا: \u2066+49 30 1234-56\u2069" in arabic
    assert "Ask us at 0100 555 010" in client.get(f"{path}?language=en").text


def test_in_mail(app: Flask) -> None:
    round_ = opened_round(texts={**CONTACT, "next_steps": {}})
    assert "\u20660100 555 010\u2069" in voice(round_, "invitation", "ar").body
    assert "Ask us at 0100 555 010" in voice(round_, "invitation", "en").body
