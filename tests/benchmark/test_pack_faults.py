"""Every kind of fault is told with its file and the key of the content, and all of them at once."""

import re
import shutil
import tomllib
from collections.abc import Iterator
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest

from surveyapp.benchmark import Benchmark, KeyFactor, PackFaults, check, load
from surveyapp.benchmark.reading import read

SMALL = Path(__file__).parent / "packs" / "small-1"
HEAD, OPEN, BOOKS, HELP = "benchmark.toml", "factors/open.toml", "factors/books.toml", "factors/help.toml"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "small-1"))


def change(pack: Path, file: str, old: str, new: str) -> None:
    text = (pack / file).read_text(encoding="utf-8")
    assert old in text, "the test changes nothing"
    (pack / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def told(pack: Path, file: str, key: str, message: str) -> bool:
    faults = check(pack)
    print(*faults, sep="\n")  # shown by pytest where the fault is not among them
    return any((fault.file, fault.key) == (file, key) and message in fault.message for fault in faults)


SECOND_WAY = ', { code = 1, label = "By bus", note = "or by tram" }'
SECOND_MONEY = '[[context_factors]]\nkey = "money"\ntitle = "Coins"\ntext = "Notes."'
SAME_EXAMPLE = '[[examples]]\nplace = "Newtown"\ntext = "The library opens on Sundays."'
PLAIN_SCALE = re.findall(r"\[scale\.plain\].*?(?=\[choices)", (SMALL / HEAD).read_text("utf-8"), re.DOTALL)[0]

# What is changed into what, then the key and a part of the message of the fault it makes.
IN_HEAD = {
    "unknown field": ("stem =", "stm = 1\nstem =", "small", "`scale.standard.stm` is not a field"),
    "missing field": ('dont_know = "It varies"\n', "", "small", "`choices.way.dont_know` is missing"),
    "unknown kind": ('kind = "persons"', 'kind = "people"', "readers", "must be persons or organisations"),
    "unknown status": ('"published"', '"ready"', "small", "`status` must be draft or published"),
    "odd language": ('_language = "en"', '_language = "English"', "small", "must be a language tag"),
    "no closing length": ("max_chars = 200", "max_chars = 0", "wish", "a whole number from 1, not 0"),
    "no factor": ('["open", "books", "help"]', "[]", "small", "`factors` names no factor"),
    "factor without a file": ('"help"]', '"help", "extra"]', "extra", "factors/extra.toml does not exist"),
    "factor named twice": ('"help"]', '"help", "open"]', "open", "`factors` names it twice"),
    "folder not named after key and version": ("version = 1", "version = 2", "small", "version: small-2"),
    "group used twice": ('key = "schools"', 'key = "library"', "library", "used twice"),
    "odd self group": ('self_group = "library"', "self_group = 3", "small", "`self_group` must be a key"),
    "unknown self group": ('self_group = "library"', 'self_group = "town"', "small", "names town"),
    "order that leaves out a factor": ('"help", "open", "books"]', '"help"]', "readers", "must name every"),
    "codes out of order": (
        '1, label = "Rarely"',
        '2, label = "Rarely"',
        "small",
        "must have the codes 0 to 4",
    ),
    "voices of different length": ('  { code = 4, label = "Yes" },\n', "", "small", "has 4 steps, but"),
    "a single choice": (SECOND_WAY, "", "way", "a choice needs 2 or more"),
    "choices out of order": ('1, label = "By bus"', '5, label = "By bus"', "way", "the codes 0 to 1"),
    "plain scale missing": (PLAIN_SCALE, "", "readers", "`scale.plain` is missing"),
    "plain closing text missing": ("plain_text =", "#", "wish", "`plain_text` is missing"),
    "context factor used twice": ("[glossary]", f"{SECOND_MONEY}\n[glossary]", "money", "used twice"),
    "list of texts": ('key = "wish"', 'key = ["wish"]', "small", "`closing[1].key` must be a key"),
}
IN_OPEN = {
    "broken TOML": ('title = "Opening hours"', "title = Opening hours", "open", "line 2"),
    "unknown field": ("short = true", "shrt = true", "open-library-2", "`shrt` is not a field"),
    "missing field": ('text = "When is the library open?"', "", "o.1", "`text` is missing"),
    "text that is a number": ('title = "Opening hours"', "title = 7", "open", "`title` must be a text"),
    "empty text": ('"Who decides on the hours?"', '" "', "o.2", "not empty, not ' '"),
    "empty text in a list": ('"On Saturdays"', '""', "o.1", "`parts[2]` must be a text"),
    "list that is a text": ('covers = ["o.2"]', 'covers = "o.2"', "open-library-2", "must be a list"),
    "flag that is a text": ("short = true", 'short = "yes"', "open-library-2", "must be true or false"),
    "unknown fit": ('fit = "core"', 'fit = "half"', "open", "must be core, partial or proxy, not 'half'"),
    "odd key": ('"open-readers-1"', '"Open readers"', "Open readers", "must be a key of a-z"),
    "key of a group": ("[groups.library]", '[groups."Library!"]', "open", "`groups.Library!` must be a key"),
    "guide question used twice": ('key = "o.2"', 'key = "o.1"', "o.1", "used twice"),
    "question used twice": ('"open-readers-1"', '"open-library-1"', "open-library-1", "used twice"),
    "question named as its factor": ('"open-readers-1"', '"open"', "open", "used twice"),
    "question named as a closing question": ('"open-readers-1"', '"wish"', "wish", "first in benchmark.toml"),
    "question named as another factor": ('"open-readers-1"', '"books"', "books", "first in factors/books"),
    "reserved key": ('"open-readers-1"', '"group"', "group", "this key is reserved"),
    "example given twice": ("[[examples]]", f"{SAME_EXAMPLE}\n[[examples]]", "open", "given twice"),
    "unknown guide question": ('covers = ["o.2"]', 'covers = ["o.9"]', "open-library-2", "names o.9"),
    "guide question of another factor": ('["o.2"]', '["b.1"]', "open-library-2", "no guide question of open"),
    "unknown group": ("[groups.library]", "[groups.libary]", "open", "`groups.libary` names no group"),
    "unknown list of choices": ('choices = "way"', 'choices = "weg"', "open-readers-2", "names weg"),
    "plain statement missing": ("plain_statement =", "#", "open", "`plain_statement` is missing"),
}


@pytest.mark.parametrize("kind", IN_HEAD)
def test_fault_in_the_head_is_told_with_its_key(pack, kind):
    old, new, key, message = IN_HEAD[kind]
    change(pack, HEAD, old, new)
    assert told(pack, HEAD, key, message)


@pytest.mark.parametrize("kind", IN_OPEN)
def test_fault_in_a_factor_is_told_with_its_key(pack, kind):
    old, new, key, message = IN_OPEN[kind]
    change(pack, OPEN, old, new)
    assert told(pack, OPEN, key, message)


@pytest.mark.parametrize("table", ['"core"', "[1, 2]"])
def test_a_table_that_is_something_else(pack, table):
    change(
        pack, HELP, '[groups.schools]\nfit = "core"\n\n[groups.readers]\nfit = "core"', f"groups = {table}"
    )
    assert told(pack, HELP, "help", "`groups` must be a table")


def test_a_table_inside_that_is_something_else(pack):
    change(pack, HELP, '[groups.schools]\nfit = "core"', '[groups]\nschools = "core"')
    assert told(pack, HELP, "help", "`groups.schools` must be a table, not 'core'")


def test_a_file_that_the_head_does_not_name(pack):
    change(pack, HEAD, ', "help"]', "]")
    assert told(pack, HELP, "help", "`factors` of benchmark.toml does not name this file")


def test_a_file_that_is_not_named_after_its_key(pack):
    change(pack, BOOKS, 'key = "books"', 'key = "novels"')
    assert told(pack, BOOKS, "novels", "named after its key: novels.toml")


def give_steps(pack: Path, size: int) -> None:
    steps = ", ".join(f'{{ code = {code}, label = "Step {code}" }}' for code in range(size))
    head = (pack / HEAD).read_text("utf-8")
    (pack / HEAD).write_text(re.sub(r"(?s)steps = \[.*?\n\]", f"steps = [{steps}]", head), "utf-8")


@pytest.mark.parametrize("size", range(3, 8))
def test_a_scale_of_three_to_seven_steps(pack, size):
    give_steps(pack, size)
    assert load(pack).scale.size == size


@pytest.mark.parametrize("size", [0, 2, 8])
def test_a_scale_of_fewer_or_more_steps(pack, size):
    give_steps(pack, size)
    assert [fault.message for fault in check(pack)] == [
        f"`scale.{voice}.steps` has {size} steps; a scale has 3 to 7" for voice in ("standard", "plain")
    ]


def test_all_faults_are_told_at_once_each_once(pack):
    change(pack, HEAD, 'self_group = "library"', 'self_group = "town"')
    change(pack, OPEN, 'title = "Opening hours"', 'titel = "Opening hours"')
    change(pack, OPEN, 'covers = ["o.2"]', 'covers = ["o.9"]')
    change(pack, BOOKS, 'fit = "proxy"', 'fit = "none"')
    (pack / HELP).write_bytes(b"title = \xff")
    assert sorted((fault.file, fault.key) for fault in check(pack)) == [
        (HEAD, "small"),
        (BOOKS, "books"),
        (HELP, "help"),
        (OPEN, "open"),
        (OPEN, "open"),
        (OPEN, "open-library-2"),
    ]


def test_factor_files_are_checked_also_where_the_head_is_missing(pack):
    (pack / HEAD).unlink()
    change(pack, OPEN, "title =", "titel =")
    assert [(fault.file, fault.key) for fault in check(pack)] == [
        (HEAD, "small-1"),
        (OPEN, "open"),
        (OPEN, "open"),
    ]


def test_an_empty_folder_is_one_fault(tmp_path):
    assert [(fault.file, fault.message) for fault in check(tmp_path)] == [(HEAD, "the file does not exist")]


def test_an_empty_head_has_only_told_faults(pack):
    (pack / HEAD).write_text("", encoding="utf-8")
    missing = {fault.message for fault in check(pack) if fault.message.endswith("is missing")}
    assert {"`key` is missing", "`scale` is missing", "`groups` is missing"} <= missing


def test_loading_a_faulty_pack_tells_file_key_and_message(pack):
    change(pack, OPEN, 'covers = ["o.2"]', 'covers = ["o.9"]')
    with pytest.raises(PackFaults) as raised:
        load(pack)
    assert str(raised.value) == (
        "factors/open.toml: open-library-2: `covers` names o.9, which is no guide question of open"
    )
    assert raised.value.faults == check(pack)


def test_files_saved_on_windows_are_read(pack):
    for file in (HEAD, OPEN):
        text = (pack / file).read_text(encoding="utf-8")
        (pack / file).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert load(pack) == load(SMALL)


def places(table: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value inside a parsed TOML table."""
    inner = table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ()
    for name, value in inner:
        yield (*way, name)
        yield from places(value, (*way, name))


@pytest.mark.parametrize("junk", [-1, " ", True, [], {}, [[]], {"key": 3}], ids=repr)
def test_no_damage_stops_the_reading(junk):
    for file, kind in ((HEAD, Benchmark), (OPEN, KeyFactor)):
        original = (SMALL / file).read_text("utf-8")
        for *way, last in places(tomllib.loads(original)):
            table = tomllib.loads(original)
            reduce(getitem, way, table)[last] = junk
            assert isinstance(read(kind, table, "small", "", lambda key, message: None), kind)
