"""Shapes of shares and levels. A number becomes a length only as a whole percentage, for classes w0 to w100."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveyapp.analysis.rounding import Share

RAMPS = {
    3: ("s0", "s1", "s3"),
    4: ("s0", "s1", "s2", "s3"),
    5: ("s0", "t1", "s1", "s2", "s3"),
    6: ("s0", "t1", "s1", "s2", "t2", "s3"),
    7: ("s0", "t1", "t3", "s1", "s2", "t2", "s3"),
}
"""Classes from the lowest step to the highest, by number of steps: empty to full ink."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One step of a stacked bar."""

    code: int
    shade: str
    width: int
    share: Share


def stacked(chart: Sequence[Share]) -> tuple[Segment, ...]:
    """A distribution as one full bar, highest step first, as the form lists them.

    `chart` runs from the lowest step. Published shares are rounded each for itself, so they are scaled to
    100; every step is drawn, so that a rare one and one nobody chose look the same.
    """
    ramp = RAMPS[len(chart)]
    widths = _filling([share.percent for share in chart])
    steps = [
        Segment(code, shade, width, share)
        for code, (shade, width, share) in enumerate(zip(ramp, widths, chart, strict=True))
    ]
    return tuple(reversed(steps))


def _filling(percents: Sequence[float]) -> list[int]:
    """Whole widths that add up to 100: the largest remainders get what rounding down leaves over."""
    scaled = [100 * percent / sum(percents) for percent in percents]
    widths = [int(width) for width in scaled]
    by_remainder = sorted(range(len(scaled)), key=lambda place: widths[place] - scaled[place])
    for place in by_remainder[: 100 - sum(widths)]:
        widths[place] += 1
    return widths


def track(share: Share) -> int:
    """Width of a single share on its track."""
    return round(share.percent)


def column(scale: int) -> int:
    """Width of the column of one step on an axis: even, so that half a step is whole too."""
    return 100 // scale // 2 * 2


def position(level: float, scale: int) -> int:
    """Where a level from 1 to `scale` stands on an axis of such columns, which lie in its middle."""
    return round(50 + (level - (scale + 1) / 2) * column(scale))


def ink(share: Share) -> str:
    """How dark a cell of the cover's pattern is: four shades by the share that is in place."""
    return RAMPS[4][min(3, int(share.percent // 25))]
