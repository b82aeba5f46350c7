"""Answers gathered elsewhere, as CSV, into an open round: one row a person, all or nothing.

The file is read twice, row by row, so that 66 000 people need no more memory than 60: once to check
everything and name every fault, once to store.
"""

import csv
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import func, insert, select

from surveyapp.answering.forms import sheet, steps
from surveyapp.benchmark.frozen import Frozen
from surveyapp.database import db
from surveyapp.models import Answer, Batch, Comment, Response, Round, StakeholderGroup
from surveyapp.models.assessment import hold_open
from surveyapp.models.content import content
from surveyapp.models.counts import Cell, cells, raise_tally
from surveyapp.models.response import random_key

FAULTS_SHOWN = 50
CHUNK = 2000


class Refused(Exception):
    """The file cannot be imported; `faults` name line and column, at most FAULTS_SHOWN of them."""

    def __init__(self, *faults: str) -> None:
        super().__init__(faults[0])
        self.faults = faults


@dataclass(frozen=True)
class Person:
    group: str
    answers: Mapping[str, str]
    comments: Mapping[str, str]


@dataclass(frozen=True)
class Taken:
    """How many rows joined the round, and how many of them answered nothing: those are no people who took part."""

    rows: int
    empty: int


@dataclass(frozen=True)
class Asked:
    """What one group is asked: the codes that each question takes, and how long each comment may be."""

    questions: Mapping[str, tuple[str, ...]]
    comments: Mapping[str, int]


@dataclass(frozen=True)
class Columns:
    """What the header says: where the group stands, and which question or comment each other column holds."""

    group: int
    questions: Mapping[int, str]
    comments: Mapping[int, str]
    width: int


def import_answers(round_: Round, path: Path, again: bool = False) -> Taken:
    """Adds every person of the file and says how many they are; commits nothing. Raises Refused."""
    if not hold_open(round_.id):
        raise Refused(f"round {round_.key} is {round_.state}: answers can only join an open round")
    digest = _digest(path)
    known = select(func.count()).select_from(Batch).join(StakeholderGroup)
    known = known.where(StakeholderGroup.round_id == round_.id, Batch.file_hash == digest)
    if db.session.scalar(known) and not again:
        raise Refused("this file has been imported already: --again takes it once more")
    frozen = content(round_)
    asked = {group.key: _asked(frozen, group.key, group.short) for group in round_.groups}
    faults: list[str] = []
    answered = Counter(bool(person.answers) for person in _people(path, asked, faults))
    if faults:
        raise Refused(*faults)
    if not answered:
        raise Refused("there is not one person in it")
    _store(round_, _people(path, asked, faults), digest, path.name)
    return Taken(answered.total(), answered[False])


def _asked(frozen: Frozen, group: str, short: bool) -> Asked:
    pages = [sheet(frozen, key, group, short) for key in steps(frozen, group, short)]
    comments = {text.key: text.max_chars for page in pages for text in page.texts}
    return Asked(frozen.questionnaire(group, short), comments)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise Refused(error.strerror or str(error)) from error


def _people(path: Path, asked: Mapping[str, Asked], faults: list[str]) -> Iterator[Person]:
    """Every person of the file; what is wrong goes to `faults`, and reading stops when there are many."""
    line = 1  # where the row begins: a quoted cell may go on over several lines
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            first = file.readline()
            file.seek(0)
            rows = csv.reader(
                file, delimiter=";" if first.count(";") > first.count(",") else ",", strict=True
            )
            columns = _columns(next(rows, []), asked)
            line = rows.line_num + 1
            for row in rows:
                person = _person(row, line, columns, asked, faults) if row else None
                line = rows.line_num + 1
                if len(faults) >= FAULTS_SHOWN:
                    faults.append("… and perhaps more")
                    return
                if person is not None:
                    yield person
        except UnicodeDecodeError:
            faults.append(f"line {_undecodable_line(path)}: not UTF-8")
        except csv.Error as error:
            faults.append(f"line {line}: {error}")
        except Refused as refused:
            faults.extend(refused.faults)


