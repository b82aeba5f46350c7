"""Rounds and what comes of them: round add, open, close, list; findings; report; tally check."""

from pathlib import Path
from typing import Literal

import click
from sqlalchemy import select

from surveyapp.cli.main import BadInput, CannotDo, application, command
from surveyapp.database import db, start_writing
from surveyapp.models import Assessment, City, Round
from surveyapp.models.audit import SYSTEM, record
from surveyapp.models.report import REPORT_KINDS


@command.group("round")
def round_() -> None:
    """Rounds: one asking of the groups each."""


@round_.command("add")
@click.argument("file", type=click.Path(path_type=Path))
def add(file: Path) -> None:
    """Adds a draft round from a TOML file and prints its id."""
    from surveyapp.assessments.actions import CannotMove, add_round
    from surveyapp.assessments.plan import PlanError, read_plan

    with application() as app:
        start_writing()
        try:
            added = add_round(read_plan(file, app.config["LANGUAGES"]))
        except PlanError as error:
            raise BadInput(str(error)) from error
        except CannotMove as error:
            raise CannotDo(str(error)) from error
        db.session.commit()
        click.echo(added.key)


@round_.command("open")
@click.argument("key", metavar="ROUND")
def open_(key: str) -> None:
    """Freezes what the round asks, in every language, and lets answers in."""
    from surveyapp.assessments.actions import CannotMove, open_round
    from surveyapp.benchmark import PackFaults

    with application():
        start_writing()
        opening = find(key)
        try:
            open_round(opening)
        except CannotMove as error:
            raise CannotDo(str(error)) from error
        except PackFaults as error:
            raise BadInput(str(error)) from error
        record(opening, SYSTEM, "round.opened")
        db.session.commit()
        click.echo(f"{key} is open")


@round_.command()
@click.argument("key", metavar="ROUND")
def close(key: str) -> None:
    """Ends answering; drafts that were not sent are deleted."""
    from surveyapp.assessments.actions import CannotMove, close_round, sweep_remains

    with application():
        start_writing()
        closing = find(key)
        try:
            close_round(closing)
        except CannotMove as error:
            raise CannotDo(str(error)) from error
        record(closing, SYSTEM, "round.closed")
        db.session.commit()
        sweep_remains()
        click.echo(f"{key} is closed; {closing.unsent_drafts} unsent drafts deleted")


@round_.command("list")
def list_() -> None:
    """All rounds: id, state, city, title."""
    with application():
        for found in db.session.scalars(
            select(Round).join(Assessment).join(City).order_by(City.name, Round.id)
        ):
            click.echo(f"{found.key}\t{found.state}\t{found.city.name}\t{found.title}")


@command.command()
@click.argument("key", metavar="ROUND")
@click.option("--format", "form", default="json", show_default=True, type=click.Choice(["json", "csv"]))
def findings(key: str, form: str) -> None:
    """Findings of a closed round, exactly as the public edition shows them."""
    from surveyapp.models.figures import figures_csv, figures_json
    from surveyapp.models.perspectives import RoundNotClosed, round_perspectives

    with application():
        try:
            told = round_perspectives(shown(key))
            click.echo(figures_json(told) if form == "json" else figures_csv(told), nl=False)
        except RoundNotClosed as error:
            raise CannotDo(str(error)) from error


@command.command()
@click.argument("key", metavar="ROUND")
@click.option("--language", default="en", show_default=True)
@click.option("--edition", default="public", show_default=True, type=click.Choice(["public", "internal"]))
@click.option("--kind", default="report", show_default=True, type=click.Choice(REPORT_KINDS))
@click.option(
    "--version", "number", type=click.IntRange(min=0), help="0 is the draft; the last one unless named."
)
@click.option("--output", required=True, type=click.Path(path_type=Path, dir_okay=False))
def report(
    key: str,
    language: str,
    edition: Literal["public", "internal"],
    kind: str,
    number: int | None,
    output: Path,
) -> None:
    """The consolidated report of a closed round as PDF, or its leaflet or sheets for the workshop."""
    from surveyapp.models.perspectives import RoundNotClosed
    from surveyapp.models.report import latest_version, version_of
    from surveyapp.pdf import PdfUnavailable
    from surveyapp.reports.actions import render

    with application() as app:
        if language not in app.config["LANGUAGES"]:
            raise BadInput(f"--language: {language!r} is none of {', '.join(app.config['LANGUAGES'])}")
        try:
            told = shown(key)
            version = latest_version(told) if number is None else version_of(told, number)
            pdf = render(told, version, kind, language, edition)
        except LookupError as error:
            raise BadInput(f"--version: {error}") from error
        except (RoundNotClosed, PdfUnavailable) as error:
            raise CannotDo(str(error)) from error
        output.write_bytes(pdf)


@command.group()
def tally() -> None:
    """The counters that findings are made from."""


@tally.command("check")
@click.option("--repair", is_flag=True, help="Write the recount in place of the counters.")
def tally_check(repair: bool) -> None:
    """Counts all answers again and compares."""
    from surveyapp.models.counts import mend, off

    with application():
        if repair:
            start_writing()
        stays = mended = 0
        for found in db.session.scalars(select(Round).where(Round.state != "draft")):
            wrong = off(found.id)
            names = {group.id: group.key for group in found.groups}
            for one in wrong:
                deleted = f" ({one.deleted} deleted by people themselves)" if one.deleted else ""
                click.echo(
                    f"{found.key}: group {names[one.group_id]}, batch {one.batch_id}, {one.cell[0]} = {one.cell[1]}: "
                    f"counter {one.counter}, answers {one.answers}{deleted}",
                    err=True,
                )
            for_good = [one for one in wrong if one.deleted or not repair]
            stays, mended = stays + len(for_good), mended + len(wrong) - len(for_good)
            if repair:
                mend(found.id, wrong)
        db.session.commit()
        if stays and repair:
            raise CannotDo(
                f"{stays} counters stay off: people have deleted answers there, a recount cannot tell"
            )
        if stays:
            raise CannotDo(f"{stays} counters differ from the answers: --repair writes the recount")
        click.echo(f"{mended} counters repaired" if mended else "The counters agree with the answers.")


def find(key: str) -> Round:
    found = db.session.scalar(select(Round).where(Round.key == key))
    if found is None:
        raise BadInput(f"there is no round {key}: `surveyapp round list` names them")
    return found


def shown(key: str) -> Round:
    """The round, its results open from now on: whoever reads them here has seen them. Raises RoundNotClosed."""
    from surveyapp.models.audit import SYSTEM, record
    from surveyapp.models.perspectives import show_results

    start_writing()
    found = find(key)
    if show_results(found):
        record(found, SYSTEM, "round.results_shown")
    db.session.commit()
    return found
