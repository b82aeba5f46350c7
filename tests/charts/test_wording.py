"""Every reason code has its own whole sentence, and shares, bands and levels read as people speak."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import pytest
from flask import Flask, render_template_string
from flask_babel import force_locale

from surveyapp.analysis.disagreement import Reason
from surveyapp.analysis.rounding import Share
from surveyapp.benchmark import find_packs, load, messages
from surveyapp.benchmark.frozen import Frozen
from surveyapp.charts.agenda import Difference, Point, agenda
from surveyapp.charts.words import Words
from surveyapp.config import data_folder
from tests.charts.test_agenda import HIGH, LOW, told

BENCHMARK = load(find_packs(data_folder("benchmark"))[0])
WORDS = Words(Frozen(BENCHMARK, {"en": {message.key: message.text for message in messages(BENCHMARK)}}), "en")
SAYS: dict[Reason, str] = {
    "clear_difference": "<b>City administration</b> rated this about one step higher than <b>Learners</b>.",
    "early_sign": "<b>City administration</b> may see this about one step higher than <b>Learners</b>.",
    "split_group": "are far apart: <b>City administration and Learners</b>.",
    "possible_split": "may be far apart: <b>City administration and Learners</b>.",
    "many_dont_know": "Many here say “I don’t know”: <b>City administration and Learners</b>.",
    "awareness_gap": "far more often than the other",
    "mixed_group": "without clear camps",
    "same_average": "have the same average",
    "similar_answers": "gave similar answers",
    "few_answers": "there are few answers",
    "not_enough_groups": "nothing can be compared",
    "no_clear_pattern": "That does not mean that everyone agrees.",
}


@pytest.fixture
def macro(app: Flask) -> Callable[..., str]:
    def call(template: str, name: str, *arguments: Any) -> str:
        source = (
            f"{{% from 'charts/{template}.html' import {name} with context %}}{{{{ {name}(*arguments) }}}}"
        )
        with app.test_request_context(), force_locale("en"):
            return " ".join(render_template_string(source, words=WORDS, arguments=arguments).split())

    return call


def point_for(reason: Reason, steps: Any = "one") -> Point:
    [clear] = agenda(told(f1={"city": HIGH, "learners": LOW})).talk
    found = replace(clear.found, reason=reason, reason_groups=("city", "learners"))
    sure = "early" if reason == "early_sign" else "clear"
    return replace(clear, found=found, differences=(Difference("city", "learners", steps, sure),))  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", get_args(Reason))
def test_every_reason_has_a_sentence_a_sign_and_a_prompt(macro: Callable[..., str], reason: Reason) -> None:
    point = point_for(reason)
    assert SAYS[reason] in macro("reasons", "sentence", point)
    assert macro("reasons", "sign", point)
    assert macro("reasons", "prompt", point).rstrip().endswith("?")


def test_no_two_reasons_share_a_sentence(macro: Callable[..., str]) -> None:
    sentences = [macro("reasons", "sentence", point_for(reason)) for reason in get_args(Reason)]
    assert len(set(sentences)) == len(get_args(Reason))


@pytest.mark.parametrize(
    ("steps", "words"),
    [("half", "about half a step higher"), ("one_and_half", "about one and a half steps higher"),
     ("two", "about two steps higher"), ("more", "more than two steps higher"), (None, "rated this higher than")],
)  # fmt: skip
def test_distances_in_words(macro: Callable[..., str], steps: str | None, words: str) -> None:
    assert words in macro("reasons", "sentence", point_for("clear_difference", steps))


@pytest.mark.parametrize(
    ("share", "words"),
    [(Share("<=10 %", 10), "10% or less"), (Share(">=95 %", 95), "95% or more"), (Share("30 %", 30), "30%"),
     (Share("half", 50), "about half"), (Share("nearly_all", 90), "nearly all"),
     (Share("fewer_than_half", 25), "fewer than half")],
)  # fmt: skip
def test_shares(macro: Callable[..., str], share: Share, words: str) -> None:
    assert macro("words", "share", share) == words


def test_numbers_of_answers(macro: Callable[..., str]) -> None:
    assert macro("words", "number", 1234) == "1,234"
    assert "5–9" in macro("words", "number", "5-9")


def test_levels_in_the_words_each_group_read(macro: Callable[..., str]) -> None:
    assert WORDS.level(2.0, "city") == ("Partly",)
    assert WORDS.level(2.0, "learners") == ("A little",)
    assert WORDS.level(2.5, "city") == ("Mostly", "Partly")
    view = told(f1={"city": (0, 10, 10, 0, 0)}).factors["f1"].groups["city"]
    assert macro("words", "level", view) == "Mostly to partly"
    assert (WORDS.top("city"), WORDS.top("learners")) == ("Fully or mostly", "Yes or mostly")


def test_labels_change_their_first_letter_only() -> None:
    assert (WORDS.inside("Mostly"), WORDS.inside("EU rules")) == ("mostly", "EU rules")
    assert WORDS.starting("weiß nicht, ob Kurse") == "Weiß nicht, ob Kurse"
    turkish = Words(WORDS.frozen, "tr")
    assert (turkish.inside("Işık"), turkish.inside("İyi")) == ("ışık", "iyi")
    assert (turkish.starting("ışık"), turkish.starting("iyi")) == ("Işık", "İyi")
