"""Where the dots stand, from counts whose middle answers one can read off."""

from surveyapp.analysis.counts import Counts, CountTable
from surveyapp.analysis.findings import Findings, findings
from surveyapp.benchmark import find_packs, load
from surveyapp.charts.dots import DotPlot, Standing, dot_plot
from surveyapp.charts.matrix import matrix
from surveyapp.config import data_folder
from tests.charts.test_agenda import ALIKE, GROUPS, HIGH, LOW, told

BENCHMARK = load(find_packs(data_folder("benchmark"))[0])
FULLY = (0, 2, 10, 28, 0)
MOSTLY = (0, 4, 32, 4, 0)
PARTLY = (4, 32, 4, 0, 0)


def plotted(found: Findings) -> DotPlot:
    return dot_plot(found, matrix(found, BENCHMARK), 4)


def lines(standing: Standing) -> list[list[tuple[int, int, str | None]]]:
    """(group's number, space before it, reach) of every dot."""
    return [[(placed.dot.number, placed.space, placed.reach) for placed in line] for line in standing.lines]


def test_the_pair_that_differs_stands_on_the_first_line_with_nothing_between() -> None:
    [standing] = plotted(
        told(f1={"city": FULLY, "providers": MOSTLY, "migrant_orgs": PARTLY, "learners": PARTLY})
    ).standings
    assert standing.difference is not None
    assert {standing.difference.higher, standing.difference.lower} == {"city", "migrant_orgs"}
    assert lines(standing) == [[(3, 38, None), (1, 48, "clear")], [(5, 38, None), (2, 24, None)]]
    assert [(dot.number, dot.place, dot.sure) for dot in standing.dots] == [
        (1, 86, "clear"),
        (2, 62, "clear"),
        (3, 38, "clear"),
        (5, 38, "clear"),
    ]


def test_dots_at_one_place_stand_below_each_other() -> None:
    [standing] = plotted(told(f1={"city": MOSTLY, "providers": MOSTLY, "learners": MOSTLY})).standings
    assert standing.difference is None
    assert lines(standing) == [[(1, 62, None)], [(2, 62, None)], [(5, 62, None)]]
    assert {dot.sure for dot in standing.dots} == {None}


def test_a_pair_with_one_middle_answer_has_no_length() -> None:
    [standing] = plotted(told(f1={"city": (0, 2, 24, 14, 0), "learners": (18, 0, 22, 0, 0)})).standings
    assert standing.difference is not None
    assert lines(standing) == [[(1, 62, None)], [(5, 62, None)]]


def test_the_widest_difference_stands_first_and_the_agenda_orders_the_rest() -> None:
    found = told(
        f1={"city": ALIKE, "learners": ALIKE},
        f2={"city": (0, 0, 20, 20, 0), "learners": (0, 12, 24, 4, 0)},
        f3={"city": HIGH, "learners": LOW},
        f4={"city": MOSTLY, "learners": PARTLY},
        f5={"city": (10, 10, 10, 10, 0), "learners": ALIKE},
    )
    plot = plotted(found)
    steps = [standing.difference.steps for standing in plot.standings if standing.difference]
    assert steps == ["two", "one", "half"]
    order = [standing.factor for standing in plot.standings]
    assert order == ["f3", "f4", "f2", *(key for key in found.agenda if key in ("f1", "f5"))]


def small(learners: tuple[int, ...], employers: tuple[int, ...]) -> DotPlot:
    """Seven learners, who are persons, and fewer employers than may be shown."""
    groups = {"city": FULLY, "providers": PARTLY, "learners": learners, "employers": employers}
    return plotted(
        findings(
            CountTable(
                scale=4,
                groups=GROUPS,
                factors={"f1": {group: Counts(counts[:4], counts[4]) for group, counts in groups.items()}},
                kinds={**dict.fromkeys(GROUPS, "organisations"), "learners": "persons"},
                people={group: sum(groups.get(group, (0,))) for group in GROUPS},
                self_group="city",
            )
        )
    )


def test_a_small_group_of_persons_is_told_in_words_and_a_hidden_one_not_at_all() -> None:
    plot = small((0, 1, 4, 2, 0), (4, 0, 0, 0, 0))
    [standing] = plot.standings
    assert plot.in_words
    assert [view.group for view in standing.in_words] == ["learners"]
    assert [dot.view.group for dot in standing.dots] == ["city", "providers"]


def test_counts_that_publish_the_same_give_the_same_plot() -> None:
    assert small((0, 1, 4, 2, 0), (4, 0, 0, 0, 0)) == small((0, 1, 3, 3, 0), (0, 0, 1, 2, 0))


def test_the_columns_of_every_scale_fit_on_the_axis() -> None:
    for scale in range(3, 8):
        assert scale * DotPlot(scale, ()).column <= 100
