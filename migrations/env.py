"""Runs migrations on the database of the application, SQLite or PostgreSQL, one transaction in all."""

from alembic import context
from flask import current_app

engine = current_app.extensions["migrate"].db.engine
metadata = current_app.extensions["migrate"].db.metadata

with engine.connect().execution_options(surveyapp_write=True) as connection:
    sqlite = connection.connection.driver_connection if engine.dialect.name == "sqlite" else None
    if sqlite is not None:
        # Changing a table copies it and drops the old one, which must not delete what hangs on its rows.
        # SQLite takes this only outside a transaction; the check below stands in for it.
        sqlite.execute("PRAGMA foreign_keys=OFF")
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if sqlite is not None and sqlite.execute("PRAGMA foreign_key_check").fetchone():
            raise RuntimeError("a migration left rows that point nowhere: nothing was changed")
    if sqlite is not None:
        sqlite.execute("PRAGMA foreign_keys=ON")
