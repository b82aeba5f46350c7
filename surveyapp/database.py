"""The database handle, and what SQLite needs so that both databases behave alike."""

from collections.abc import Callable, Mapping
from functools import lru_cache, wraps
from typing import Any, TypeVar

from flask import g
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


View = TypeVar("View", bound=Callable[..., Any])
db = SQLAlchemy(model_class=Base, session_options={"autoflush": False, "expire_on_commit": False})


def start_writing() -> None:
    """Call before the first statement of a request or job that writes.

    A reader that turns writer in mid-transaction gets SQLITE_BUSY at once, whatever the timeout;
    one that begins IMMEDIATE waits its turn. PostgreSQL needs nothing.
    """
    if db.session().in_transaction():
        db.session.rollback()  # a signed-in browser was looked up before the view began: that reading ends here
    db.session.connection(execution_options=WRITING)


# How each database is told that no transaction is needed
READING: dict[str, dict[str, str | None]] = {
    "postgresql": {"isolation_level": "AUTOCOMMIT"},
    "sqlite": {"surveyapp_begin": None},  # a statement alone is a transaction of its own
}
WRITING = {"surveyapp_begin": "BEGIN IMMEDIATE"}


def reading(view: View) -> View:
    """Decorates a view that reads rows and loads no objects: its statements run without a transaction, which is half
    of all that is asked of the database on a page of questions, and without a session around them."""
    return _bare(view, lambda: READING[db.engine.dialect.name])


def writing(view: View) -> View:
    """The same for a view that writes; it ends with `commit()`."""
    return _bare(view, lambda: WRITING)


def _bare(view: Any, options: Callable[[], Mapping[str, str | None]]) -> Any:
    @wraps(view)
    def run(*args: Any, **keys: Any) -> Any:
        with db.engine.connect() as g.connection:
            g.connection.execution_options(**options())
            try:
                return view(*args, **keys)
            finally:
                g.pop("connection")

    return run


def connection() -> Connection:
    """Where a statement runs: on the bare connection of a view, elsewhere within the session."""
    return g.get("connection") or db.session.connection()


def commit() -> None:
    """Ends the transaction of a view with a bare connection. What follows only reads."""
    here = connection()
    here.commit()
    here.execution_options(**READING[here.dialect.name])


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
