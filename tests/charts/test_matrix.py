"""One cell for every factor and group: five ways of being empty, and never a number where none may be told."""

from typing import Any

import msgspec

from surveyapp.analysis.counts import Counts, CountTable, Kind
from surveyapp.analysis.findings import findings
from surveyapp.analysis.question import question_view
from surveyapp.benchmark import find_packs, load
from surveyapp.charts.drivers import answered, driving
from surveyapp.charts.factor import factor_view
from surveyapp.charts.matrix import Row, empty_states, matrix, pattern
from surveyapp.config import data_folder

GROUPS = ("city", "providers", "migrant_orgs", "employers", "learners")
ORGANISATIONS: Kind = "organisations"
PACK = load(find_packs(data_folder("benchmark"))[0])
BENCHMARK = msgspec.structs.replace(PACK, factors=(PACK.factor("f2"), PACK.factor("f7")))


def rows(kinds: dict[str, Kind] | None = None, **counts: tuple[int, ...]) -> tuple[Row, ...]:
    """Both factors answered alike; a group that is left out has nobody in the round."""
    table = CountTable(
        scale=4,
        groups=GROUPS,
        factors={
            factor: {
                group: Counts(told[:4], told[4])
                for group, told in counts.items()
                if BENCHMARK.rates(factor, group)
            }
            for factor in ("f2", "f7")
        },
        kinds={**dict.fromkeys(GROUPS, ORGANISATIONS), **(kinds or {})},
        people={group: sum(counts.get(group, (0,))) for group in GROUPS},
    )
    return matrix(findings(table), BENCHMARK)


def cell(told: tuple[Row, ...], factor: str, group: str) -> Any:
    [row] = [row for row in told if row.factor == factor]
    [found] = [cell for cell in row.cells if cell.group == group]
    return found


def test_the_five_empty_states() -> None:
    told = rows(
        city=(0, 2, 4, 2, 0),
        providers=(0, 1, 1, 0, 7),
        migrant_orgs=(0, 1, 2, 0, 0),
        learners=(5, 5, 5, 5, 5),
    )
    assert cell(told, "f2", "city").empty is None
    assert cell(told, "f2", "providers").empty == "cannot_judge"
    assert cell(told, "f2", "migrant_orgs").empty == "too_few"
    assert cell(told, "f2", "employers").empty == "no_answers"
    assert cell(told, "f2", "learners").empty == "traces"
    assert empty_states(told) == ("traces", "too_few", "cannot_judge", "no_answers")


def test_a_group_with_no_part_in_a_factor_was_not_asked() -> None:
    factor = BENCHMARK.factor("f7")
    parts = {key: part for key, part in factor.groups.items() if key != "city"}
    pack = msgspec.structs.replace(BENCHMARK, factors=(msgspec.structs.replace(factor, groups=parts),))
    found = findings(CountTable(scale=4, groups=GROUPS, factors={"f7": {}}))
    assert matrix(found, pack)[0].cells[0].empty == "not_asked"


def test_a_hidden_group_leaves_no_trace_of_its_counts() -> None:
    few, fewer = (
        rows(city=(0, 2, 4, 2, 0), employers=(4, 0, 0, 0, 0)),
        rows(city=(0, 2, 4, 2, 0), employers=(0, 0, 0, 1, 0)),
    )
    assert few == fewer
    assert cell(few, "f2", "employers").view is None


def test_a_small_group_of_persons_is_told_in_words_without_a_bar() -> None:
    told = cell(
        rows({"learners": "persons"}, learners=(0, 1, 4, 2, 0), city=(0, 2, 4, 2, 0)), "f7", "learners"
    )
    assert told.view.in_place.text == "more_than_half"
    assert told.view.median is None
    assert (told.segments, told.in_place, told.dont_know) == ((), None, None)


def test_a_small_group_of_organisations_is_drawn_in_quarters() -> None:
    told = cell(rows(city=(0, 2, 4, 2, 0)), "f2", "city")
    assert [segment.share.text for segment in told.segments] == ["some", "half", "some", "few"]
    assert told.dont_know is None, "a word is not drawn as a length"


def test_marks_and_partial_views() -> None:
    told = rows(city=(0, 0, 2, 18, 0), providers=(12, 6, 2, 0, 0), migrant_orgs=(0, 6, 6, 0, 12))
    assert cell(told, "f2", "city").mark == "clear"
    assert cell(told, "f2", "migrant_orgs").partial
    assert not cell(told, "f2", "city").partial


def test_the_cover_shows_no_more_than_the_cells() -> None:
    told = rows(city=(0, 0, 2, 18, 0), providers=(0, 1, 1, 0, 7))
    assert pattern(told)[0] == ("s3", "dk", "void", "void", "void")


def test_the_questions_that_pull_the_pair_apart_are_chosen_from_what_is_told() -> None:
    counts = {"city": (0, 0, 2, 18, 0), "providers": (12, 6, 2, 0, 0)}
    table = CountTable(
        scale=4,
        groups=GROUPS,
        factors={"f2": {group: Counts(told[:4], told[4]) for group, told in counts.items()}},
        kinds=dict.fromkeys(GROUPS, "organisations"),
        people={"city": 20, "providers": 20},
    )
    found = findings(table).factors["f2"]
    levels = {
        "f2-city-1": (1, 1, 9, 9),
        "f2-city-2": (9, 9, 1, 1),
        "f2-city-3": (0, 2, 9, 9),
        "f2-city-4": (5, 5, 5, 5),
    }
    answers = {
        (group, question.key): question_view(
            table, group, Counts(levels.get(question.key, counts[group][:4] if group in counts else (0,) * 4))
        )
        for group in GROUPS
        for question in BENCHMARK.asked("f2", group)
    }
    view = factor_view(found, frozenset(), BENCHMARK, answers)
    assert [item.key for item in dict(view.driving)["city"]] == ["f2-city-1", "f2-city-3"]
    assert driving(view.point, answered("f2", ("learners",), frozenset(), BENCHMARK, answers)) == ()
