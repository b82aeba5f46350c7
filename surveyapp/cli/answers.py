"""Answers as files: import what was gathered elsewhere, export where the round's promise allows it."""

import io
from pathlib import Path

import click

from surveyapp.cli.main import BadInput, CannotDo, application, command
from surveyapp.database import db, start_writing


@command.group()
def answers() -> None:
    """Answers as CSV files."""


@answers.command("import")
@click.argument("key", metavar="ROUND")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, store nothing.")
@click.option("--again", is_flag=True, help="Take a file that was imported before.")
def import_(key: str, file: Path, dry_run: bool, again: bool) -> None:
    """Imports answers into an open round: all or nothing."""
    from surveyapp.answering.importing import Refused, import_answers
    from surveyapp.cli.rounds import find

    with application():
        start_writing()
        try:
            taken = import_answers(find(key), file, again=again)
        except Refused as refused:
            for fault in refused.faults:
                click.echo(f"{file}: {fault}", err=True)
            raise BadInput(f"{file}: nothing was imported") from refused
        if dry_run:
            db.session.rollback()
            click.echo(f"{taken.rows} people could be imported{_empty(taken.empty)}; nothing was stored")
        else:
            db.session.commit()
            click.echo(f"{taken.rows} people imported{_empty(taken.empty)}")


def _empty(rows: int) -> str:
    """Rows without one answer are stored, and are not among those who took part."""
    return f" ({rows} of them answered nothing)" if rows else ""


@answers.command()
@click.argument("key", metavar="ROUND")
@click.option("--output", required=True, type=click.Path(path_type=Path, dir_okay=False))
def export(key: str, output: Path) -> None:
    """Exports the answers of a closed round whose promise said so."""
    from surveyapp.answering.exporting import NotAllowed, write_answers
    from surveyapp.cli.rounds import find, shown

    with application():
        rows = io.StringIO(newline="")
        try:
            written = write_answers(find(key), rows)
        except NotAllowed as error:
            raise CannotDo(str(error)) from error
        shown(key)  # whoever has the answers has seen results
        output.write_text(rows.getvalue(), encoding="utf-8", newline="")  # only now: a refusal spoils no file
        click.echo(f"{written} rows")
