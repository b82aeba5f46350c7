"""The two scripts of the download: they agree with what is published, with each other, and find what is not right."""

import ast
import csv
import io
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveyapp.assessments.actions import find_round
from surveyapp.assessments.plan import GroupPlan
from surveyapp.demo.sample import CLOSED, load_sample
from surveyapp.figures import recompute
from surveyapp.models.figures import figures_csv
from surveyapp.models.perspectives import RoundPerspectives, round_perspectives
from tests.comparison.closed import STATEMENTS, closed_round
from tests.figures.rounds import at_random

FOLDER = Path(recompute.__file__).parent
AGREES = "All figures agree."


def script(name: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run as its user does, beside figures.csv."""
    program = {"recompute.py": [sys.executable, "-I"], "recompute.R": ["Rscript", "--vanilla"]}[name]
    return subprocess.run([*program, FOLDER / name], cwd=folder, capture_output=True, text=True)


def verdict(text: str, folder: Path) -> list[str]:
    """What both scripts print of these figures; they print the same and end the same."""
    (folder / "figures.csv").write_text(text, encoding="utf-8")
    python, r = script("recompute.py", folder), script("recompute.R", folder)
    assert (python.stderr, r.stderr) == ("", "")
    assert python.stdout == r.stdout
    assert python.returncode == r.returncode == (AGREES not in python.stdout)
    return python.stdout.splitlines()


def wrong(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The kinds of figures that disagree, by the script in Python."""
    (folder / "figures.csv").write_text(text, encoding="utf-8")
    capsys.readouterr()
    recompute.main(folder / "figures.csv")
    lines = capsys.readouterr().out.splitlines()
    return [line.split(": ")[1] for line in lines if line.startswith("disagrees")]


def changed(text: str, place: Sequence[str], value: str | None) -> str:
    """The file with another value in one line, or without that line."""
    rows = list(csv.reader(io.StringIO(text)))
    [found] = [row for row in rows if row[:6] == list(place)]
    if value is None:
        rows.remove(found)
    else:
        assert found[6] != value
        found[6] = value
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def test_both_agree_with_the_closed_round_and_the_sample_city(app: Flask, tmp_path: Path) -> None:
    load_sample()
    sample = find_round(CLOSED)
    assert sample is not None
    for round_ in (sample, closed_round()):
        printed = verdict(figures_csv(round_perspectives(round_)), tmp_path)
        assert printed[-1] == AGREES
        assert "exact   strongest and weakest      18 checked    0 disagree" in printed


def test_both_agree_where_one_group_was_asked(app: Flask, tmp_path: Path) -> None:
    alone = closed_round(
        {factor: {"providers": groups["providers"]} for factor, groups in STATEMENTS.items()},
        {"providers": 15},
        groups=(GroupPlan("providers", "organisations", False, 15),),
    )
    text = figures_csv(round_perspectives(alone))
    assert "strongest" in text
    assert verdict(text, tmp_path)[-1] == AGREES


def test_both_recompute_everything_that_large_groups_show(app: Flask, tmp_path: Path) -> None:
    printed = verdict(figures_csv(at_random(round_perspectives(closed_round()), 1, smallest=200)), tmp_path)
    assert printed[-1] == AGREES
    kinds = {line[8:32].strip() for line in printed[:-1]}
    assert {"T = W + B", "means over groups", "W", "B", "EMD", "gaps of the self view"} <= kinds


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6))
def test_they_agree_with_any_round(
    app: Flask, tmp_path: Path, capsys: pytest.CaptureFixture[str], closed: RoundPerspectives, seed: int
) -> None:
    assert wrong(figures_csv(at_random(closed, seed)), tmp_path, capsys) == []


@pytest.fixture
def closed(app: Flask) -> RoundPerspectives:
    return round_perspectives(closed_round())


