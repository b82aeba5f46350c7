"""Answers from elsewhere join a round whole or not at all, and every fault is named with line and column."""

import hashlib
import random
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from surveyapp.answering.importing import CHUNK, FAULTS_SHOWN, Refused, Taken, import_answers
from surveyapp.assessments.actions import add_round, close_round, open_round
from surveyapp.assessments.plan import read_plan
from surveyapp.database import db
from surveyapp.models import Answer, Batch, Comment, Response, Round
from surveyapp.models.counts import TOOK_PART, recount, stored, tallied
from tests.assessments.reading import FACTORS, GROUPS, write_round
from tests.builders import draft_round, group, opened_round


def csv(folder: Path, *lines: str, name: str = "answers.csv", encoding: str = "utf-8") -> Path:
    file = folder / name
    file.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return file


def faults_of(round_: Round, file: Path) -> list[str]:
    with pytest.raises(Refused) as refused:
        import_answers(round_, file)
    db.session.rollback()
    for table in (Response, Answer, Comment, Batch):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0, "nothing is stored"
    return list(refused.value.faults)


def test_people_answers_and_comments_are_stored_and_counted(each_app: Flask, tmp_path: Path) -> None:
    round_ = opened_round()
    file = csv(
        tmp_path,
        "group,f7,f5-lea-4,f1-city-1,f7:comment,x-best:comment",
        "learners,3,na,,well said,",
        'learners,dk,0,,,"two\nlines, one comment"',
        "learners,,,,,",
        "city,2,,1,,",
    )
    assert import_answers(round_, file) == Taken(rows=4, empty=1)
    db.session.commit()

    counted = tallied(round_.id)
    assert counted[group(round_, "learners").id] == {
        ("f7", "3"): 1,
        ("f7", "dk"): 1,
        ("f5-lea-4", "na"): 1,
        ("f5-lea-4", "0"): 1,
        TOOK_PART: 2,
    }, "somebody without any answer is stored, but took no part"
    assert counted[group(round_, "city").id] == {("f7", "2"): 1, ("f1-city-1", "1"): 1, TOOK_PART: 1}
    assert recount(round_.id) == stored(round_.id)
    assert db.session.scalar(select(func.count()).select_from(Response)) == 4
    assert sorted(db.session.execute(select(Comment.question, Comment.text)).all()) == [
        ("f7", "well said"),
        ("x-best", "two\nlines, one comment"),
    ]
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    batches = db.session.scalars(select(Batch)).all()
    assert sorted((b.group.key, b.channel, b.label, b.file_hash) for b in batches) == [
        ("city", "import", "answers.csv", digest),
        ("learners", "import", "answers.csv", digest),
    ]


def test_three_thousand_people_add_up(each_app: Flask, tmp_path: Path) -> None:
    round_ = add_round(read_plan(write_round(tmp_path), ("en",)))
    open_round(round_)
    db.session.commit()
    chance = random.Random(9)
    people = [
        (chance.choice(list(GROUPS)), [chance.choice(["", "0", "1", "2", "3", "dk"]) for _ in FACTORS])
        for _ in range(3000)
    ]
    lines = [",".join([who, *cells]) for who, cells in people]
    assert import_answers(round_, csv(tmp_path, ",".join(["group", *FACTORS]), *lines)).rows == 3000
    db.session.commit()

    expected: dict[str, Counter[tuple[str, str]]] = {key: Counter() for key in GROUPS}
    for who, cells in people:
        given = [(key, cell) for key, cell in zip(FACTORS, cells, strict=True) if cell]
        expected[who].update([*given, TOOK_PART] if given else [])
    assert tallied(round_.id) == {group(round_, key).id: dict(n) for key, n in expected.items()}
    assert recount(round_.id) == stored(round_.id)


