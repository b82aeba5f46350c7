"""backup and restore: the whole database in a file, and back, on both databases and from one to the other."""

import json
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from surveyapp.assessments.actions import close_round
from surveyapp.database import db
from surveyapp.models import Answer, Comment, Contact, Invitation, OptOut, Report, Response, Round
from surveyapp.models.audit import record
from surveyapp.translating.actions import mark_reviewed
from tests.builders import lead, link, opened_round
from tests.cli.conftest import Console
from tests.conftest import make_app, within
from tests.postgres import Cluster

Rows = dict[str, list[tuple[Any, ...]]]
EVERYTHING_ELSE = ["responses", "answers", "comments"]


@pytest.fixture
def new_url(tmp_path: Path, cluster: Cluster) -> Iterator[Callable[[str], str]]:
    """Addresses of databases that have no tables yet."""
    made: list[str] = []

    def new(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/new-{len(list(tmp_path.iterdir()))}.sqlite"
        made.append(f"restored_{tmp_path.name.replace('-', '_')}_{len(made)}".lower())
        return cluster.create(made[-1])

    yield new
    for name in made:
        cluster.drop(name)


def fill(url: str) -> None:
    """A city with something in nearly every table: closed round, open round, drafts, addresses, a report's bytes."""
    app = make_app(url)
    for _ in within(app):
        closed = opened_round(answers_export=True)
        for number in range(4):
            answer(app, link(closed), str(number % 4), f"words «{number}» مرحبا\nzwei")
        close_round(closed)
        open_ = opened_round(key="winter", assessment="Winter")
        answer(app, link(open_), "2", "kept", send=False)
        invitation = db.session.scalars(select(Invitation).order_by(Invitation.id.desc())).first()
        db.session.add(Contact(invitation_id=invitation.id, email="ayşe@example.org", name="Ayşe"))
        db.session.add(OptOut(city_id=closed.city.id, address_hash="f" * 64))
        pdf = bytes(range(256)) * 40
        db.session.add(Report(round_id=closed.id, language="ar", snapshot="s", state="ready", pdf=pdf))
        record(closed, "lead@example.org", "round.closed", "autumn")
        reader = lead(closed.city)
        mark_reviewed(closed.city, "de", reader)
        db.session.commit()


def answer(app: Any, path: str, choice: str, words: str, send: bool = True) -> None:
    browser = app.test_client()
    browser.post(path)
    browser.post("/answer/f7", data={"f7": choice, "f7:comment": words})
    if send:
        browser.post("/answer/send")


def everything(url: str) -> Rows:
    """All rows of all tables as Python sees them."""
    found = {}
    for _ in within(make_app(url)):
        for table in db.metadata.sorted_tables:
            rows = db.session.execute(select(table).order_by(*table.primary_key.columns))
            found[table.name] = [tuple(row) for row in rows]
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def other(request: pytest.FixtureRequest) -> str:
    return request.param


def test_all_that_was_there_is_there_again(
    each_url: str, other: str, new_url: Callable[[str], str], tmp_path: Path
) -> None:
    fill(each_url)
    before, target = everything(each_url), new_url(other)
    told = Console(each_url)("backup", tmp_path / "city.backup")
    assert "SURVEYAPP_TOKEN_KEY are not in it" in told
    restored = Console(target)("restore", tmp_path / "city.backup")
    assert "rows restored" in restored
    assert "SURVEYAPP_TOKEN_KEY" not in restored
    assert everything(target) == before
    assert [name for name, rows in before.items() if rows and name in EVERYTHING_ELSE] == EVERYTHING_ELSE
    assert Console(target)("tally", "check") == "The counters agree with the answers.\n"


def test_work_goes_on_after_restoring(
    each_url: str, other: str, new_url: Callable[[str], str], tmp_path: Path
) -> None:
    """Row numbers go on where they were, an old draft is still there, and links still work."""
    fill(each_url)
    Console(each_url)("backup", tmp_path / "city.backup")
    target = new_url(other)
    Console(target)("restore", tmp_path / "city.backup")
    app = make_app(target)
    for _ in within(app):
        before = db.session.scalar(select(func.count()).select_from(Response))
        round_ = db.session.scalar(select(Round).where(Round.key == "winter"))
        opened_round(key="spring", assessment="Spring")
        answer(app, link(round_), "1", "new words")
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(Response)) == before + 1
        assert "new words" in db.session.scalars(select(Comment.text)).all()