# What follows from shown figures: the last digit counts
EXACT = {
    ("factor", "tier"): "tiers",
    ("factor", "label"): "labels of factors",
    ("factor", "agenda_position"): "order of the agenda",
    ("factor", "strongest"): "strongest and weakest",
    ("factor", "weakest"): "strongest and weakest",
    ("factor", "mean_in_place"): "means over groups",
    ("factor", "W"): "T = W + B",
    ("factor", "B"): "T = W + B",
    ("factor", "T"): "T = W + B",
    ("awareness_gap", "difference"): "don't-know differences",
}
# What was made before rounding: further off than rounding explains
ROUNDED = {
    ("group", "in_place"): ("shares in place", "3 %"),
    ("group", "share_1"): ("shares add up", "93 %"),
    ("question", "in_place"): ("shares in place", "3 %"),
    ("group", "median"): ("medians", "4.0"),
    ("group", "D"): ("D", "0.1"),
    ("pair", "gap"): ("gaps", "2.4"),
    ("pair", "emd"): ("EMD", "2.4"),
    ("factor", "W"): ("W", "0.1"),
    ("self_view", "gap"): ("gaps of the self view", "-1.9"),
}


def last_digit_moved(value: str) -> str:
    """`59 %` as `58 %`, `0.7` as `0.6`; a word as another."""
    at = max((place for place, sign in enumerate(value) if sign.isdigit()), default=None)
    if at is None:
        return "split" if value != "split" else "mixed"
    return f"{value[:at]}{(int(value[at]) + 9) % 10}{value[at + 1 :]}"


@pytest.mark.parametrize(("about", "measure"), EXACT, ids=" ".join)
def test_a_digit_that_is_off_by_one_is_found(
    closed: RoundPerspectives,
    about: str,
    measure: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = figures_csv(at_random(closed, 1, smallest=200))
    lines = [row for row in csv.reader(io.StringIO(text)) if (row[0], row[5]) == (about, measure)]
    for line in (lines[0], lines[-1]):
        for value in (last_digit_moved(line[6]), None):
            if value is None and measure in ("tier", "label", "agenda_position", "W"):
                continue  # such a file is not whole
            told = wrong(changed(text, line[:6], value), tmp_path, capsys)
            assert EXACT[about, measure] in told, (line, value)


@pytest.mark.parametrize(("about", "measure"), ROUNDED, ids=" ".join)
def test_a_figure_beyond_its_rounding_is_found(
    closed: RoundPerspectives,
    about: str,
    measure: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = figures_csv(at_random(closed, 1, smallest=200))
    kind, value = ROUNDED[about, measure]
    rows = [row for row in csv.reader(io.StringIO(text)) if (row[0], row[5]) == (about, measure)]
    [line, *_] = [row for row in rows if far(row[6], value)]
    assert kind in wrong(changed(text, line[:6], value), tmp_path, capsys)


def far(shown: str, value: str) -> bool:
    numbers = [float(text.strip("<>= %")) for text in (shown, value)]
    return abs(numbers[0] - numbers[1]) >= (20 if "%" in value else 0.3 if abs(numbers[1]) < 1 else 1)


def test_both_name_what_disagrees(closed: RoundPerspectives, tmp_path: Path) -> None:
    text = figures_csv(at_random(closed, 1, smallest=200))
    for place, value in (
        (("factor", "f3", "", "", "", "tier"), "9"),
        (("factor", "f5", "", "", "", "T"), "3.99"),
        (("group", "f4", "", "learners", "", "in_place"), "1 %"),
        (("pair", "f6", "", "city", "learners", "gap"), "-2.9"),
    ):
        text = changed(text, place, value)
    printed = verdict(text, tmp_path)
    named = [line for line in printed if line.startswith("disagrees")]
    for line in (
        "disagrees: tiers: f3",
        "disagrees: T = W + B: f5",
        "disagrees: shares in place: f4 learners",
        "disagrees: gaps: f6 city learners",
    ):
        assert line in named


def test_the_script_needs_nothing_but_an_older_python() -> None:
    tree = ast.parse((FOLDER / "recompute.py").read_text(encoding="utf-8"), feature_version=(3, 9))
    modules = {
        name.name if isinstance(node, ast.Import) else node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert modules <= sys.stdlib_module_names
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert not names & {"zip", "pairwise"}, "zip(strict=) and pairwise came with 3.10"


def test_the_script_in_r_needs_no_package() -> None:
    text = (FOLDER / "recompute.R").read_text(encoding="utf-8")
    assert not re.search(r"\b(library|require)\(|::", text)
