#!/usr/bin/env python3
"""Recomputes the figures of a round from the public file: python3 recompute.py [figures.csv], from Python 3.9 on.

  exact    The figure follows from other shown figures alone and must agree to the last shown digit.
  rounded  It was made before rounding, so shown figures cannot give its last digit: it must be possible with them.

What no public file gives again is not checked: delta and p33; labels of groups and pairs; whether a calm factor is
`broad_agreement` or `no_clear_pattern`; which of two factors with equal B comes first.
Exit code 1 where a figure disagrees, and a line for each that does.
"""

import csv
import math
import statistics
import sys
from itertools import combinations, count, takewhile

SLACK = 1e-6
# (from so many ratings, step of rounding in percent): rule P7 of the codebook
GRIDS = ((100, 1), (40, 5), (0, 10))
# word: (where it counts, from, to), in percent
WORDS = {
    "few": (10, 0, 12.5), "some": (25, 12.5, 37.5), "half": (50, 37.5, 62.5), "most": (75, 62.5, 87.5),
    "nearly_all": (90, 87.5, 100), "fewer_than_half": (25, 0, 37.5), "about_half": (50, 37.5, 62.5),
    "more_than_half": (75, 62.5, 100),
}  # fmt: skip
RATED = ("agreement", "mixed", "split", "possible_split")
SILENT = ("not_enough_answers", "no_answers")


class Figures:
    """A call gives the value of a line; None where there is none."""

    def __init__(self, path):
        with open(path, encoding="utf-8-sig", newline="") as file:
            lines = list(csv.reader(file))[1:]
        self.values = {tuple(line[:6]): line[6] for line in lines}
        self.groups = [line[3] for line in lines if (line[0], line[5]) == ("round", "people")]
        # In the order of the benchmark, which breaks ties
        self.factors = [line[1] for line in lines if (line[0], line[5]) == ("factor", "position")]
        self.agenda = sorted(self.factors, key=lambda factor: int(self("agenda_position", "factor", factor)))
        views = (tuple(line[:4]) for line in lines if line[0] in ("group", "question"))
        self.answers = list(dict.fromkeys(views))
        self.pairs = [tuple(line[:5]) for line in lines if (line[0], line[5]) == ("pair", "label")]
        self.gaps = [tuple(line[:5]) for line in lines if (line[0], line[5]) == ("awareness_gap", "higher")]

    def __call__(self, measure, about, factor="", question="", group="", other=""):
        return self.values.get((about, factor, question, group, other, measure))

    def of_groups(self, measure, factor):
        """What is told of the groups on a factor, in group order."""
        told = (self(measure, "group", factor, "", group) for group in self.groups)
        return [value for value in told if value]

    def visible(self, factor):
        views = [("group", factor, "", group) for group in self.groups]
        return [view for view in views if self("label", *view) in RATED]


def name(place):
    return " ".join(filter(None, place[1:]))


def counts_at(text):
    """The percentage at which a share counts: `<=10 %` at 10, a word at its place among the others."""
    return WORDS[text][0] if text in WORDS else float(text.strip("<>= %"))


def bounds(text, people):
    """(least, most) that a share of so many people may have been before it was rounded, in percent."""
    if text in WORDS:
        return WORDS[text][1:]
    half = next(step for least, step in GRIDS if people >= least) / 2
    percent = counts_at(text)
    return 0 if text.startswith("<=") else percent - half, 100 if text.startswith(">=") else percent + half


def raters(figures, view):
    """(fewest, most) people who may have rated: those who answered without those who do not know."""
    answered = figures("answered", *view)
    if not answered.isdigit():  # a band, all of it below twenty
        return 0, 19
    people = int(answered)
    low, high = bounds(figures("dont_know", *view), people)
    return people - math.floor(people * high / 100 + SLACK), people - math.ceil(people * low / 100 - SLACK)


def steps(figures, view):
    """Bounds of the share of every step, lowest first; empty where the group is told in words."""
    told = takewhile(bool, (figures(f"share_{code}", *view) for code in count()))
    return [bounds(share, raters(figures, view)[0]) for share in told]


def together(chosen, rest):
    """Bounds of a sum of shares, narrowed by what the rest leaves over."""
    low = max(sum(part[0] for part in chosen), 100 - sum(part[1] for part in rest))
    return low, min(sum(part[1] for part in chosen), 100 - sum(part[0] for part in rest))


def cumulative(told):
    """Bounds of F_1 to F_K-1, the shares up to each step, from 0 to 1."""
    sums = (together(told[:step], told[step:]) for step in range(1, len(told)))
    return [(max(low, 0) / 100, min(high, 100) / 100) for low, high in sums]


def mean(shares):
    """Bounds of a mean in steps: K minus the sum of the cumulative shares."""
    return tuple(len(shares) + 1 - sum(share[end] for share in shares) for end in (1, 0))


