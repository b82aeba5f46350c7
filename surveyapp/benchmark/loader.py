"""Finds, checks and reads packs: benchmark.toml and a factors/<key>.toml for each key it lists."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from surveyapp.benchmark import rules
from surveyapp.benchmark.model import Benchmark, Key, KeyFactor
from surveyapp.benchmark.reading import Report, read

HEAD = "benchmark.toml"


class Fault(NamedTuple):
    """One thing wrong in a pack: the file inside it, the key of the content, and what is wrong."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.message}"


class PackFaults(Exception):
    """A pack that cannot be used, with every fault found in it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def find_packs(root: Path) -> tuple[Path, ...]:
    """Folders directly under `root` that hold a pack, sorted by name; none where `root` does not exist."""
    return tuple(sorted(head.parent for head in root.glob(f"*/{HEAD}")))


def load(folder: Path) -> Benchmark:
    """The pack in `folder`. Raises PackFaults, naming all of its faults."""
    benchmark, faults = _read_pack(folder)
    if benchmark is None or faults:
        raise PackFaults(faults)
    return benchmark


def check(folder: Path) -> list[Fault]:
    """Every fault of the pack in `folder`; empty for a pack that `load` accepts."""
    return _read_pack(folder)[1]


def _read_pack(folder: Path) -> tuple[Benchmark | None, list[Fault]]:
    faults: list[Fault] = []
    pack = folder.resolve().name
    head = _parse(folder, HEAD, pack, faults)
    factors = dict(_read_factors(folder, faults))
    if head is None:
        return None, faults
    report = _reporter(HEAD, faults)
    factor_keys = read(tuple[Key, ...], head.get("factors", []), pack, "factors", report)
    benchmark = read(Benchmark, head | {"factors": []}, pack, "", report)
    benchmark = msgspec.structs.replace(
        benchmark, factors=tuple(factors[key] for key in factor_keys if key in factors)
    )
    faults += _folder_faults(folder, benchmark, factor_keys)
    faults += [
        Fault(HEAD, key or pack, wrong) for key, wrong in rules.head_complaints(benchmark, factor_keys)
    ]
    for name, factor in factors.items():
        complaints = rules.factor_complaints(benchmark, factor)
        faults += [Fault(_factor_file(name), key or name, wrong) for key, wrong in complaints]
    faults += _key_faults(benchmark, factors)
    return benchmark, faults


def _read_factors(folder: Path, faults: list[Fault]) -> Iterator[tuple[str, KeyFactor]]:
    """The factors whose files are TOML, by file name without its ending, which should be the key."""
    for path in sorted(folder.glob("factors/*.toml")):
        file = _factor_file(path.stem)
        table = _parse(folder, file, path.stem, faults)
        if table is None:
            continue
        factor = read(KeyFactor, table, path.stem, "", _reporter(file, faults))
        if factor.key and factor.key != path.stem:
            faults.append(Fault(file, factor.key, f"the file must be named after its key: {factor.key}.toml"))
        yield path.stem, factor


def _parse(folder: Path, file: str, key: str, faults: list[Fault]) -> dict[str, Any] | None:
    try:
        # utf-8-sig: some Windows editors put a byte order mark first, which TOML itself does not allow.
        return tomllib.loads((folder / file).read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        faults.append(Fault(file, key, "the file does not exist"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(Fault(file, key, f"cannot be read as TOML in UTF-8: {error}"))
    return None


def _folder_faults(folder: Path, benchmark: Benchmark, factor_keys: tuple[str, ...]) -> Iterator[Fault]:
    """Names that do not fit together: of the folder, of the factor files, of the list in benchmark.toml."""
    name = f"{benchmark.key}-{benchmark.version}"
    # A round pins key and version; two folders with the same pair could not be told apart.
    if benchmark.key and benchmark.version and folder.resolve().name != name:
        yield Fault(HEAD, benchmark.key, f"the folder must be named after key and version: {name}")
    files = {path.stem for path in folder.glob("factors/*.toml")}
    for key in factor_keys:
        if key and key not in files:
            yield Fault(HEAD, key, f"`factors` names {key}, but {_factor_file(key)} does not exist")
    for key in sorted(files.difference(factor_keys)):
        yield Fault(_factor_file(key), key, f"`factors` of {HEAD} does not name this file")
    for _, key, _ in rules.repeated((HEAD, key) for key in factor_keys):
        yield Fault(HEAD, key, "`factors` names it twice")


def _key_faults(benchmark: Benchmark, factors: dict[str, KeyFactor]) -> Iterator[Fault]:
    """Keys used twice. Factors and all questions share one set: the columns of an answers file."""
    answers = [(HEAD, closing.key) for closing in benchmark.closing]
    guides, examples = [], []
    for name, factor in factors.items():
        file = _factor_file(name)
        answers.append((file, factor.key))
        answers += [(file, question.key) for part in factor.groups.values() for question in part.questions]
        guides += [(file, guide.key) for guide in factor.guide_questions]
        examples += [(file, example.text) for example in factor.examples]
    groups = [(HEAD, group.key) for group in benchmark.groups]
    context_factors = [(HEAD, context_factor.key) for context_factor in benchmark.context_factors]
    for named in (answers, guides, groups, context_factors):
        for file, key, first in rules.repeated(named):
            yield Fault(file, key, f"this key is used twice, first in {first}")
    for file, text, first in rules.repeated(examples):
        yield Fault(file, Path(file).stem, f"this example is given twice, first in {first}: {text}")
    for file, key in answers:
        if key in rules.RESERVED:
            yield Fault(file, key, "this key is reserved; choose another")


def _factor_file(name: str) -> str:
    return f"factors/{name}.toml"


def _reporter(file: str, faults: list[Fault]) -> Report:
    def report(key: str, message: str) -> None:
        faults.append(Fault(file, key, message))

    return report
