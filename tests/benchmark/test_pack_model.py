"""A pack with other numbers of factors, groups and steps than the real one: what can be asked of it."""

import json
from pathlib import Path

import msgspec
import pytest

from surveyapp.benchmark import Benchmark, find_packs, from_data, load, messages, to_data

PACKS = Path(__file__).parent / "packs"


@pytest.fixture(scope="module")
def small() -> Benchmark:
    return load(PACKS / "small-1")


def keys(contents) -> list[str]:
    return [content.key for content in contents]


def test_other_numbers_of_factors_groups_and_steps(small):
    assert keys(small.factors) == ["open", "books", "help"]
    assert keys(small.groups) == ["library", "schools", "readers"]
    assert small.scale.size == 5
    assert [step.label for step in small.scale.wording("plain").steps] == [
        "No",
        "A little",
        "Half",
        "Mostly",
        "Yes",
    ]
    assert small.scale.wording("standard").stem == "How far is this true?"


def test_a_group_rates_a_statement_where_it_is_asked_and_sees_more_than_traces(small):
    rated = {
        factor: [group for group in keys(small.groups) if small.rates(factor, group)]
        for factor in keys(small.factors)
    }
    assert rated == {"open": ["library", "readers"], "books": ["library"], "help": ["schools", "readers"]}


def test_questions_asked_in_full_and_in_the_short_form(small):
    assert keys(small.asked("open", "library")) == ["open-library-1", "open-library-2"]
    assert keys(small.asked("open", "library", short=True)) == ["open-library-2"]
    assert small.asked("open", "schools") == ()


def test_a_group_meets_only_the_factors_it_can_answer_in_its_own_order(small):
    assert small.order("library") == ("open", "books")
    assert small.order("readers") == ("help", "open", "books")
    # Without its only question, which is not in the short form, readers have nothing to say about books.
    assert small.order("readers", short=True) == ("help", "open")


def test_statement_in_the_voice_of_the_group(small):
    assert small.statement_key("open", "library") == "open.statement"
    assert small.statement_key("open", "readers") == "open.plain_statement"


def test_guide_questions_that_no_asked_group_covers(small):
    assert keys(small.uncovered("open", ("library", "readers"))) == []
    assert keys(small.uncovered("open", ("library",), short=True)) == ["o.1"]
    assert keys(small.uncovered("open", ("readers", "schools"))) == ["o.2"]
    assert keys(small.uncovered("open", ())) == ["o.1", "o.2"]


@pytest.mark.parametrize(
    "ask",
    [
        lambda pack: pack.factor("gone"),
        lambda pack: pack.group("gone"),
        lambda pack: pack.asked("open", "gone"),
        lambda pack: pack.rates("gone", "library"),
        lambda pack: pack.order("gone"),
    ],
)
def test_an_unknown_key_is_an_error(small, ask):
    with pytest.raises(KeyError, match="gone"):
        ask(small)


def test_frozen_content_survives_json(small):
    assert from_data(json.loads(json.dumps(to_data(small)))) == small


def test_frozen_content_of_another_shape_is_refused(small):
    with pytest.raises(msgspec.ValidationError, match="surprise"):
        from_data(to_data(small) | {"surprise": 1})


def test_packs_are_found_by_their_head_file(tmp_path):
    assert [pack.name for pack in find_packs(PACKS)] == ["small-1"]
    assert find_packs(tmp_path / "nowhere") == ()


def test_every_text_is_a_message_under_its_key(small):
    found = {message.key: message.text for message in messages(small)}
    assert found == {
        "title": "A library for everyone",
        "standard": "Everyone in town can use the library.",
        "context": "“Library” is the house in Market Street and its bus.",
        "inspiration": "Made up for the tests.",
        "scale.standard.stem": "How far is this true?",
        "scale.standard.0": "Never",
        "scale.standard.1": "Rarely",
        "scale.standard.2": "Sometimes",
        "scale.standard.2.note": "about half of the time",
        "scale.standard.3": "Often",
        "scale.standard.4": "Always",
        "scale.standard.dk": "I cannot say",
        "scale.standard.na": "Does not apply",
        "scale.plain.stem": "Is this true?",
        "scale.plain.0": "No",
        "scale.plain.1": "A little",
        "scale.plain.2": "Half",
        "scale.plain.3": "Mostly",
        "scale.plain.4": "Yes",
        "scale.plain.dk": "I don't know",
        "scale.plain.na": "Not for me",
        "choices.way.0": "On foot",
        "choices.way.1": "By bus",
        "choices.way.1.note": "or by tram",
        "choices.way.dk": "It varies",
        "group.library": "Library staff",
        "group.library.role": "People who work in the library.",
        "group.schools": "Schools",
        "group.schools.role": "Schools that visit the library.",
        "group.readers": "Readers",
        "group.readers.role": "People who borrow books.",
        "open.title": "Opening hours",
        "open.statement": "The library is open when people have time.",
        "open.plain_statement": "The library is open when I have time.",
        "open.why": "A closed door helps nobody.",
        "open.guide.1": "When is the library open?",
        "open.guide.1.part.1": "On weekdays",
        "open.guide.1.part.2": "On Saturdays",
        "open.guide.2": "Who decides on the hours?",
        "open.example.1": "The library opens on Sundays.",
        "open.example.1.place": "Oldtown",
        "open-library-1": "How far do the hours suit people with jobs?",
        "open-library-2": "How far do readers help to decide on the hours?",
        "open-readers-1": "Can you come in the evening?",
        "open-readers-2": "How do you come to the library?",
        "books.title": "Books",
        "books.statement": "The library has the books that people look for.",
        "books.why": "People come for books.",
        "books.guide.1": "Which books are missing?",
        "books-readers-1": "Do you find new books?",
        "help.title": "Help",
        "help.statement": "Staff help everyone who asks.",
        "help.plain_statement": "The people in the library help me.",
        "help.why": "Shelves do not explain themselves.",
        "closing.wish": "What would you change?",
        "closing.wish.plain": "What do you want?",
        "context_factor.money": "Money",
        "context_factor.money.text": "What the town can spend.",
    }


def test_comments_say_who_reads_it_and_add_the_glossary(small):
    comments = {message.key: message.comment for message in messages(small)}
    assert "“Readers”" in comments["open-readers-1"]
    assert "A2" in comments["open-readers-1"]
    assert "A2" not in comments["open-library-1"]
    assert comments["standard"].endswith("\nlibrary: the public one")
    assert "library:" not in comments["open-library-1"]
    assert "Always / Often / Sometimes / Rarely / Never" in comments["scale.standard.2"]


def test_a_pack_for_professionals_only_has_no_plain_messages(small):
    closing = tuple(msgspec.structs.replace(question, plain_text="") for question in small.closing)
    scale = msgspec.structs.replace(small.scale, plain=None)
    groups, factors = (small.group("library"),), (small.factor("books"),)
    adults = msgspec.structs.replace(small, groups=groups, factors=factors, scale=scale, closing=closing)
    assert not [message.key for message in messages(adults) if "plain" in message.key]
    assert adults.scale.wording("plain") == adults.scale.standard