def spread(low, high):
    """Bounds of F (1 - F)."""
    at_ends = low * (1 - low), high * (1 - high)
    return min(at_ends), 0.25 if low <= 0.5 <= high else max(at_ends)


def moved(text):
    """By how much rounding may have moved a decimal: 0.12 by 0.005, 0.1 by 0.05."""
    return 0.005 if len(text.partition(".")[2]) > 1 else 0.05


def possible(text, low, high, by=None):
    by = (moved(text) if by is None else by) + SLACK
    return low - by <= float(text) <= high + by


def labels(figures):
    """The first label that holds, from the sharpest disagreement to none; then tiers, agenda, missing voices."""
    before = (0, False, 0)
    for place, factor in enumerate(figures.agenda, 1):
        pairs = [figures("label", *pair) for pair in figures.pairs if pair[1] == factor]
        views = figures.of_groups("label", factor)
        many = "yes" in figures.of_groups("many_dont_know", factor)
        few = len(figures.visible(factor)) < 2
        rules = (
            ("groups_disagree" in pairs, 1, "groups_disagree"),
            ("split" in views, 2, "split"),
            ("early_sign" in pairs or "possible_split" in views, 3, "early_sign"),
            (many or any(gap[1] == factor for gap in figures.gaps), 4, "dont_know"),
            (few, 5, "not_enough_groups"),
            ("mixed" in views, 5, "mixed"),
            (figures("label", "factor", factor) == "broad_agreement", 6, "broad_agreement"),
            (True, 5, "no_clear_pattern"),
        )
        tier, label = next(rule[1:] for rule in rules if rule[0])
        yield "labels of factors", factor, figures("label", "factor", factor) == label
        yield "tiers", factor, figures("tier", "factor", factor) == str(tier)
        # By tier; what fewer than two groups could rate comes last in its tier, in the order of the benchmark
        key = (tier, few, figures.factors.index(factor) if few else 0)
        at_place = figures("agenda_position", "factor", factor) == str(place)
        yield "order of the agenda", factor, at_place and before <= key
        before = key
    for group in figures.groups:
        told = [figures("label", "group", factor, "", group) for factor in figures.factors]
        missing = figures("voice_missing", "round", "", "", group) == "yes"
        yield "missing voices", group, missing == all(label in SILENT for label in told)


def equal_weights(figures):
    """Strongest and weakest factors, and means over groups: every group weighs the same."""
    scores = {}
    for factor in figures.factors:
        shares, told = figures.of_groups("in_place", factor), None
        if len(shares) >= min(2, len(figures.groups)):
            scores[factor] = round(sum(map(counts_at, shares)) / len(shares), 6)
        if len(shares) > 1 and not set(shares) & set(WORDS):
            told = f"{whole(scores[factor])} %"
        yield "means over groups", factor, figures("mean_in_place", "factor", factor) == told
    ranked = sorted(scores, key=lambda factor: -scores[factor])
    middle = statistics.median(scores.values()) if scores else 0
    strongest = [factor for factor in ranked if scores[factor] > middle][:3]
    weakest = [factor for factor in reversed(ranked) if scores[factor] < middle][:3]
    for measure, named in (("strongest", strongest), ("weakest", weakest)):
        for factor in figures.factors:
            place = str(named.index(factor) + 1) if factor in named else None
            yield "strongest and weakest", f"{factor} {measure}", figures(measure, "factor", factor) == place


def whole(percent):
    """A whole percentage; halves go towards 50."""
    return math.ceil(percent - 0.5 - SLACK) if percent > 50 else math.floor(percent + 0.5 + SLACK)


def differences(figures):
    """Sums and differences of shown figures."""
    for factor in figures.factors:
        w, b, t = (figures(measure, "factor", factor) for measure in "WBT")
        if t or b:
            yield "T = W + B", factor, bool(w and b and t) and abs(float(w) + float(b) - float(t)) < SLACK
    for gap in figures.gaps:
        shares = [figures("dont_know", "group", gap[1], "", group) for group in gap[3:]]
        told, apart = figures("difference", *gap), (counts_at(shares[0]) - counts_at(shares[1])) / 100
        agrees = told is None if set(shares) & set(WORDS) else told and abs(float(told) - apart) < SLACK
        yield "don't-know differences", name(gap), bool(agrees)
    for pair in figures.pairs:
        higher, gap = figures("higher", *pair), float(figures("gap", *pair) or 0)
        if higher:
            yield "which group is higher", name(pair), (gap if higher == pair[3] else -gap) >= 0