def _undecodable_line(path: Path) -> int:
    """The first line that is not UTF-8: decoding runs ahead of the rows, in blocks."""
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    raise AssertionError("the file was not UTF-8 a moment ago")


def _columns(header: list[str], asked: Mapping[str, Asked]) -> Columns:
    names = [name.strip() for name in header]
    if not any(names):
        raise Refused("the file is empty: line 1 must name the columns, group first")
    questions = {key for group in asked.values() for key in group.questions}
    comments = {key for group in asked.values() for key in group.comments}
    faults = [f"line 1: column {name!r} stands twice" for name, n in Counter(names).items() if n > 1]
    if "group" not in names:
        faults.append("line 1: there is no column 'group'")
    for name in names:
        key = name.removesuffix(":comment")
        if name != "group" and key not in (comments if name.endswith(":comment") else questions):
            faults.append(f"line 1: column {name!r} is no question of this round")
    if faults:
        raise Refused(*faults)
    return Columns(
        names.index("group"),
        {place: name for place, name in enumerate(names) if name in questions},
        {p: name.removesuffix(":comment") for p, name in enumerate(names) if name.endswith(":comment")},
        len(names),
    )


def _person(
    row: list[str], line: int, columns: Columns, asked: Mapping[str, Asked], faults: list[str]
) -> Person | None:
    before = len(faults)
    if len(row) != columns.width:
        faults.append(f"line {line}: {len(row)} cells, the header has {columns.width}")
        return None
    group = row[columns.group].strip()
    if group not in asked:
        faults.append(f"line {line}, column 'group': {group[:40]!r} is none of {', '.join(asked)}")
        return None
    codes, limits = asked[group].questions, asked[group].comments
    answers = {}
    for place, key in columns.questions.items():
        cell = row[place].strip()
        if not cell:
            continue
        if key not in codes:
            faults.append(f"line {line}, column {key!r}: the group {group} is not asked this")
        elif cell not in codes[key]:
            faults.append(f"line {line}, column {key!r}: {cell[:40]!r} is none of {', '.join(codes[key])}")
        else:
            answers[key] = cell
    comments = {}
    for place, key in columns.comments.items():
        text = row[place].replace("\x00", "").strip()  # PostgreSQL keeps no NUL
        if not text:
            continue
        if key not in limits:
            faults.append(f"line {line}, column '{key}:comment': the group {group} is not asked this")
        elif len(text) > limits[key]:
            faults.append(f"line {line}, column '{key}:comment': {len(text)} letters, at most {limits[key]}")
        else:
            comments[key] = text
    return Person(group, answers, comments) if len(faults) == before else None


def _store(round_: Round, people: Iterator[Person], digest: str, name: str) -> None:
    groups = {group.key: group for group in round_.groups}
    batches: dict[str, Batch] = {}
    raised: dict[str, Counter[Cell]] = {}
    while chunk := list(islice(people, CHUNK)):
        responses, answers, comments = [], [], []
        for person in chunk:
            if person.group not in batches:
                batch = Batch(group=groups[person.group], channel="import", label=name, file_hash=digest)
                db.session.add(batch)
                db.session.flush()
                batches[person.group], raised[person.group] = batch, Counter()
            key = random_key()
            group, batch = groups[person.group], batches[person.group]
            responses.append({"id": key, "round_id": round_.id, "group_id": group.id, "batch_id": batch.id})
            answers += [{"response_id": key, "question": q, "choice": c} for q, c in person.answers.items()]
            comments += [{"response_id": key, "question": q, "text": t} for q, t in person.comments.items()]
            raised[person.group].update(cells(person.answers))
        for table, rows in ((Response, responses), (Answer, answers), (Comment, comments)):
            if rows:
                db.session.execute(insert(table), rows)
    for group_key, counter in raised.items():
        raise_tally(round_.id, groups[group_key].id, batches[group_key].id, counter)
