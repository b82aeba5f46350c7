"""Privacy on the command line: whether the promise holds, and deleting what has had its time."""

import click

from surveyapp.cli.main import CannotDo, application, command
from surveyapp.database import db, start_writing
from surveyapp.models import Round

WORDS = {"holds": "holds", "fails": "FAILS", "later": "after closing", "note": "note"}
WHAT = {"contacts": "names and addresses", "comments": "comments"}


@command.command()
@click.argument("key", metavar="ROUND")
def privacy(key: str) -> None:
    """Looks up in the live database whether anything leads from an answer to a person; exit 1 if something does."""
    from surveyapp.cli.rounds import find
    from surveyapp.privacy.proof import prove
    from surveyapp.privacy.retention import today

    with application():
        lines = prove(find(key))
        click.echo(f"{key}, checked on {today()}")
        for line in lines:
            click.echo(f"{WORDS[line.state]}: {line.text}")
        failed = sum(line.state == "fails" for line in lines)
        if failed:
            raise CannotDo(f"{failed} of {len(lines)} checks failed")


@command.command()
@click.option("--dry-run", is_flag=True, help="List what would go and when, delete nothing.")
def retention(dry_run: bool) -> None:
    """Deletes addresses and comments whose time is over; the worker does the same by itself."""
    from surveyapp.privacy.retention import (
        clear_remains,
        delete_what_is_due,
        plan,
        rounds_to_look_at,
        today,
    )

    with application():
        rounds = rounds_to_look_at()
        if dry_run:
            for due in plan(rounds):
                click.echo(f"{due.on}\t{due.round_.key}\t{due.rows} {WHAT[due.what]}")
            return
        ids = [round_.id for round_ in rounds]
        deleted = 0
        for round_id in ids:
            start_writing()
            round_ = db.session.get_one(Round, round_id)
            gone = delete_what_is_due(round_, today())
            db.session.commit()
            for what, rows in gone.items():
                deleted += rows
                click.echo(f"{round_.key}: {rows} {WHAT[what]} deleted")
        if deleted:
            clear_remains()