def answers(figures):
    """Level and spread of each group on each factor and question."""
    for view in figures.answers:
        told, what = steps(figures, view), name(view)
        if not told:
            continue
        yield "shares add up", what, sum(part[0] for part in told) <= 100 <= sum(part[1] for part in told)
        if figures("label", *view) not in RATED:  # options to choose from are no scale
            continue
        lower = (len(told) + 1) // 2
        low, high = together(told[lower:], told[:lower])
        least, most = bounds(figures("in_place", *view), raters(figures, view)[0])
        yield "shares in place", what, low <= most + SLACK and least <= high + SLACK
        shares, median = [(0, 0), *cumulative(told), (1, 1)], float(figures("median", *view))
        below, up_to = shares[math.ceil(median) - 1][0], shares[math.floor(median)][1]
        yield "medians", what, below <= 0.5 + SLACK and up_to >= 0.5 - SLACK
        if figures("D", *view):
            parts = [spread(*share) for share in shares[1:-1]]
            low, high = (4 / len(parts) * sum(part[end] for part in parts) for end in (0, 1))
            yield "D", what, possible(figures("D", *view), low, high)


def gaps(figures):
    """Between two groups: difference of means, and EMD, the sum of |F - G|. The self view against all others."""
    for pair in figures.pairs:
        x, y = (cumulative(steps(figures, ("group", pair[1], "", group))) for group in pair[3:])
        gap, distance = figures("gap", *pair), figures("emd", *pair)
        if gap:  # below twenty ratings both means are rounded to half a step before they are subtracted
            low, high = mean(x)[0] - mean(y)[1], mean(x)[1] - mean(y)[0]
            yield "gaps", name(pair), possible(gap, low, high, None if distance else 0.5)
        if distance:
            parts = [(x[k][0] - y[k][1], x[k][1] - y[k][0]) for k in range(len(x))]
            low = sum(max(part[0], -part[1], 0) for part in parts)
            yield "EMD", name(pair), possible(distance, low, sum(max(-part[0], part[1]) for part in parts))
    for factor in figures.factors:
        gap = figures("gap", "self_view", factor)
        if gap:
            means = {view[3]: mean(cumulative(steps(figures, view))) for view in figures.visible(factor)}
            low, high = means.pop(figures("self_group", "round"))
            least, most = (sum(one[end] for one in means.values()) / len(means) for end in (0, 1))
            yield "gaps of the self view", factor, possible(gap, low - most, high - least)


def partition(figures):
    """W, the mean over groups of n / (n - 1) times D; B, how far groups lie apart; B falls along the agenda."""
    for factor in figures.factors:
        w, b, views = figures("W", "factor", factor), figures("B", "factor", factor), figures.visible(factor)
        # W is shown from twenty ratings on
        people = [[max(number, 20) for number in raters(figures, view)] for view in views]
        if w:
            low = high = 0.0
            for (least, most), d in ((people[at], figures("D", *view)) for at, view in enumerate(views)):
                low += most / (most - 1) * (float(d) - moved(d)) / len(views)
                high += least / (least - 1) * (float(d) + moved(d)) / len(views)
            yield "W", factor, possible(w, low, high)
        if b:
            told = [cumulative(steps(figures, view)) for view in views]
            yield "B", factor, possible(b, *between(told, people))
    for pair in combinations(figures.agenda, 2):
        (b, c), tiers = ([figures(measure, "factor", one) for one in pair] for measure in ("B", "tier"))
        if tiers[0] == tiers[1] and b and c:
            falls = float(c) - moved(c) <= float(b) + moved(b) + SLACK
            yield "B along the agenda", " ".join(pair), falls


def between(told, people):
    """Bounds of B: squared distances of cumulative shares from their mean, less the noise of small groups."""
    size, low, high = len(told), 0.0, 0.0
    for at, shares in enumerate(told):
        for step, (least, most) in enumerate(shares):
            others = [chart[step] for place, chart in enumerate(told) if place != at]
            lowest = (1 - 1 / size) * least - sum(share[1] for share in others) / size
            highest = (1 - 1 / size) * most - sum(share[0] for share in others) / size
            noise = spread(least, most)
            low += max(lowest, -highest, 0) ** 2 - (1 - 1 / size) * noise[1] / (people[at][0] - 1)
            high += max(-lowest, highest) ** 2 - (1 - 1 / size) * noise[0] / (people[at][1] - 1)
    unit = 4 / len(told[0]) / size
    return max(unit * low, 0), max(unit * high, 0)


CHECKS = {"exact": (labels, equal_weights, differences), "rounded": (answers, gaps, partition)}


def main(path):
    """Prints one line per kind of figure; returns how many disagree."""
    figures, wrong = Figures(path), []
    for kind, checks in CHECKS.items():
        counted = {}
        for title, what, agrees in (found for check in checks for found in check(figures)):
            checked, failed = counted.get(title, (0, 0))
            counted[title] = checked + 1, failed + (not agrees)
            wrong += [] if agrees else [f"disagrees: {title}: {what}"]
        for title, (checked, failed) in counted.items():
            print(f"{kind:8}{title:24}{checked:5} checked{failed:5} disagree")
    print("\n".join(wrong) or "All figures agree.")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1] if len(sys.argv) > 1 else "figures.csv") else 0)
