"""From the tally to what may be told: through the real tables, with counts one can check by hand."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from surveyapp.analysis.counts import Counts
from surveyapp.analysis.disclosure import TooFewAnswers
from surveyapp.analysis.perspective import Perspective
from surveyapp.analysis.question import Choice
from surveyapp.database import db
from surveyapp.models import Round, Tally
from surveyapp.models.content import content
from surveyapp.models.figures import figures_csv
from surveyapp.models.perspectives import RoundNotClosed, count_table, round_findings, round_perspectives
from tests.builders import draft_round, group, opened_round
from tests.comparison.closed import PEOPLE, STATEMENTS, closed_round


def recount(round_: Round, key: str, **change: Any) -> None:
    """Changes what one group said about a factor."""
    for code, n in change["counts"].items():
        db.session.execute(
            update(Tally)
            .where(
                Tally.group_id == group(round_, key).id,
                Tally.question == change["factor"],
                Tally.category == code,
            )
            .values(n=n)
        )
    db.session.commit()


def test_the_count_table_is_the_tally(each_app: Flask) -> None:
    round_ = closed_round()
    table = count_table(round_, content(round_))
    assert table.groups == tuple(PEOPLE)
    assert table.of("f8", "learners") == Counts((30, 60, 60, 25), 125)
    assert table.people == PEOPLE
    assert table.kind("learners") == "persons"
    assert (table.kind("city"), table.self_group, table.threshold) == ("organisations", "city", 5)


def test_a_group_that_sees_only_traces_has_no_counts(app: Flask) -> None:
    round_ = closed_round(STATEMENTS | {"f2": STATEMENTS["f2"] | {"learners": (9, 9, 9, 9, 9)}})
    assert "learners" not in count_table(round_, content(round_)).factors["f2"]


@pytest.mark.parametrize("made", [draft_round, opened_round])
def test_nothing_is_told_before_the_round_is_closed(app: Flask, made: Any) -> None:
    round_ = made()
    for ask in (round_findings, round_perspectives):
        with pytest.raises((RoundNotClosed, ValueError)):
            ask(round_)


def test_an_open_round_has_no_count_table_either(app: Flask) -> None:
    round_ = opened_round()
    with pytest.raises(RoundNotClosed, match="autumn is open"):
        count_table(round_, content(round_))


def test_people_in_the_round_are_banded(app: Flask) -> None:
    round_ = closed_round(people=PEOPLE | {"employers": 3, "migrant_orgs": 0}, statements={"f1": {}})
    people = round_perspectives(round_).took_part
    assert (people["city"], people["providers"], people["learners"]) == ("5-9", "10-19", 300)
    assert people["employers"] == TooFewAnswers("not_enough_answers")
    assert people["migrant_orgs"] == TooFewAnswers("no_answers")


def test_concrete_questions_are_told_under_the_same_rules(app: Flask) -> None:
    told = round_perspectives(closed_round())
    rated, waited = told.questions["learners", "f5-lea-1"], told.questions["providers", "f5-prov-4"]
    assert isinstance(rated, Perspective)
    assert rated.in_place is not None
    assert rated.in_place.text == "28 %"
    assert isinstance(waited, Choice)
    assert waited.options is not None
    assert [share.text for share in waited.options] == ["<=10 %", "30 %", "50 %", "<=10 %"]
    assert told.questions["employers", "f8-emp-1"] == TooFewAnswers("not_enough_answers")


def test_a_hidden_group_changes_not_one_byte(app: Flask) -> None:
    round_ = closed_round()
    before = round_perspectives(round_)
    recount(round_, "employers", factor="f8", counts={"1": 0, "2": 3})
    after = round_perspectives(round_)
    assert before.snapshot == after.snapshot
    assert figures_csv(before) == figures_csv(after)


def test_the_snapshot_follows_what_is_shown(app: Flask) -> None:
    round_ = closed_round()
    before = round_perspectives(round_).snapshot
    recount(round_, "learners", factor="f5", counts={"0": 10})
    assert round_perspectives(round_).snapshot != before


def test_the_csv_tells_what_the_findings_tell(app: Flask) -> None:
    told = round_perspectives(closed_round())
    lines = [line.split(",") for line in figures_csv(told).splitlines()]
    assert lines[0] == ["about", "factor", "question", "group", "other_group", "measure", "value"]
    found = json.loads(json.dumps(told.findings.as_json()))["factors"]
    told_lines = {tuple(line[:-1]): line[-1] for line in lines[1:]}
    assert len(told_lines) == len(lines) - 1, "one line for one figure"
    for factor, finding in found.items():
        assert told_lines["factor", factor, "", "", "", "reason"] == finding["reason"]
        for key, view in finding["groups"].items():
            assert told_lines["group", factor, "", key, "", "label"] == view["label"]
            for measure in ("answered", "median", "in_place", "D"):
                value = view.get(measure)
                assert told_lines.get(("group", factor, "", key, "", measure)) == (
                    None if value is None else str(value)
                )
    hidden = {line[5] for line in lines if line[0] == "group" and (line[1], line[3]) == ("f8", "employers")}
    assert hidden == {"label"}


def test_no_cell_of_the_csv_is_a_formula(app: Flask) -> None:
    body = figures_csv(round_perspectives(closed_round()))
    cells = [cell for line in body.splitlines() for cell in line.split(",")]
    assert any(cell.startswith("<=") for cell in cells)
    assert [cell for cell in cells if cell[:1] in "=+@\t" and cell] == []
    assert all(cell[1:2].isdigit() for cell in cells if cell.startswith("-"))
