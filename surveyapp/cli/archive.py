"""The file of a backup: a zip with a manifest and, table by table, one JSON line a row.

It is the same for SQLite and PostgreSQL, so that one can be restored into the other. Rows are written in the order
of their keys: for sent answers these are random, so a restored table tells as little as the one it was made from.
Nothing here needs more memory for more rows.
"""

import base64
import json
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    String,
    Table,
    TableClause,
    column,
    func,
    insert,
    select,
    table,
    text,
)

FORMAT = 1
ROWS = 1000
LETTERS = 4_000_000  # a batch of reports is cut here: one is about half a million letters
# How a column's values are written; whatever else there is (a list kept as text) goes as the text that it is
TYPES: dict[str, Any] = {
    "bytes": LargeBinary(),
    "json": JSON(none_as_null=True),
    "moment": DateTime(),
    "day": Date(),
    "boolean": Boolean(),
    "number": Integer(),
    "decimal": Float(),
    "text": String(),
}
MANIFEST = "manifest.json"
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, NotImplementedError)


class NoBackup(Exception):
    """The file cannot be restored; the text says why."""


def write(connection: Connection, tables: list[Table], file: Path, about: dict[str, Any]) -> dict[str, Any]:
    """Writes every row that this connection's transaction sees; returns the manifest."""
    listed = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for each in tables:
            kinds = {found.name: _kind(found) for found in each.columns}
            rows = 0
            with archive.open(f"tables/{each.name}.jsonl", "w", force_zip64=True) as lines:
                for values in _rows(connection, each, kinds):
                    lines.write(
                        json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                    )
                    rows += 1
            listed.append({"name": each.name, "columns": kinds, "rows": rows})
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = {"format": FORMAT, "made_by": f"surveyapp {version('surveyapp')}", "made_at": made_at}
        manifest |= {"database": connection.dialect.name, **about, "tables": listed}
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return manifest


def _kind(found: Column[Any]) -> str:
    return next((name for name, type_ in TYPES.items() if isinstance(found.type, type(type_))), "text")


def _rows(connection: Connection, each: Table, kinds: dict[str, str]) -> Iterator[list[Any]]:
    at_once = 8 if "bytes" in kinds.values() else ROWS
    found = connection.execution_options(stream_results=True, yield_per=at_once).execute(
        select(_bare(each.name, kinds)).order_by(*(column(key.name) for key in each.primary_key))
    )
    for row in found:
        yield [_plain(value) for value in row]


def _bare(name: str, kinds: dict[str, str]) -> TableClause:
    """A table by its name and the types of the backup: an old one has not the columns of today's models."""
    return table(name, *(column(each, TYPES[kind]) for each, kind in kinds.items()))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date) else value


def read_manifest(file: Path) -> dict[str, Any]:
    """What the backup says of itself. Raises NoBackup."""
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = json.loads(archive.read(MANIFEST))
            known = manifest["format"] == FORMAT
            manifest["revision"], manifest["token_key"]
            for each in manifest["tables"]:
                archive.getinfo(f"tables/{each['name']}.jsonl")
                if set(each["columns"].values()) - set(TYPES) or not isinstance(each["rows"], int):
                    raise ValueError
    except DAMAGED:
        raise NoBackup("this is no backup of surveyapp, or it is damaged") from None
    if not known:
        raise NoBackup("this backup was made by a version that is newer than this one")
    return manifest


def restore(connection: Connection, file: Path, manifest: dict[str, Any]) -> int:
    """Inserts every row and counts again. Raises NoBackup for a file that is damaged: then nothing may be kept."""
    with zipfile.ZipFile(file) as archive:
        for each in manifest["tables"]:
            try:
                _restore_table(connection, archive, each)
            except DAMAGED:
                raise NoBackup(f"table {each['name']} is damaged") from None
    _restart_numbers(connection, manifest)
    return sum(each["rows"] for each in manifest["tables"])


def _restore_table(connection: Connection, archive: zipfile.ZipFile, each: dict[str, Any]) -> None:
    kinds: dict[str, str] = each["columns"]
    target = _bare(each["name"], kinds)
    with archive.open(f"tables/{each['name']}.jsonl") as lines:
        for batch in _batches(lines, kinds):
            connection.execute(insert(target), batch)
    stored = connection.scalar(select(func.count()).select_from(target))
    if stored != each["rows"]:
        raise ValueError(f"{stored} rows, {each['rows']} expected")


def _batches(lines: Any, kinds: dict[str, str]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    letters = 0
    for line in lines:
        values = json.loads(line)
        batch.append({name: _typed(value, kinds[name]) for name, value in zip(kinds, values, strict=True)})
        letters += len(line)
        if len(batch) >= ROWS or letters >= LETTERS:
            yield batch
            batch, letters = [], 0
    if batch:
        yield batch


def _typed(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind == "bytes":
        return base64.b64decode(value, validate=True)
    if kind == "moment":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind == "day" else value


def _restart_numbers(connection: Connection, manifest: dict[str, Any]) -> None:
    """PostgreSQL counts row numbers apart from the rows; SQLite looks at the rows."""
    if connection.dialect.name != "postgresql":
        return
    for each in manifest["tables"]:
        name = each["name"]
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(:name, 'id') WHERE EXISTS (SELECT 1 FROM information_schema.columns"
                 " WHERE table_schema = current_schema() AND table_name = :name AND column_name = 'id')"),
            {"name": name},
        )  # fmt: skip
        largest = (
            connection.scalar(select(func.max(column("id"))).select_from(table(name))) if sequence else None
        )
        if largest is not None:
            connection.execute(select(func.setval(sequence, largest)))