def test_a_fault_in_the_last_row_stores_nothing(each_app: Flask, tmp_path: Path) -> None:
    rows = ["learners,2"] * (CHUNK + 1)
    file = csv(tmp_path, "group,f7", *rows, "learners,4")
    assert faults_of(opened_round(), file) == [
        f"line {CHUNK + 3}, column 'f7': '4' is none of 0, 1, 2, 3, dk"
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_spreadsheets_write_marks_and_semicolons(
    app: Flask, tmp_path: Path, encoding: str, separator: str
) -> None:
    lines = [
        separator.join(cells)
        for cells in (
            ("group", "f7", "f7:comment"),
            ("learners", "1", '"a, b; c"'),
            ("learners", "dk", "شكرا"),
        )
    ]
    assert import_answers(opened_round(), csv(tmp_path, *lines, encoding=encoding)).rows == 2
    assert sorted(db.session.scalars(select(Comment.text))) == ["a, b; c", "شكرا"]


FAULTS = {
    "an empty file": ([], "the file is empty: line 1 must name the columns, group first"),
    "only a header": (["group,f7"], "there is not one person in it"),
    "no group column": (["f7,f6", "1,1"], "line 1: there is no column 'group'"),
    "an unknown column": (["group,f7,f77", "learners,1,1"], "line 1: column 'f77' is no question"),
    "a column twice": (["group,f7,f7", "learners,1,1"], "line 1: column 'f7' stands twice"),
    "a comment on no page": (["group,f7-lea-1:comment", "learners,x"], "line 1: column 'f7-lea-1:comment'"),
    "an unknown group": (["group,f7", "pupils,1"], "line 2, column 'group': 'pupils' is none of city, prov"),
    "a key the group is not asked": (
        ["group,f2", "learners,1"],
        "line 2, column 'f2': the group learners is",
    ),
    "a code outside the scale": (["group,f7", "city,0", "city,-1"], "line 3, column 'f7': '-1' is none of 0"),
    "a label for a code": (["group,f7", "city,Mostly"], "line 2, column 'f7': 'Mostly' is none of 0, 1"),
    "not for me where it is not offered": (["group,f7", "city,na"], "line 2, column 'f7': 'na' is none of"),
    "too few cells": (["group,f7,f6", "city,1,1", "city,1"], "line 3: 2 cells, the header has 3"),
    "too many cells": (["group,f7", "city,1,1"], "line 2: 3 cells, the header has 2"),
    "a long comment": (
        ["group,f7:comment", f"city,{'x' * 1001}"],
        "line 2, column 'f7:comment': 1001 letters, at most 1000",
    ),
    "a long last word": (
        ["group,x-best:comment", f"city,{'x' * 501}"],
        "line 2, column 'x-best:comment': 501 letters, at most 500",
    ),
    "a quote that never ends": (["group,f7:comment", "city,ok", 'city,"oh', "city,no"], "line 3: unexpected"),
    "a fault after a line break": (
        ["group,f7,f7:comment", 'city,1,"one\ntwo"', 'city,9,"three\nfour"'],
        "line 4, column 'f7': '9' is none of",
    ),
}


@pytest.mark.parametrize(("lines", "told"), FAULTS.values(), ids=FAULTS)
def test_faults_are_named(app: Flask, tmp_path: Path, lines: list[str], told: str) -> None:
    file = csv(tmp_path, *lines)
    if not lines:
        file.write_bytes(b"")
    [fault] = faults_of(opened_round(), file)
    assert fault.startswith(told)


def test_a_comment_on_a_page_the_group_does_not_have(app: Flask, tmp_path: Path) -> None:
    # employers get the short form, in which nothing is left of f7 for them
    file = csv(tmp_path, "group,f7,f7:comment", "city,1,fine", "employers,,fine")
    [fault] = faults_of(opened_round(), file)
    assert fault == "line 3, column 'f7:comment': the group employers is not asked this"


def test_a_byte_that_is_not_utf8_is_found_far_down(app: Flask, tmp_path: Path) -> None:
    file = csv(tmp_path, "group,f7,f7:comment", *["city,1,gut"] * 4000, "city,1,schön", encoding="latin-1")
    assert faults_of(opened_round(), file) == ["line 4002: not UTF-8"]


def test_every_fault_is_named_up_to_a_limit(app: Flask, tmp_path: Path) -> None:
    faults = faults_of(opened_round(), csv(tmp_path, "group,f7", *["city,7"] * 200))
    assert len(faults) == FAULTS_SHOWN + 1
    assert [fault.split(",")[0] for fault in faults[:2]] == ["line 2", "line 3"]


def test_the_same_file_is_taken_twice_only_when_told_to(each_app: Flask, tmp_path: Path) -> None:
    round_ = opened_round()
    file = csv(tmp_path, "group,f7", "learners,1", "city,1")
    renamed = csv(tmp_path, "group,f7", "learners,1", "city,1", name="renamed.csv")
    import_answers(round_, file)
    db.session.commit()
    with pytest.raises(Refused, match="imported already"):
        import_answers(round_, renamed)
    assert import_answers(round_, renamed, again=True).rows == 2
    db.session.commit()
    assert tallied(round_.id)[group(round_, "city").id] == {("f7", "1"): 2, TOOK_PART: 2}
    assert recount(round_.id) == stored(round_.id)


def test_the_same_file_may_go_into_another_round(app: Flask, tmp_path: Path) -> None:
    file = csv(tmp_path, "group,f7", "learners,1")
    import_answers(opened_round(), file)
    assert import_answers(opened_round(key="spring"), file).rows == 1


def test_only_an_open_round_takes_answers(app: Flask, tmp_path: Path) -> None:
    file = csv(tmp_path, "group,f7", "city,1")
    [fault] = faults_of(draft_round(), file)
    assert fault == "round autumn is draft: answers can only join an open round"
    round_ = opened_round(key="spring")
    close_round(round_)
    db.session.commit()
    [fault] = faults_of(round_, file)
    assert fault == "round spring is closed: answers can only join an open round"


def test_bytes_that_no_database_keeps_are_dropped(each_app: Flask, tmp_path: Path) -> None:
    import_answers(opened_round(), csv(tmp_path, "group,f7:comment", "city,a\x00b"))
    db.session.commit()
    assert db.session.scalars(select(Comment.text)).all() == ["ab"]
