"""A round as somebody writes it down: what may be left out, and what is said about a file that is wrong."""

from datetime import date
from pathlib import Path

import pytest

from surveyapp.assessments.plan import PlanError, RoundPlan, read_plan
from tests.assessments.reading import FACTORS, write_pack

LANGUAGES = ("en", "de", "ar")
LEAST = 'city = "Testville"\ntitle = "Spring 2026"\nbenchmark = "language-courses-1"\n'


def plan(folder: Path, text: str) -> RoundPlan:
    file = folder / "round.toml"
    file.write_text(text, encoding="utf-8")
    return read_plan(file, LANGUAGES)


def test_three_lines_are_enough(tmp_path: Path) -> None:
    least = plan(tmp_path, LEAST)
    assert least.key == "testville-spring-2026"
    assert least.factors == tuple(f"f{number}" for number in range(1, 10))
    assert [group.key for group in least.groups] == [
        "city",
        "providers",
        "migrant_orgs",
        "employers",
        "learners",
    ]
    assert {group.key: group.kind for group in least.groups}["learners"] == "persons"
    assert (least.languages, least.self_group, least.threshold) == (("en",), "city", 5)
    assert (least.answers_export, least.invented, least.closes_on) == (False, False, None)


def test_everything_can_be_said(tmp_path: Path) -> None:
    whole = plan(
        tmp_path,
        "\ufeff"
        + LEAST
        + """
id = "pilot"
languages = ["ar", "en"]
factors = ["f7", "f1"]
threshold = 8
closes_on = 2026-12-18
answers_export = true
contact = { ar = "اتصل بنا" }
next_steps = { en = "We meet." }
[groups.learners]
short = true
[groups.providers]
expected = 15
""",
    )
    assert whole.key == "pilot"
    assert whole.factors == ("f1", "f7"), "in the order of the pack"
    assert [(group.key, group.short, group.expected) for group in whole.groups] == [
        ("providers", False, 15),
        ("learners", True, None),
    ]
    assert whole.languages == ("ar", "en")
    assert whole.self_group is None, "the city is not asked this time"
    assert (whole.threshold, whole.closes_on, whole.answers_export) == (8, date(2026, 12, 18), True)
    assert whole.texts == {"contact": {"ar": "اتصل بنا"}, "next_steps": {"en": "We meet."}}


def test_a_pack_of_ones_own_is_seen_from_the_file(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    own = plan(tmp_path, LEAST.replace("language-courses-1", "./reading-1"))
    assert own.pack == str(pack.resolve())
    assert own.factors == FACTORS


FAULTS = {
    "not TOML": ("city = Testville", "(at line 1, column 8)"),
    "no city": ('title = "x"\nbenchmark = "y"', "`city`"),
    "empty title": (LEAST.replace("Spring 2026", ""), "`$.title`"),
    "a misspelt field": (LEAST + "treshold = 5", "`treshold`"),
    "threshold under 3": (LEAST + "threshold = 2", "`$.threshold`"),
    "threshold as text": (LEAST + 'threshold = "5"', "`$.threshold`"),
    "an id with spaces": (LEAST + 'id = "my round"', "`$.id`"),
    "no date": (LEAST + 'closes_on = "soon"', "`$.closes_on`"),
    "an unknown pack": (LEAST.replace("courses-1", "courses-9"), "there is no pack 'language-courses-9'"),
    "an unknown factor": (LEAST + 'factors = ["f1", "f99"]', "factors: 'f99' is none of f1, f2"),
    "a factor twice": (LEAST + 'factors = ["f1", "f1"]', "factors: at least one is needed, and none twice"),
    "no factor": (LEAST + "factors = []", "factors: at least one is needed"),
    "an unknown group": (LEAST + "[groups.parents]", "groups: 'parents' is none of city, providers"),
    "no group": (LEAST + "[groups]", "groups: at least one is needed"),
    "nobody expected": (LEAST + "[groups.city]\nexpected = 0", "`$.groups[...].expected`"),
    "a language not offered": (LEAST + 'languages = ["en", "fr"]', "languages: 'fr' is none of en, de, ar"),
    "contact in a language not asked": (LEAST + 'contact = { de = "x" }', "contact: 'de' is none of en"),
    "a self that is not asked": (
        LEAST + 'self = "city"\n[groups.learners]',
        "self: 'city' is not one of the groups asked",
    ),
    "no Latin letter to make an id of": (
        'city = "القاهرة"\ntitle = "خريف"\nbenchmark = "language-courses-1"',
        "id: none can be made",
    ),
    "a NUL": (LEAST.replace("courses-1", "courses-1\\u0000"), "`$.benchmark`"),
}


@pytest.mark.parametrize(("text", "told"), FAULTS.values(), ids=FAULTS)
def test_faults_are_named_with_the_file_and_the_key(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(PlanError) as error:
        plan(tmp_path, text)
    assert str(error.value).startswith(f"{tmp_path}/round.toml: ")
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes('city = "Köln"'.encode("latin-1"))
    for file in (tmp_path / "missing.toml", tmp_path, tmp_path / "latin.toml"):
        with pytest.raises(PlanError, match=str(file)):
            read_plan(file, LANGUAGES)


def test_a_faulty_pack_is_named_by_its_first_fault(tmp_path: Path) -> None:
    pack = write_pack(tmp_path)
    (pack / "factors" / "f2.toml").unlink()
    with pytest.raises(PlanError, match=r"benchmark: .*f2"):
        plan(tmp_path, LEAST.replace("language-courses-1", "reading-1"))
