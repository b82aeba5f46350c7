"""`surveyapp analyse`: findings from counts of one's own, and every fault in them on one line."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Console

GOLDEN = Path(__file__).parents[1] / "analysis" / "data" / "golden.json"
CASES = json.loads(GOLDEN.read_text(encoding="utf-8"))
NO_SETTINGS = dict.fromkeys(
    ("SURVEYAPP_DATABASE_URL", "SURVEYAPP_QUEUE_URL", "SURVEYAPP_SECRET_KEY", "SURVEYAPP_TOKEN_KEY")
)


@pytest.fixture
def surveyapp() -> Console:
    return Console("postgresql://nowhere.invalid/none")  # no database is touched


@pytest.mark.parametrize("case", [CASES[0], CASES[-1]], ids=lambda case: case["id"])
@pytest.mark.parametrize(("flags", "edition"), [((), "public"), (("--exact",), "exact")])
def test_counts_give_findings(surveyapp: Console, tmp_path: Path, case, flags, edition) -> None:
    file = tmp_path / "counts.json"
    text = json.dumps(case["input"], ensure_ascii=False)
    file.write_text(text, encoding="utf-8-sig")
    printed = surveyapp("analyse", file, *flags, **NO_SETTINGS)
    assert json.dumps(json.loads(printed)) == json.dumps(case[edition]), "keys in the promised order"
    assert surveyapp("analyse", "-", *flags, stdin=text.encode()) == printed
    assert surveyapp("analyse", "-", *flags, stdin=text.encode("utf-8-sig")) == printed


def test_names_in_any_script(surveyapp: Console) -> None:
    for name in ("المدينة", "\ud800", 'a"b\n'):
        counts = {"scale": 3, "groups": [name, "b"], "factors": {"f": {name: {"counts": [9, 0, 0]}}}}
        printed = surveyapp("analyse", "-", stdin=json.dumps(counts).encode())
        assert printed.isascii(), "a terminal may lack the letters"
        assert name in json.loads(printed)["factors"]["f"]["groups"]


GOOD = {"scale": 4, "groups": ["city", "learners"], "factors": {"f1": {"city": {"counts": [1, 2, 3, 4]}}}}


def counts(row: object) -> dict[str, object]:
    return {**GOOD, "factors": {"f1": {"city": {"counts": row}}}}


FAULTS = {
    "negative": (counts([1, -2, 3, 4]), "factors.f1.city.counts[1]: -2 is not a whole number"),
    "wrong length": (counts([1, 2, 3]), "factors.f1.city.counts: 3 numbers, but the scale has 4"),
    "no numbers": (counts("many"), "factors.f1.city.counts: no numbers"),
    "words among numbers": (counts([1, "2", 3, 4]), "counts[1]: '2' is not a whole number"),
    "fractions": (counts([1, 2.0, 3, 4]), "counts[1]: 2.0 is not a whole number"),
    "not a number": (counts([1, float("nan"), 3, 4]), "counts[1]: nan is not a whole number"),
    "infinite": (counts([1, float("inf"), 3, 4]), "counts[1]: inf is not a whole number"),
    "booleans": (counts([True, 2, 3, 4]), "counts[0]: True is not a whole number"),
    "nothing": (counts([None, 2, 3, 4]), "counts[0]: None is not a whole number"),
    "more than anybody": (counts([10**18, 2, 3, 4]), "counts[0]: 1000000000000000000 is not"),
    "no don't knows": (
        {**GOOD, "factors": {"f1": {"city": {"counts": [1, 2, 3, 4], "dont_know": -1}}}},
        "factors.f1.city.dont_know: -1",
    ),
    "threshold under 3": ({**GOOD, "threshold": 2}, "threshold: 2 is not a whole number from 3"),
    "scale of 8": ({**GOOD, "scale": 8}, "scale: 8 is not a whole number from 3 to 7"),
    "unknown group": ({**GOOD, "factors": {"f1": {"parents": {"counts": [0] * 4}}}}, "'parents'"),
    "unknown self": ({**GOOD, "self": "parents"}, "self: 'parents' is not one of the groups"),
    "fewer people than answers": ({**GOOD, "people": {"city": 9}}, "people.city: 9 took part, but 10"),
    "no factor": ({**GOOD, "factors": {}}, "factors: no numbers"),
    "nothing at all": ({}, "input: no scale"),
    "a list": ([], "input: expected an object"),
}


@pytest.mark.parametrize(("data", "told"), FAULTS.values(), ids=FAULTS)
def test_faults_are_one_line_and_exit_2(surveyapp: Console, data: object, told: str) -> None:
    line = surveyapp.refused(2, "analyse", "-", stdin=json.dumps(data).encode())
    assert line.startswith("-: ")
    assert told in line


UNREADABLE = {
    "empty": (b"", "line 1, column 1: not JSON"),
    "not JSON": (b'{\n"scale": 4,}', "line 2, column 12: not JSON"),
    "not UTF-8": ('{"scale": "größer"}'.encode("latin-1"), "not UTF-8 at byte 13"),
    "nested too deep": (b"[" * 100_000, "nested too deep"),
    "a number without end": (b'{"scale": ' + b"1" * 5000 + b"}", "a number in it has too many digits"),
}


@pytest.mark.parametrize(("sent", "told"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read(surveyapp: Console, tmp_path: Path, sent: bytes, told: str) -> None:
    file = tmp_path / "counts.json"
    file.write_bytes(sent)
    assert surveyapp.refused(2, "analyse", file).startswith(f"{file}: {told}")


def test_what_is_not_there(surveyapp: Console, tmp_path: Path) -> None:
    assert "no such file" in surveyapp.refused(2, "analyse", tmp_path / "missing.json")
    assert "is a folder" in surveyapp.refused(2, "analyse", tmp_path)
