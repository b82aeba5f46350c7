"""The database handle, and what SQLite needs so that both databases behave alike."""

from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, MetaData, event
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
    db.session.connection(execution_options={"surveyapp_write": True})


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
        writing = connection.get_execution_options().get("surveyapp_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