def test_a_restored_postgresql_tells_no_order(
    postgres_url: str, new_url: Callable[[str], str], tmp_path: Path
) -> None:
    fill(postgres_url)
    Console(postgres_url)("backup", tmp_path / "city.backup")
    target = new_url("postgresql")
    Console(target)("restore", tmp_path / "city.backup")
    for _ in within(make_app(target)):
        keys = list(db.session.scalars(text("SELECT id FROM responses ORDER BY ctid")))
        assert keys == sorted(keys)
        assert len(db.session.scalars(text("SELECT DISTINCT xmin::text FROM answers")).all()) == 1


def test_a_null_stays_a_null(sqlite_url: str, new_url: Callable[[str], str], tmp_path: Path) -> None:
    """A draft has no content: that is no value, not the JSON word null."""
    for _ in within(make_app(sqlite_url)):
        from tests.builders import draft_round

        draft_round()
    Console(sqlite_url)("backup", tmp_path / "city.backup")
    target = new_url("sqlite")
    Console(target)("restore", tmp_path / "city.backup")
    for _ in within(make_app(target)):
        assert db.session.scalar(text("SELECT count(*) FROM rounds WHERE content IS NULL")) == 1


def test_a_backup_while_people_answer_is_of_one_moment(
    each_url: str, new_url: Callable[[str], str], tmp_path: Path
) -> None:
    app = make_app(each_url)
    with app.app_context():
        round_ = opened_round()
        paths = [link(round_) for _ in range(40)]
        db.session.remove()
    stop = threading.Event()
    sent: list[str] = []

    def people_answer() -> None:
        for path in paths:
            if stop.is_set():
                break
            answer(app, path, "3", f"words {path[-4:]}")
            sent.append(path)

    writer = threading.Thread(target=people_answer)
    writer.start()
    while len(sent) < 3:
        stop.wait(0.01)
    Console(each_url)("backup", tmp_path / "city.backup")
    at_the_end = len(sent)
    stop.set()
    writer.join()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    target = new_url("sqlite")
    Console(target)("restore", tmp_path / "city.backup")
    assert Console(target)("tally", "check") == "The counters agree with the answers.\n"
    for _ in within(make_app(target)):
        answered = select(func.count()).select_from(Invitation).where(Invitation.status == "answered")
        people = db.session.scalar(answered)
        assert people == db.session.scalar(select(func.count()).select_from(Response))
        assert 3 <= people <= at_the_end + 1


def test_nothing_is_overwritten(sqlite_url: str, tmp_path: Path) -> None:
    surveyapp = Console(sqlite_url)
    fill(sqlite_url)
    before = everything(sqlite_url)
    surveyapp("backup", tmp_path / "city.backup")
    assert (tmp_path / "city.backup").stat().st_mode & 0o777 == 0o600
    assert "is there already" in surveyapp.refused(1, "backup", tmp_path / "city.backup")
    assert "the database is not empty (table " in surveyapp.refused(1, "restore", tmp_path / "city.backup")
    assert everything(sqlite_url) == before
    assert not list(tmp_path.glob(".*unfinished"))


def test_a_migrated_empty_database_takes_a_backup(each_url: str, sqlite_url: str, tmp_path: Path) -> None:
    source = tmp_path / "source.sqlite"
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), source)
    fill(f"sqlite:///{source}")
    Console(f"sqlite:///{source}")("backup", tmp_path / "city.backup")
    Console(each_url)("restore", tmp_path / "city.backup")
    assert everything(each_url) == everything(f"sqlite:///{source}")


