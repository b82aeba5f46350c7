"""`surveyapp answers import` and `export`: what a script sees of them."""

from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from surveyapp.database import db
from surveyapp.models import Batch, Response
from tests.assessments.reading import write_round
from tests.builders import opened_round
from tests.cli.conftest import Console


def stored() -> tuple[int | None, int | None]:
    db.session.rollback()
    return tuple(db.session.scalar(select(func.count()).select_from(table)) for table in (Response, Batch))  # type: ignore[return-value]


def test_import(on_each: Console, each_app: Flask, tmp_path: Path) -> None:
    opened_round()
    file = tmp_path / "answers.csv"
    file.write_text("group,f7\nlearners,1\nlearners,2\ncity,dk\n")
    told = on_each("answers", "import", "autumn", file, "--dry-run")
    assert told == "3 people could be imported; nothing was stored\n"
    assert stored() == (0, 0)
    assert on_each("answers", "import", "autumn", file) == "3 people imported\n"
    assert stored() == (3, 2)
    result = on_each.run("answers", "import", "autumn", file)
    assert result.exit_code == 2
    assert "imported already: --again" in result.stderr
    assert on_each("answers", "import", "autumn", file, "--again") == "3 people imported\n"
    assert stored() == (6, 4)
    file.write_text("group,f7\nlearners,1\nlearners,\ncity,\n")
    told = on_each("answers", "import", "autumn", file)
    assert told == "3 people imported (2 of them answered nothing)\n"


def test_import_names_every_fault_on_a_line_of_its_own(
    surveyapp: Console, app: Flask, tmp_path: Path
) -> None:
    opened_round()
    file = tmp_path / "answers.csv"
    file.write_text("group,f7,f2\nlearners,1,\nlearners,5,1\nparents,1,1\n")
    result = surveyapp.run("answers", "import", "autumn", file)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        f"{file}: line 3, column 'f7': '5' is none of 0, 1, 2, 3, dk",
        f"{file}: line 3, column 'f2': the group learners is not asked this",
        f"{file}: line 4, column 'group': 'parents' is none of city, providers, migrant_orgs, employers, learners",
        f"Error: {file}: nothing was imported",
    ]
    assert stored() == (0, 0)
    for missing, why in ((tmp_path / "no.csv", "No such file"), (tmp_path, "Is a directory")):
        result = surveyapp.run("answers", "import", "autumn", missing)
        assert result.exit_code == 2
        assert f"{missing}: {why}" in result.stderr
    assert "no round winter" in surveyapp.refused(2, "answers", "import", "winter", file)


def test_export(surveyapp: Console, tmp_path: Path) -> None:
    surveyapp("round", "add", write_round(tmp_path, export=True))
    surveyapp("round", "open", "reading")
    lines = ["group,f1,f2,f3", *(f"learners,{n % 4},dk," for n in range(9)), "city,1,1,1"]
    answers, output = tmp_path / "answers.csv", tmp_path / "exported.csv"
    answers.write_text("\n".join(lines) + "\n")
    surveyapp("answers", "import", "reading", answers)
    surveyapp("round", "close", "reading")
    assert surveyapp("answers", "export", "reading", "--output", output) == "9 rows\n"
    nowhere = tmp_path / "none" / "exported.csv"
    assert str(nowhere) in surveyapp.refused(1, "answers", "export", "reading", "--output", nowhere)
    header, *rows = output.read_text(encoding="utf-8").splitlines()
    assert header == "group,f1,f2,f3,f4,f5,f6,f7,f8,f9"
    assert sorted(rows) == sorted(f"learners,{n % 4},dk,,,,,,," for n in range(9))


def test_a_refused_export_leaves_files_alone(surveyapp: Console, app: Flask, tmp_path: Path) -> None:
    opened_round()
    output = tmp_path / "kept.csv"
    output.write_text("somebody's work")
    new = tmp_path / "new.csv"
    for key, status, why in (("autumn", 1, "without export"), ("winter", 2, "no round winter")):
        for file in (output, new):
            assert why in surveyapp.refused(status, "answers", "export", key, "--output", file)
    assert output.read_text() == "somebody's work"
    assert not new.exists()
