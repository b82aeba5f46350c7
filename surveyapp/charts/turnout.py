"""Who answered: people in the round beside those invited and those hoped for."""

from dataclasses import dataclass
from typing import Literal

from surveyapp.analysis.disclosure import TooFewAnswers

FEW, FEWEST_TOLD = "few", 5
"""What is told of fewer people, and how many it takes to tell more."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One group in the round."""

    group: str
    channels: tuple[str, ...]
    """How it was asked: personal, codes, group_link, import or paper."""
    invited: int | str | None
    """A range below twenty, FEW below five; None where anyone could come, so that nobody knows."""
    expected: int | None
    """So many answers the lead hoped for."""
    least: int
    """Fewer people than this are not told."""
    people: int | str | TooFewAnswers

    @property
    def strength(self) -> Literal["enough", "few", "unheard"]:
        if isinstance(self.people, TooFewAnswers):
            return "unheard"
        return "few" if isinstance(self.people, str) and self.people.endswith("-9") else "enough"

    @property
    def ends(self) -> tuple[int, int]:
        """The smallest and the largest number that what is told leaves open."""
        if isinstance(self.people, TooFewAnswers):
            return (0, 0) if self.people.label == "no_answers" else (1, self.least - 1)
        return _ends(self.people)

    @property
    def reached(self) -> bool | None:
        """Whether as many came as were hoped for; None without a number, and where a range leaves it open."""
        low, high = self.ends
        if self.expected is None or low < self.expected <= high:
            return None
        return low >= self.expected

    @property
    def full(self) -> int | None:
        """People that a full bar stands for."""
        most_invited = 0 if self.invited is None else _ends(self.invited)[1]
        return max(most_invited, self.expected or 0) or None

    @property
    def bar(self) -> tuple[int, int] | None:
        """Widths of the people who came for sure and of those who perhaps did, in per cent.

        None without a measure, and where it is not told how many came: a length would be a number.
        """
        if not self.full or isinstance(self.people, TooFewAnswers):
            return None
        low, high = (_width(people, self.full) for people in self.ends)
        return low, high - low

    @property
    def hoped(self) -> int | None:
        """Where the number hoped for stands on the bar, in per cent."""
        return _width(self.expected, self.full) if self.expected and self.full else None


def _ends(told: int | str) -> tuple[int, int]:
    if isinstance(told, int):
        return told, told
    if told == FEW:
        return 0, FEWEST_TOLD - 1
    low, high = told.split("-")
    return int(low), int(high)


def _width(people: int, full: int) -> int:
    return max(1, min(100, round(100 * people / full)))
