"""The database handle, and what SQLite needs so that both databases behave alike."""

from functools import lru_cache
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    # Names for every constraint, so that later migrations can drop them on both databases.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"autoflush": False, "expire_on_commit": False})


def start_writing() -> None:
    """Call before the first statement of a request or job that writes.

    A reader that turns writer in mid-transaction gets SQLITE_BUSY at once, whatever the timeout;
    one that begins IMMEDIATE waits its turn. PostgreSQL needs nothing.
    """
    if db.session().in_transaction():
        db.session.rollback()  # a signed-in browser was looked up before the view began: that reading ends here
    db.session.connection(execution_options={"surveyapp_begin": "BEGIN IMMEDIATE"})


# How each database is told that no transaction is needed
READING: dict[str, dict[str, str | None]] = {
    "postgresql": {"isolation_level": "AUTOCOMMIT"},
    "sqlite": {"surveyapp_begin": None},  # a statement alone is a transaction of its own
}


def start_reading() -> None:
    """Call before the first statement of a request that reads and does no more.

    The database is then spared the beginning and the end of a transaction, half of all it is asked on a page of
    questions.
    """
    if not db.session().in_transaction():
        db.session.connection(execution_options=READING[db.engine.dialect.name])


def upsert(table: Any, column: str, adding: bool = False) -> Any:
    """A statement that inserts rows or, where their key is there already, sets (or raises) `column`.

    It holds no values and is built once: run it with a list of rows.
    """
    return _upsert(table, column, adding, db.engine.dialect.name)


@lru_cache
def _upsert(table: Any, column: str, adding: bool, dialect: str) -> Any:
    statement = (sqlite_insert if dialect == "sqlite" else postgresql_insert)(table.__table__)
    new = statement.excluded[column]
    return statement.on_conflict_do_update(
        index_elements=[key.name for key in table.__table__.primary_key],
        set_={column: table.__table__.c[column] + new if adding else new},
    )


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, _record: Any) -> None:
    if type(connection).__module__.startswith("sqlite3"):
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # what we acknowledge, we keep
            "busy_timeout=15000",
            "foreign_keys=ON",
            "secure_delete=ON",  # a deleted draft leaves no trace in the file
        ):
            connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        begin = connection.get_execution_options().get("surveyapp_begin", "BEGIN")
        if begin:
            connection.exec_driver_sql(begin)
