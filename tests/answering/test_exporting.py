"""Answers leave the service only by promise, only after the round, and never for a group that is too small."""

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from surveyapp.answering.exporting import NotAllowed, write_answers
from surveyapp.answering.importing import import_answers
from surveyapp.assessments.actions import close_round
from surveyapp.assessments.changing import mark_reported
from surveyapp.database import db
from surveyapp.models import Batch, Round
from surveyapp.models.counts import tallied
from tests.builders import GROUPS, opened_round

PEOPLE = {"city": 3, "providers": 2, "learners": 4, "migrant_orgs": 64}
ASKED = {"city": "f1-city-1", "providers": "f1-prov-1", "learners": "f1-lea-1", "migrant_orgs": "f1-org-1"}


def answered(folder: Path, **changes: object) -> Round:
    """An open round; each of the many migrant organisations gives another pattern, in order."""
    round_ = opened_round(answers_export=True, **changes)
    file = folder / "answers.csv"
    columns = ["group", "f1", "f3", "f4", *ASKED.values(), "f1:comment"]
    with file.open("w", newline="") as target:
        rows = csv.DictWriter(target, columns, restval="")
        rows.writeheader()
        for group, people in PEOPLE.items():
            for n in range(people):
                pattern = {"f1": n // 16, "f3": n // 4 % 4, "f4": n % 4, ASKED[group]: "dk"}
                rows.writerow({"group": group, **pattern, "f1:comment": f"comment {n}"})
    import_answers(round_, file)
    db.session.commit()
    return round_


def close(round_: Round) -> None:
    close_round(round_)
    db.session.commit()


def exported(round_: Round) -> list[dict[str, str]]:
    target = io.StringIO(newline="")
    number = write_answers(round_, target)
    target.seek(0)
    rows = list(csv.DictReader(target))
    assert len(rows) == number
    return rows


def test_not_unless_the_round_was_opened_with_that_promise(app: Flask) -> None:
    round_ = opened_round()
    close(round_)
    target = io.StringIO()
    with pytest.raises(NotAllowed, match="promised that answers stay here"):
        write_answers(round_, target)
    assert target.getvalue() == ""


def test_not_while_people_still_answer(app: Flask, tmp_path: Path) -> None:
    target = io.StringIO()
    with pytest.raises(NotAllowed, match="only a closed round"):
        write_answers(answered(tmp_path), target)
    assert target.getvalue() == ""


def test_small_groups_and_comments_stay(each_app: Flask, tmp_path: Path) -> None:
    round_ = answered(tmp_path, threshold=3)
    close(round_)
    rows = exported(round_)
    groups = {row["group"] for row in rows}
    assert groups == {"city", "migrant_orgs"}, "2 are too few; learners are persons and keep 5"
    assert ASKED["learners"] not in rows[0], "nor is there a column that only they were asked"
    assert "comment" not in "".join([*rows[0], *rows[0].values()])


def test_nobody_shown_leaves_a_header(each_app: Flask, tmp_path: Path) -> None:
    round_ = answered(tmp_path, threshold=100)
    close(round_)
    assert exported(round_) == []


def test_rows_stand_in_another_order_each_time(app: Flask, tmp_path: Path) -> None:
    round_ = answered(tmp_path)
    close(round_)
    one, two = exported(round_), exported(round_)
    stored = sorted(one, key=lambda row: (row["f1"], row["f3"], row["f4"]))
    assert one != stored, "64 people in the order in which they came: once in 64! exports"
    assert one != two
    assert sorted(two, key=lambda row: (row["f1"], row["f3"], row["f4"])) == stored


def test_what_was_exported_can_be_imported_again(each_app: Flask, tmp_path: Path) -> None:
    round_ = answered(tmp_path)
    close(round_)
    file = tmp_path / "exported.csv"
    with file.open("w", newline="", encoding="utf-8") as target:
        write_answers(round_, target)
    second = opened_round(key="second", groups=GROUPS)
    import_answers(second, file)
    db.session.commit()
    before, after = (
        {group.key: tallied(r.id).get(group.id) for group in r.groups if group.key == "migrant_orgs"}
        for r in (round_, second)
    )
    assert before == after
    assert before["migrant_orgs"]


def test_a_batch_that_counts_in_no_result_is_not_given_away(each_app: Flask, tmp_path: Path) -> None:
    round_ = answered(tmp_path)
    more = tmp_path / "more.csv"
    more.write_text("group,f1\n" + "migrant_orgs,0\n" * 7)
    import_answers(round_, more)
    db.session.commit()
    batch = db.session.scalars(select(Batch).where(Batch.label == "more.csv")).one()
    batch.left_out = "One person filled them all in."
    close(round_)
    assert len(exported(round_)) == PEOPLE["migrant_orgs"]


def test_a_reported_round_still_gives_its_answers(app: Flask, tmp_path: Path) -> None:
    round_ = answered(tmp_path)
    close(round_)
    round_.shown_on = round_.closed_on
    mark_reported(round_)
    db.session.commit()
    assert len(exported(round_)) == PEOPLE["migrant_orgs"]
