"""Drill-down questions: one group's answers, under the same privacy rules."""

from surveyapp.analysis.counts import Counts
from surveyapp.analysis.disclosure import TooFewAnswers
from surveyapp.analysis.question import choice_view, question_view
from tests.analysis.count_tables import factor, table

ROUND = table(
    {"f1": {"city": [1, 2, 2, 1], "employers": [0, 1, 1, 1], "learners": [10, 10, 10, 10]}},
    groups=["city", "migrant_orgs", "employers", "learners"],
    kinds={"city": "organisations"},
)


def ask(group, *counts, dont_know=0):
    return question_view(ROUND, group, Counts(counts, dont_know))


def choose(group, *counts, dont_know=0):
    return choice_view(ROUND, group, Counts(counts, dont_know))


def test_a_question_is_told_like_a_factor():
    counts = [2, 10, 10, 2]
    assert ask("learners", *counts) == factor({"learners": counts}).groups["learners"]


def test_its_scale_may_differ_from_the_factors():
    assert len(ask("learners", 2, 10, 10, 2, 1).chart) == 5


def test_small_groups_are_hidden_in_either_kind_of_question():
    hidden = TooFewAnswers("not_enough_answers")
    assert ask("learners", 1, 1, 2, 0) == choose("learners", 1, 1, 2, 0) == hidden
    assert ask("employers", 3, 3, 3, 3) == choose("employers", 3, 3, 3, 3) == hidden  # three in the round
    silent = TooFewAnswers("no_answers")
    assert ask("migrant_orgs", 0, 0, 0, 0) == choose("migrant_orgs", 0, 0, 0, 0) == silent


def test_an_early_sign_is_told_as_mixed_and_a_clear_split_as_a_split():
    assert factor({"learners": [3, 1, 1, 3]}).groups["learners"].label == "possible_split"
    assert ask("learners", 3, 1, 1, 3).label == "mixed"
    assert ask("learners", 6, 1, 1, 6).label == "split"


def test_a_choice_shows_its_options_by_the_size_of_the_group():
    told = choose("learners", 5, 10, 20, 5)
    assert told.group == "learners"
    assert told.answered == 40
    assert [option.text for option in told.options] == ["15 %", "25 %", "50 %", "15 %"]
    assert [option.text for option in choose("city", 1, 5, 0).options] == ["some", "most", "few"]
    assert choose("learners", 1, 5, 0).options is None


def test_a_choice_never_shows_that_all_chose_the_same():
    assert choose("learners", 0, 0, 40, 0) == choose("learners", 0, 1, 39, 0)


def test_a_choice_with_too_few_choices_tells_only_who_did_not_know():
    told = choose("learners", 1, 1, 0, 0, dont_know=18)
    assert told.options is None
    assert told.dont_know.text == ">=90 %"