def test_another_key_is_told(sqlite_url: str, new_url: Callable[[str], str], tmp_path: Path) -> None:
    Console(sqlite_url)("backup", tmp_path / "city.backup")
    told = Console(new_url("sqlite"))("restore", tmp_path / "city.backup", SURVEYAPP_TOKEN_KEY="other" * 9)
    assert "links and codes already handed out will not work" in told


def members(file: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_members(file: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return file


def test_a_damaged_file_is_one_line_and_changes_nothing(
    sqlite_url: str, new_url: Callable[[str], str], tmp_path: Path
) -> None:
    fill(sqlite_url)
    Console(sqlite_url)("backup", tmp_path / "good")
    good = (tmp_path / "good").read_bytes()
    content = members(tmp_path / "good")
    manifest = json.loads(content["manifest.json"])
    answers = content["tables/answers.jsonl"]
    lines = answers.splitlines(keepends=True)
    place = good.index(b"tables/answers.jsonl") + len("tables/answers.jsonl") + 24
    cases: dict[str, tuple[bytes | dict[str, bytes], str]] = {
        "a letter": (b"Dear city, " * 99, "is no backup"),
        "cut off": (good[: len(good) // 2], "is no backup"),
        "other bytes": (good[:place] + b"\0\0\0\0" + good[place + 4 :], "table answers is damaged"),
        "a row missing": (content | {"tables/answers.jsonl": b"".join(lines[1:])}, "table answers is damaged"),
        "half a row": (content | {"tables/answers.jsonl": answers[:-20]}, "table answers is damaged"),
        "an answer of nobody": (
            content | {"tables/answers.jsonl": b"".join([b'["nobody","f1","1"]\n', *lines[1:]])},
            "do not fit together",
        ),
        "a table missing": ({k: v for k, v in content.items() if "answers" not in k}, "is no backup"),
        "newer format": (content | {"manifest.json": json.dumps(manifest | {"format": 2}).encode()}, "newer"),
        "newer tables": (
            content | {"manifest.json": json.dumps(manifest | {"revision": "9999"}).encode()},
            "made by a newer version (migration 9999)",
        ),
    }  # fmt: skip
    target = new_url("sqlite")
    Console(target)("migrate")
    empty = everything(target)
    for name, (made, reason) in cases.items():
        file = tmp_path / "bad"
        if isinstance(made, bytes):
            file.write_bytes(made)
        else:
            with_members(file, made)
        told = Console(target).refused(2, "restore", file)
        assert reason in told, name
        assert everything(target) == empty, name
    assert "no such file" in Console(target).refused(2, "restore", tmp_path / "nowhere")


def test_a_folder_that_is_not_there(sqlite_url: str, tmp_path: Path) -> None:
    assert "No such file" in Console(sqlite_url).refused(1, "backup", tmp_path / "none" / "city.backup")


def test_an_unmigrated_database_cannot_be_backed_up(tmp_path: Path) -> None:
    told = Console(f"sqlite:///{tmp_path}/new.sqlite").refused(1, "backup", tmp_path / "city.backup")
    assert told == "database: not set up yet: run `surveyapp migrate`"
    assert not (tmp_path / "city.backup").exists()


def test_answers_are_in_key_order(sqlite_url: str, tmp_path: Path) -> None:
    fill(sqlite_url)
    Console(sqlite_url)("backup", tmp_path / "city.backup")
    lines = members(tmp_path / "city.backup")["tables/answers.jsonl"].splitlines()
    keys = [tuple(json.loads(line)[:2]) for line in lines]
    assert keys == sorted(keys)
    for _ in within(make_app(sqlite_url)):
        assert len(keys) == db.session.scalar(select(func.count()).select_from(Answer))
