"""A round as somebody writes it down: a small TOML file, checked against its pack, every fault named."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec

from surveyapp.benchmark import Benchmark, PackFaults, find_packs, load
from surveyapp.config import data_folder

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=2000, pattern=r"^[^\x00]*\Z")]
Threshold = Annotated[int, msgspec.Meta(ge=3, le=100)]

# The assessment that rounds of a city belong to unless another is named
SERIES = "Language and introduction courses"


class PlanError(ValueError):
    """What is wrong with the file, and where."""


class GroupFile(msgspec.Struct, forbid_unknown_fields=True):
    short: bool = False
    expected: Annotated[int, msgspec.Meta(ge=1)] | None = None


class RoundFile(msgspec.Struct, forbid_unknown_fields=True):
    """The shape of the file; see README, "A round of your own"."""

    city: Text
    title: Text
    benchmark: Text
    id: Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9-]{1,40}$")] | None = None
    assessment: Text = SERIES
    languages: list[Text] = msgspec.field(default_factory=lambda: ["en"])
    factors: list[Text] | None = None
    self: str | None = None
    threshold: Threshold = 5
    closes_on: date | None = None
    answers_export: bool = False
    invented: bool = False
    contact: dict[str, Text] = {}
    next_steps: dict[str, Text] = {}
    groups: dict[str, GroupFile] | None = None


@dataclass(frozen=True)
class GroupPlan:
    key: str
    kind: str
    short: bool
    expected: int | None


@dataclass(frozen=True)
class RoundPlan:
    """A round that can be added: everything checked against the pack."""

    key: str
    city: str
    invented: bool
    assessment: str
    title: str
    pack: str
    factors: tuple[str, ...]
    groups: tuple[GroupPlan, ...]
    languages: tuple[str, ...]
    self_group: str | None
    threshold: int
    closes_on: date | None
    texts: dict[str, dict[str, str]]
    answers_export: bool


def read_plan(path: Path, offered: tuple[str, ...]) -> RoundPlan:
    """The plan in a TOML file; `offered` are the languages of this installation.

    A benchmark is named by key and version (`language-courses-1`) or as a folder, seen from the file.
    Raises PlanError.
    """
    try:
        file = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), RoundFile)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise PlanError(f"{path}: {error}") from error
    pack = _pack(file.benchmark, path)
    try:
        benchmark = load(Path(pack) if "/" in pack else data_folder("benchmark") / pack)
    except PackFaults as faults:
        raise PlanError(f"{path}: benchmark: {faults.faults[0]}") from faults
    return _checked(file, benchmark, pack, path, offered)


def readable_key(city: str, title: str) -> str:
    """An id made of city and title: accents fall away; empty or too short where both are in another script."""
    letters = unicodedata.normalize("NFKD", f"{city} {title}").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:40].strip("-")


def _pack(name: str, path: Path) -> str:
    if name in {folder.name for folder in find_packs(data_folder("benchmark"))}:
        return name
    folder = (path.parent / name).resolve()
    if not (folder / "benchmark.toml").exists():
        raise PlanError(f"{path}: benchmark: there is no pack {name!r}")
    return str(folder)


def _checked(
    file: RoundFile, benchmark: Benchmark, pack: str, path: Path, offered: tuple[str, ...]
) -> RoundPlan:
    groups = (
        file.groups if file.groups is not None else {group.key: GroupFile() for group in benchmark.groups}
    )
    factors = file.factors if file.factors is not None else [factor.key for factor in benchmark.factors]
    self_group = file.self if file.self is not None else benchmark.self_group
    for where, keys, known in (
        ("groups", list(groups), [group.key for group in benchmark.groups]),
        ("factors", factors, [factor.key for factor in benchmark.factors]),
        ("languages", file.languages, list(offered)),
        ("contact", list(file.contact), file.languages),
        ("next_steps", list(file.next_steps), file.languages),
    ):
        for key in keys:
            if key not in known:
                raise PlanError(f"{path}: {where}: {key!r} is none of {', '.join(known)}")
    for where, keys in (("groups", list(groups)), ("factors", factors), ("languages", file.languages)):
        if not keys or len(set(keys)) < len(keys):
            raise PlanError(f"{path}: {where}: at least one is needed, and none twice")
    if file.self is not None and file.self not in groups:
        raise PlanError(f"{path}: self: {file.self!r} is not one of the groups asked")
    key = file.id or readable_key(file.city, file.title)
    if len(key) < 2:  # city and title in another script than Latin
        raise PlanError(f"{path}: id: none can be made of city and title: name one of a-z, 0-9 and -")
    return RoundPlan(
        key=key,
        city=file.city,
        invented=file.invented,
        assessment=file.assessment,
        title=file.title,
        pack=pack,
        factors=tuple(key.key for key in benchmark.factors if key.key in factors),
        groups=tuple(
            GroupPlan(group.key, group.kind, groups[group.key].short, groups[group.key].expected)
            for group in benchmark.groups
            if group.key in groups
        ),
        languages=tuple(file.languages),
        self_group=self_group if self_group in groups else None,
        threshold=file.threshold,
        closes_on=file.closes_on,
        texts={"contact": dict(file.contact), "next_steps": dict(file.next_steps)},
        answers_export=file.answers_export,
    )
