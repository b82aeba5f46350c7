"""backup and restore: the whole database in one file, on SQLite and PostgreSQL, while the service runs."""

import os
from pathlib import Path
from typing import Any

import click
from sqlalchemy import exists, inspect, select, text
from sqlalchemy.exc import DataError, IntegrityError

from surveyapp.cli.main import BadInput, CannotDo, application, command
from surveyapp.database import db, start_writing

KEYS = "SURVEYAPP_SECRET_KEY and SURVEYAPP_TOKEN_KEY are not in it: keep them apart, in a safe."


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Writes the whole database to FILE, as it is at this moment; safe while the service runs."""
    from surveyapp.cli.archive import write
    from surveyapp.tokens import keyed_hash

    with application():
        if file.exists():
            raise CannotDo(f"{file} is there already: a backup overwrites nothing")
        about = {"revision": _revision(), "token_key": keyed_hash("backup", "key")[:16]}
        unfinished = file.with_name(f".{file.name}.unfinished")
        try:
            # Answers of people: nobody but the service's own user may read the file
            os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
            with _one_moment() as connection, connection.begin():
                manifest = write(connection, db.metadata.sorted_tables, unfinished, about)
            unfinished.rename(file)
        finally:
            unfinished.unlink(missing_ok=True)
    click.echo(f"{file}: {sum(each['rows'] for each in manifest['tables'])} rows. {KEYS}")


@command.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def restore(file: Path) -> None:
    """Fills an empty database from FILE: all or nothing, counted again at the end."""
    from surveyapp.cli.archive import NoBackup, read_manifest
    from surveyapp.cli.archive import restore as put_back
    from surveyapp.tokens import keyed_hash

    if not file.exists():
        raise BadInput(f"{file}: there is no such file")
    with application(migrated=False):
        try:
            manifest = read_manifest(file)
            _prepare(file, manifest)
            start_writing()
            _refuse_unless_empty()  # now, while nobody else can write
            rows = put_back(db.session.connection(), file, manifest)
        except NoBackup as error:
            raise BadInput(f"{file}: {error}: nothing was restored") from error
        except (IntegrityError, DataError) as error:
            raise BadInput(f"{file}: its rows do not fit together: nothing was restored") from error
        db.session.commit()
        same_key = manifest["token_key"] == keyed_hash("backup", "key")[:16]
        newest = _newest()
    click.echo(f"{file}: {rows} rows restored, as of {manifest['made_at']}.")
    if not same_key:
        click.echo(
            "SURVEYAPP_TOKEN_KEY is another than then: links and codes already handed out will not work."
        )
    if manifest["revision"] != newest:
        click.echo("The backup is of an older version: run `surveyapp migrate` before anything else.")


def _one_moment() -> Any:
    """A connection whose transaction sees one state of the database, however long it reads."""
    connection = db.engine.connect()
    if connection.dialect.name == "postgresql":
        return connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return connection  # SQLite's journal gives every reader the state at its first statement


def _prepare(file: Path, manifest: dict[str, Any]) -> None:
    """Brings a new or older, empty database to the version of the backup."""
    from alembic.script.revision import RevisionError
    from flask_migrate import upgrade

    found, wanted = _revision(), manifest["revision"]
    if found is not None:
        _refuse_unless_empty()
    try:
        steps = [step.revision for step in _scripts().iterate_revisions(wanted, "base")]
    except RevisionError:
        raise BadInput(
            f"{file}: made by a newer version (migration {wanted}): install that one first"
        ) from None
    if found is not None and found not in steps:
        raise CannotDo(f"the database is at migration {found}, the backup at {wanted}: take a new database")
    if found != wanted:
        db.session.rollback()
        upgrade(revision=wanted)


def _refuse_unless_empty() -> None:
    there = set(inspect(db.session.connection()).get_table_names())
    for each in db.metadata.sorted_tables:
        if each.name in there and db.session.scalar(select(exists(select(text("1")).select_from(each)))):
            raise CannotDo(
                f"the database is not empty (table {each.name}): a backup is restored into a new one"
            )


def _revision() -> str | None:
    with db.engine.connect() as connection:
        if inspect(connection).has_table("alembic_version"):
            return connection.scalar(text("SELECT version_num FROM alembic_version"))
    return None


def _newest() -> str | None:
    return _scripts().get_current_head()


def _scripts() -> Any:
    from alembic.script import ScriptDirectory

    from surveyapp.config import data_folder

    return ScriptDirectory(str(data_folder("migrations")))
