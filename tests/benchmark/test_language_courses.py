"""The real pack: its numbers, counted by hand, and the wording rules that a machine can check."""

import re
from pathlib import Path

import pytest

from surveyapp.benchmark import Benchmark, Question, load, messages

FOLDER = Path(__file__).parents[2] / "benchmark" / "language-courses-1"
GROUPS = ("city", "providers", "migrant_orgs", "employers", "learners")


@pytest.fixture(scope="module")
def pack() -> Benchmark:
    return load(FOLDER)


def questions(pack: Benchmark, group: str, short: bool = False) -> list[Question]:
    return [question for factor in pack.factors for question in pack.asked(factor.key, group, short)]


def words(text: str) -> int:
    return len(text.split())


def test_nine_factors_with_forty_nine_guide_questions(pack):
    assert [factor.key for factor in pack.factors] == [f"f{number}" for number in range(1, 10)]
    assert [len(factor.guide_questions) for factor in pack.factors] == [5, 5, 7, 5, 6, 4, 3, 5, 9]
    for number, factor in enumerate(pack.factors, 1):
        assert [guide.key for guide in factor.guide_questions] == [
            f"{number}.{place}" for place in range(1, len(factor.guide_questions) + 1)
        ]


def test_lists_that_belong_to_guide_questions(pack):
    parts = {guide.key: len(guide.parts) for factor in pack.factors for guide in factor.guide_questions}
    assert {key: count for key, count in parts.items() if count} == {
        "2.1": 6, "5.5": 4, "6.1": 2, "6.4": 11, "7.3": 4, "8.5": 4,
    }  # fmt: skip


def test_five_groups_and_four_steps(pack):
    assert tuple(group.key for group in pack.groups) == GROUPS
    assert [group.key for group in pack.groups if group.kind == "persons"] == ["learners"]
    assert [group.key for group in pack.groups if group.voice == "plain"] == ["learners"]
    assert [step.label for step in pack.scale.standard.steps] == ["Not at all", "Partly", "Mostly", "Fully"]
    assert [step.label for step in pack.scale.plain.steps] == ["No", "A little", "Mostly", "Yes"]
    assert pack.self_group == "city"


@pytest.mark.parametrize(
    ("group", "full", "short"),
    [
        ("city", 32, 18),
        ("providers", 30, 18),
        ("migrant_orgs", 23, 16),
        ("employers", 19, 10),
        ("learners", 26, 12),
    ],
)
def test_questions_per_group(pack, group, full, short):
    assert len(questions(pack, group)) == full
    assert len(questions(pack, group, short=True)) == short


def test_every_group_rates_every_statement_but_two(pack):
    not_rated = [(factor.key, group) for factor in pack.factors for group in GROUPS
                 if not pack.rates(factor.key, group)]  # fmt: skip
    assert not_rated == [("f2", "learners"), ("f7", "employers")]
    assert len(pack.asked("f2", "learners")) == len(pack.asked("f7", "employers")) == 2


def test_learners_begin_with_what_they_know_best(pack):
    assert pack.order("learners") == ("f7", "f6", "f5", "f4", "f3", "f8", "f9", "f1", "f2")
    assert pack.order("city") == tuple(f"f{number}" for number in range(1, 10))
    assert "f2" not in pack.order("learners", short=True)


def test_every_guide_question_is_covered_by_a_question_to_some_group(pack):
    assert [guide.key for factor in pack.factors for guide in pack.uncovered(factor.key, GROUPS)] == []


def test_guide_questions_that_the_short_form_leaves_open(pack):
    uncovered = [
        guide.key for factor in pack.factors for guide in pack.uncovered(factor.key, GROUPS, short=True)
    ]
    assert uncovered == ["1.5", "2.2", "2.5", "3.3", "3.6", "5.4", "5.6", "8.1", "9.8"]


def test_special_answers(pack):
    asked = [question for group in GROUPS for question in questions(pack, group)]
    assert [question.key for question in asked if question.choices] == ["f5-city-4", "f5-prov-4", "f5-lea-2"]
    assert [question.key for question in asked if question.not_for_me] == ["f5-lea-4", "f8-lea-2"]


def test_examples_closing_questions_and_context_factors(pack):
    assert [len(factor.examples) for factor in pack.factors] == [2, 0, 1, 2, 2, 2, 2, 2, 2]
    assert [closing.key for closing in pack.closing] == ["x-best", "x-change"]
    assert [context.key for context in pack.context_factors] == [f"c{number}" for number in range(1, 8)]


def test_message_keys_are_unique_and_no_text_is_empty(pack):
    found = list(messages(pack))
    assert len({message.key for message in found}) == len(found)
    assert not [message.key for message in found if not message.text.strip() or not message.comment.strip()]
    assert not [message.key for message in found if message.text != message.text.strip()]


def test_texts_are_short_enough(pack):
    too_long = [
        factor.key for factor in pack.factors if words(factor.statement) > 20 or words(factor.title) > 6
    ]
    too_long += [question.key for question in questions(pack, "learners") if words(question.text) > 12]
    too_long += [factor.key for factor in pack.factors if words(factor.plain_statement) > 12]
    for group in GROUPS[:-1]:
        too_long += [question.key for question in questions(pack, group) if words(question.text) > 26]
    assert too_long == []


def test_professionals_are_asked_how_far(pack):
    asked = [question for group in GROUPS[:-1] for question in questions(pack, group) if not question.choices]
    assert [question.key for question in asked if not question.text.startswith("How far ")] == []


def test_learners_read_no_negation_no_passive_and_no_office_words(pack):
    hard = re.compile(
        r"\b(not|no|never|nobody|\w+n't|(is|are|was|were|been|be) \w+ed|needs? assessment|integration|offer"
        r"|access|regularly|stakeholders?|provision|newcomers?|migrants?)\b",
        re.IGNORECASE,
    )
    texts = [question.text for question in questions(pack, "learners")]
    texts += [factor.plain_statement for factor in pack.factors]
    assert [text for text in texts if hard.search(text)] == []


def test_no_text_calls_people_foreign(pack):
    assert [message.key for message in messages(pack) if re.search("foreign|alien", message.text, re.I)] == []
