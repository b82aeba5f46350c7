"""Numbers become lengths: by hand-made shares that one can check with a ruler."""

import pytest

from surveyapp.analysis.rounding import Share
from surveyapp.charts.bars import RAMPS, column, ink, position, stacked, track


def shares(*percents: float) -> list[Share]:
    return [Share(f"{percent} %", percent) for percent in percents]


def test_the_highest_step_comes_first_and_the_bar_is_full() -> None:
    segments = stacked(shares(10, 30, 50, 10))
    assert [(segment.code, segment.shade, segment.width) for segment in segments] == [
        (3, "s3", 10),
        (2, "s2", 50),
        (1, "s1", 30),
        (0, "s0", 10),
    ]


@pytest.mark.parametrize(
    "percents", [(10, 25, 50, 10), (90, 10, 10, 10), (1, 99, 1), (33, 33, 33, 33, 33), (10,) * 7]
)
def test_rounded_shares_fill_the_bar_exactly(percents: tuple[int, ...]) -> None:
    widths = [segment.width for segment in stacked(shares(*percents))]
    assert sum(widths) == 100
    assert all(
        abs(100 * percent / sum(percents) - width) < 1
        for percent, width in zip(percents, reversed(widths), strict=True)
    )


def test_equal_shares_are_equally_wide_where_a_hundred_allows() -> None:
    assert {segment.width for segment in stacked(shares(10, 10, 10, 10))} == {25}


@pytest.mark.parametrize("scale", range(3, 8))
def test_every_scale_has_a_ramp_of_its_own_shades_from_empty_to_full(scale: int) -> None:
    ramp = RAMPS[scale]
    assert len(set(ramp)) == scale
    assert (ramp[0], ramp[-1]) == ("s0", "s3")


def test_a_level_stands_in_the_middle_of_its_column() -> None:
    assert [position(level, 5) for level in (1, 3, 5)] == [10, 50, 90]
    assert [position(level, 4) for level in (1, 1.5, 2, 2.5, 3, 3.5, 4)] == [14, 26, 38, 50, 62, 74, 86]
    assert [column(scale) for scale in (3, 4, 6)] == [32, 24, 16]


def test_a_track_is_as_long_as_the_share_that_is_told() -> None:
    assert track(Share("<=10 %", 10)) == 10
    assert [ink(Share("", percent)) for percent in (1, 25, 50, 99)] == ["s0", "s1", "s2", "s3"]
