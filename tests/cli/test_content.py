"""`surveyapp benchmark check` and `surveyapp translations`."""

import shutil
from pathlib import Path

import pytest

from surveyapp.config import data_folder
from tests.builders import SMALL_PACK
from tests.cli.conftest import Console


@pytest.fixture
def surveyapp() -> Console:
    return Console("postgresql://nowhere.invalid/none")  # no database is touched


def test_packs_without_fault(surveyapp: Console) -> None:
    for words in ((), (SMALL_PACK,), (data_folder("benchmark") / "language-courses-1",)):
        assert surveyapp("benchmark", "check", *words) == "1 pack(s) without fault\n"


def test_every_fault_of_a_pack_with_file_and_key(surveyapp: Console, tmp_path: Path) -> None:
    pack = shutil.copytree(SMALL_PACK, tmp_path / "small-1")
    books = pack / "factors" / "books.toml"
    books.write_text(books.read_text().replace('covers = ["b.1"]', 'covers = ["b.9"]'))
    opening = pack / "factors" / "open.toml"
    opening.write_text(opening.read_text().replace('key = "open-library-2"', 'key = "books-readers-1"'))
    result = surveyapp.run("benchmark", "check", pack)
    assert result.exit_code == 2
    assert result.stdout == ""
    dangling, duplicate = sorted(result.stderr.splitlines())
    assert dangling.startswith("factors/books.toml: books-readers-1: `covers` names b.9")
    assert duplicate.endswith("books-readers-1: this key is used twice, first in factors/books.toml")


def test_what_is_no_pack(surveyapp: Console, tmp_path: Path) -> None:
    result = surveyapp.run("benchmark", "check", tmp_path)
    assert result.stderr == f"benchmark.toml: {tmp_path.name}: the file does not exist\n"
    assert result.exit_code == 2
    assert surveyapp.refused(2, "benchmark", "check", tmp_path / "none") == f"{tmp_path}/none: no such folder"


def test_languages_said_to_be_complete_are(surveyapp: Console) -> None:
    assert surveyapp("translations", "check") == "All languages said to be complete are.\n"


def test_catalogues_are_counted(surveyapp: Console) -> None:
    counted = dict(line.split(": ") for line in surveyapp("translations", "extract").splitlines())
    assert list(counted) == ["benchmark", "answering", "report", "staff"]
    assert all(int(strings.removesuffix(" strings")) > 20 for strings in counted.values())


def test_what_is_wrong_with_a_translation_is_named(surveyapp: Console, translated: Path) -> None:
    faults = surveyapp.run("translations", "check").stderr.splitlines()
    german = translated / "de" / "LC_MESSAGES" / "answering.po"
    words = german.read_text(encoding="utf-8")
    before, missing = words.split('msgid "Save and go on"\nmsgstr ')
    german.write_text(
        f'{before}msgid "Save and go on"\nmsgstr ""\n{missing.partition(chr(10))[2]}', encoding="utf-8"
    )
    (translated / "ar" / "LC_MESSAGES" / "staff.po").unlink()
    result = surveyapp.run("translations", "check")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert [line for line in result.stderr.splitlines() if line not in faults] == [
        "de/answering: missing: Save and go on",
        "ar/staff: no such file: staff.po",
    ]


def test_strings_in_another_order_than_the_sources_are_named(surveyapp: Console, translated: Path) -> None:
    path = translated / "de" / "LC_MESSAGES" / "report.po"
    head, *strings = path.read_text(encoding="utf-8").strip().split("\n\n")
    path.write_text("\n\n".join([head, *strings[1:], strings[0]]) + "\n", encoding="utf-8")
    named = "de/report: behind its sources, surveyapp translations update de: report.po"
    assert named in surveyapp.run("translations", "check").stderr.splitlines()
    surveyapp("translations", "update", "de")
    assert named not in surveyapp.run("translations", "check").stderr.splitlines()


def test_a_new_language_is_begun_and_compiled(surveyapp: Console, translated: Path) -> None:
    begun = surveyapp("translations", "update", "fr").splitlines()
    assert begun == [
        str(translated / "fr" / "LC_MESSAGES" / f"{name}.po") for name in ("benchmark", "answering", "report")
    ], "pages of staff stay English"
    for compiled in translated.glob("*/LC_MESSAGES/*.mo"):
        compiled.unlink()
    sources = len(list(translated.glob("*/LC_MESSAGES/*.po")))
    assert surveyapp("translations", "compile") == f"{sources} catalogues compiled\n"
    assert len(list(translated.glob("*/LC_MESSAGES/*.mo"))) == sources


@pytest.mark.parametrize("code", ["klingon", "../de", "de/..", " "])
def test_what_is_no_language_is_not_begun(surveyapp: Console, translated: Path, code: str) -> None:
    before = sorted(translated.rglob("*"))
    assert "is no language" in surveyapp.refused(2, "translations", "update", "de", code)
    assert sorted(translated.rglob("*")) == before
