"""The command group, and what every command shares: an application on a migrated database, and plain errors."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from surveyapp.config import SettingError, Settings


class BadInput(click.ClickException):
    """What was given cannot be used; the message says what and where."""

    exit_code = 2


class CannotDo(click.ClickException):
    """The input is fine, but the thing cannot be done now."""

    exit_code = 1


class Commands(click.Group):
    """Lists commands in the order of the work, and lets no traceback reach a user."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except SettingError as error:
            raise BadInput(str(error)) from error
        except SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise CannotDo(f"database: {reason}") from error
        except OSError as error:
            raise CannotDo(str(error)) from error


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="surveyapp")
def command() -> None:
    """Asks everyone who can tell how good a city's language courses are, and shows where they disagree."""


def settings() -> Settings:
    return Settings.from_environment()


@contextmanager
def application(migrated: bool = True) -> Iterator[Flask]:
    """The application, for one command; refuses a database whose tables are missing or old."""
    from surveyapp.app import create_app  # late: most of the time of a small command would be spent here
    from surveyapp.database import db

    app = create_app(settings())
    with app.app_context():
        if migrated and (fault := migration_fault()):
            raise CannotDo(fault)
        try:
            yield app
        finally:
            db.session.remove()


def migration_fault() -> str | None:
    """One line when the database is not at the newest migration, None when it is."""
    from alembic.script import ScriptDirectory
    from sqlalchemy import text

    from surveyapp.config import data_folder
    from surveyapp.database import db

    newest = ScriptDirectory(str(data_folder("migrations"))).get_current_head()
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return "database: not set up yet: run `surveyapp migrate`"
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if found != newest:
        return f"database: at migration {found}, this version needs {newest}: run `surveyapp migrate`"
    return None


def queue_fault(app: Flask) -> str | None:
    """One line when the queue cannot be reached, None when it can."""
    from surveyapp.extensions import queue

    try:
        queue.pending(app)
    except Exception as error:  # each kind of queue has errors of its own
        return f"queue: {str(error).splitlines()[0] if str(error) else type(error).__name__}"
    return None


from surveyapp.cli import analyse, answers, content, rounds, privacy, backup, service  # noqa: E402, F401, I001  (they add their commands)
