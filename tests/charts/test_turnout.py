"""Bars of who answered: as exact as the words beside them, and no more."""

from surveyapp.analysis.disclosure import TooFewAnswers
from surveyapp.charts.turnout import Voice

FEW, NOBODY = TooFewAnswers("not_enough_answers"), TooFewAnswers("no_answers")


def voice(
    people: int | str | TooFewAnswers, invited: int | str | None = None, expected: int | None = None
) -> Voice:
    return Voice("city", ("codes",), invited, expected, 5, people)


def test_an_exact_number_is_one_length_and_a_range_is_two() -> None:
    assert voice(300, invited=450).bar == (67, 0)
    assert voice("5-9", invited=20).bar == (25, 20)
    assert voice("10-19", invited=100).bar == (10, 9)
    assert voice("5-9", invited="5-9").bar == (56, 44), "of as many at most as may have been invited"
    assert voice("5-9", invited="few", expected=5).bar == (100, 0)


def test_a_full_bar_is_everyone_invited_or_hoped_for() -> None:
    assert [voice(30, *asked).full for asked in ((60, 20), (20, 60), (None, 60), (60, None), (None, None))] == [
        60, 60, 60, 60, None,
    ]  # fmt: skip
    assert voice(30).bar is None
    assert voice(90, expected=60).bar == (100, 0)
    assert [voice(30, *asked).hoped for asked in ((60, 15), (20, 60), (60, None))] == [25, 100, None]


def test_what_is_not_told_has_no_length() -> None:
    assert voice(FEW, invited="10-19", expected=10).bar is None
    assert voice(NOBODY, invited="10-19", expected=10).bar is None


def test_whether_enough_came_is_said_only_where_the_words_decide_it() -> None:
    told = {
        (people, expected): voice(people, 50, expected).reached
        for people in (24, "5-9", FEW, NOBODY)
        for expected in (3, 5, 7, 9, 10, 25)
    }
    assert {case for case, reached in told.items() if reached} == {
        *((24, expected) for expected in (3, 5, 7, 9, 10)),
        ("5-9", 3),
        ("5-9", 5),
    }
    assert {case for case, reached in told.items() if reached is False} == {
        (24, 25),
        *(("5-9", expected) for expected in (10, 25)),
        *((FEW, expected) for expected in (5, 7, 9, 10, 25)),
        *((NOBODY, expected) for expected in (3, 5, 7, 9, 10, 25)),
    }
    assert voice(24, 50).reached is None


def test_strength_follows_the_words() -> None:
    assert [voice(people).strength for people in (20, "10-19", "7-19", "5-9", FEW, NOBODY)] == [
        "enough", "enough", "enough", "few", "unheard", "unheard",
    ]  # fmt: skip
