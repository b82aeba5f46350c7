"""Whole inputs with their whole outputs, as `surveyapp analyse` prints them."""

import json
from pathlib import Path

import pytest

from surveyapp.analysis.counts import CountTable
from surveyapp.analysis.findings import exact_findings, findings

CASES = json.loads(Path(__file__).with_name("data").joinpath("golden.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
@pytest.mark.parametrize(("edition", "analyse"), [("public", findings), ("exact", exact_findings)])
def test_the_whole_output_is_reproduced_key_by_key(case, edition, analyse):
    told = analyse(CountTable.from_json(case["input"])).as_json()
    assert json.dumps(told, indent=1) == json.dumps(case[edition], indent=1)
