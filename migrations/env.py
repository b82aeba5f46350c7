"""Runs migrations on the database of the application, SQLite or PostgreSQL, one transaction in all."""

from alembic import context
from flask import current_app

engine = current_app.extensions["migrate"].db.engine
metadata = current_app.extensions["migrate"].db.metadata

with engine.connect().execution_options(surveyapp_write=True) as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
