"""A round from its file to its findings, as an administrator would script it."""

import csv
import io
import json
import random
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from surveyapp.answering.receipts import code_hash, find, withdraw
from surveyapp.assessments.actions import close_round
from surveyapp.database import db
from surveyapp.models import Answer, AuditEntry, Response, Tally
from surveyapp.models.audit import SYSTEM
from tests.assessments.reading import FACTORS, GROUPS, write_round
from tests.builders import draft_round, link, opened_round
from tests.cli.conftest import Console

ROUND = "reading"


def write_answers(folder: Path, people: int) -> tuple[Path, dict[str, object]]:
    """A file of answers, and the same people as counts in the form `surveyapp analyse` takes."""
    chance = random.Random(24)
    groups = list(GROUPS)
    factors = {key: {group: {"counts": [0] * 4, "dont_know": 0} for group in groups} for key in FACTORS}
    lines = [";".join(["group", *FACTORS])]
    for n in range(people):
        group = groups[n % 3]
        cells = chance.choices(["", "0", "1", "2", "3", "dk"], [1, 5, 3 + n % 3, 2, 2, 1], k=len(FACTORS))
        lines.append(";".join([group, *cells]))
        for key, cell in zip(FACTORS, cells, strict=True):
            if cell == "dk":
                factors[key][group]["dont_know"] += 1
            elif cell:
                factors[key][group]["counts"][int(cell)] += 1
    file = folder / "answers.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    table = {"scale": 4, "threshold": 5, "self": "city", "groups": groups, "kinds": GROUPS}
    return file, {**table, "people": dict.fromkeys(groups, people // 3), "factors": factors}


def test_a_round_from_its_file_to_its_findings(on_each: Console, tmp_path: Path) -> None:
    assert on_each("round", "list") == ""
    assert on_each("round", "add", write_round(tmp_path)) == f"{ROUND}\n"
    assert on_each("round", "list") == f"{ROUND}\tdraft\tReadville\tAll of them\n"
    answers, counts = write_answers(tmp_path, 120)

    assert "is draft" in on_each.refused(1, "round", "close", ROUND)
    assert on_each("round", "open", ROUND) == f"{ROUND} is open\n"
    assert "only a draft can be opened" in on_each.refused(1, "round", "open", ROUND)
    assert on_each("answers", "import", ROUND, answers) == "120 people imported\n"
    for form in ("json", "csv"):
        assert "results are shown once it is closed" in on_each.refused(
            1, "findings", ROUND, "--format", form
        )
    assert "once it is closed" in on_each.refused(1, "report", ROUND, "--output", tmp_path / "r.pdf")
    assert not (tmp_path / "r.pdf").exists()

    assert on_each("round", "close", ROUND) == f"{ROUND} is closed; 0 unsent drafts deleted\n"
    assert on_each("round", "list") == f"{ROUND}\tclosed\tReadville\tAll of them\n"
    assert "agree with the answers" in on_each("tally", "check")
    found = json.loads(on_each("findings", ROUND, "--format", "json"))
    analysed = json.loads(on_each("analyse", "-", stdin=json.dumps(counts).encode()))
    assert list(found) == [*analysed, "round", "details"]
    assert {key: found[key] for key in analysed} == analysed, "the same counts, the same words"
    assert found["factors"]["f1"]["groups"]["city"]["shown"]


def test_what_an_administrator_does_is_logged(surveyapp: Console, app: Flask) -> None:
    draft_round()
    surveyapp("round", "open", "autumn")
    surveyapp("round", "close", "autumn")
    surveyapp("findings", "autumn")
    db.session.rollback()
    logged = db.session.execute(select(AuditEntry.who, AuditEntry.action, AuditEntry.round_key)).all()
    assert [tuple(line) for line in logged] == [
        (SYSTEM, f"round.{action}", "autumn") for action in ("opened", "closed", "results_shown")
    ]


def test_drafts_that_were_not_sent_are_counted_and_deleted(
    surveyapp: Console, app: Flask, client: FlaskClient
) -> None:
    path = link(opened_round())
    client.post(path)
    client.post("/answer/f7", data={"f7": "1"})
    assert surveyapp("round", "close", "autumn") == "autumn is closed; 1 unsent drafts deleted\n"
    assert client.get(path).status_code == 410


@pytest.mark.parametrize("words", [("round", "open"), ("round", "close"), ("findings",)], ids=" ".join)
def test_an_unknown_round_is_named(surveyapp: Console, words: tuple[str, ...]) -> None:
    assert "no round atlantis" in surveyapp.refused(2, *words, "atlantis")


def test_an_id_is_taken_once(surveyapp: Console, tmp_path: Path) -> None:
    file = write_round(tmp_path)
    surveyapp("round", "add", file)
    assert f"already a round {ROUND}" in surveyapp.refused(1, "round", "add", file)


def test_a_faulty_file_is_told_and_adds_nothing(surveyapp: Console, tmp_path: Path) -> None:
    file = write_round(tmp_path, threshold=2)
    told = surveyapp.refused(2, "round", "add", file)
    assert told.startswith(str(file))
    assert ">= 3" in told
    assert "threshold" in told
    assert "No such file" in surveyapp.refused(2, "round", "add", tmp_path / "missing.toml")
    assert surveyapp("round", "list") == ""


def test_a_pack_that_broke_since_is_told_at_opening(surveyapp: Console, tmp_path: Path) -> None:
    surveyapp("round", "add", write_round(tmp_path))
    factor = tmp_path / "reading-1" / "factors" / "f3.toml"
    factor.write_text(factor.read_text().replace("title", "titel"))
    result = surveyapp.run("round", "open", ROUND)
    assert result.exit_code == 2
    assert "factors/f3.toml: f3: `title` is missing" in result.stderr
    assert "draft" in surveyapp("round", "list")


def test_tally_check_names_a_counter_that_is_off_and_mends_it(
    on_each: Console, each_app: Flask, tmp_path: Path
) -> None:
    on_each("round", "add", write_round(tmp_path))
    on_each("round", "open", ROUND)
    on_each("answers", "import", ROUND, write_answers(tmp_path, 60)[0])
    on_each("round", "close", ROUND)
    told = on_each("findings", ROUND)
    spoilt = select(Tally).where(Tally.question == "f4", Tally.category == "2", Tally.n > 0).limit(1)
    counter = db.session.scalars(spoilt).one()
    right, counter.n = counter.n, counter.n + 40
    db.session.commit()
    assert on_each("findings", ROUND) != told

    for words, status in ((), 1), (("--repair",), 0), ((), 0):
        result = on_each.run("tally", "check", *words)
        assert result.exit_code == status
        if result.stderr:
            named, *rest = result.stderr.splitlines()
            assert f"batch {counter.batch_id}, f4 = 2: counter {right + 40}, answers {right}" in named
            assert any(f"{ROUND}: group {group}," in named for group in GROUPS)
            assert rest == ["Error: 1 counters differ from the answers: --repair writes the recount"][:status]
    assert result.stdout == "The counters agree with the answers.\n"
    assert on_each("findings", ROUND) == told


def test_tally_check_knows_that_counts_stand_after_a_deletion(
    on_each: Console, each_app: Flask, tmp_path: Path
) -> None:
    on_each("round", "add", write_round(tmp_path))
    on_each("round", "open", ROUND)
    on_each("answers", "import", ROUND, write_answers(tmp_path, 60)[0])
    on_each("round", "close", ROUND)
    told = on_each("findings", ROUND)
    response = db.session.scalars(select(Response).join(Answer).where(Answer.question == "f4").limit(1)).one()
    response.receipt_hash = code_hash("mine")
    db.session.commit()
    with each_app.test_request_context():
        withdraw(find("mine"))
        db.session.commit()
    for words in (), ("--repair",):
        assert on_each("tally", "check", *words) == "The counters agree with the answers.\n"
        assert on_each("findings", ROUND) == told
    counter = db.session.scalars(
        select(Tally).where(Tally.batch_id == response.batch_id, Tally.question == "f4").limit(1)
    ).one()
    counter.n += 2
    db.session.commit()
    for words in (), ("--repair",):
        result = on_each.run("tally", "check", *words)
        assert result.exit_code == 1
        assert "(1 deleted by people themselves)" in result.stderr.splitlines()[0]


def test_the_sample_city(surveyapp: Console) -> None:
    surveyapp("demo")
    assert "not empty" in surveyapp.refused(1, "demo")
    rounds = [line.split("\t") for line in surveyapp("round", "list").splitlines()]
    assert {(state, city) for _, state, city, _ in rounds} == {
        ("closed", "Example City"),
        ("open", "Example City"),
    }
    closed = next(key for key, state, _, _ in rounds if state == "closed")

    figures = list(csv.DictReader(io.StringIO(surveyapp("findings", closed, "--format", "csv"))))
    found = json.loads(surveyapp("findings", closed))
    labels = {
        row["factor"]: row["value"]
        for row in figures
        if (row["about"], row["measure"]) == ("factor", "label")
    }
    assert labels == {key: factor["label"] for key, factor in found["factors"].items()}
    exact = surveyapp.run("findings", closed, "--exact")
    assert (exact.exit_code, exact.stdout) == (2, ""), "no exact mode can be reached from a round"


def test_a_report(surveyapp: Console, app: Flask, tmp_path: Path) -> None:
    round_ = opened_round(factors=("f1",))
    close_round(round_)
    db.session.commit()
    output = tmp_path / "report.pdf"
    surveyapp("report", "autumn", "--language", "ar", "--edition", "internal", "--output", output)
    assert output.read_bytes().startswith(b"%PDF-")
    assert len(output.read_bytes()) > 20_000
    assert "'da' is none of" in surveyapp.refused(
        2, "report", "autumn", "--language", "da", "--output", output
    )
    assert "no round winter" in surveyapp.refused(2, "report", "winter", "--output", output)
