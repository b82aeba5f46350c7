"""Running the service: serve, worker, migrate, demo, doctor, user."""

import click

from surveyapp.cli.main import BadInput, CannotDo, application, command, queue_fault, settings


@command.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--no-worker", is_flag=True, help="Run `surveyapp worker` apart.")
@click.option("--migrate", "migrate_first", is_flag=True, help="Bring the database up to date first.")
def serve(port: int, host: str, workers: int, no_worker: bool, migrate_first: bool) -> None:
    """Serves the pages, and runs the job worker beside them."""
    missing = settings().missing_for_production()
    if missing and not settings().demo:
        raise CannotDo(
            f"not set: {', '.join(missing)}: each needs a long random value, for example of `openssl rand -hex 32`"
        )
    if migrate_first:
        _migrate()
    with application() as app:  # says at once, and once, when the database is not migrated
        if fault := queue_fault(app):
            raise CannotDo(fault)
    from surveyapp.cli.server import run

    run(host=host, port=port, workers=workers, with_worker=not no_worker)


@command.command()
def worker() -> None:
    """Runs the job worker: reports, and whatever else takes longer than a page."""
    from surveyapp.cli.server import run_worker

    with application() as app:
        if fault := queue_fault(app):
            raise CannotDo(fault)
        run_worker(app)


@command.command()
def migrate() -> None:
    """Sets up the database, or brings it up to date."""
    _migrate()


def _migrate() -> None:
    from flask_migrate import upgrade

    with application(migrated=False):
        upgrade()


@command.command()
def demo() -> None:
    """Loads the sample city, Example City, into an empty database."""
    from surveyapp.demo.sample import NotEmpty, load_sample

    with application():
        try:
            load_sample()
        except NotEmpty as error:
            raise CannotDo(str(error)) from error
    click.echo("Example City is there: a closed round, and one that is open.")


@command.command()
def doctor() -> None:
    """Checks settings, database, queue, mail, PDF libraries and fonts; one line per fault."""
    from surveyapp.cli.doctor import examine

    faults = examine()
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo("All is well.")


@command.group()
def user() -> None:
    """People who run surveys."""


@user.command("add")
@click.argument("email")
@click.option("--city", required=True)
@click.option(
    "--role",
    default="lead",
    show_default=True,
    type=click.Choice(["lead", "viewer", "facilitator", "translator"]),
)
def user_add(email: str, city: str, role: str) -> None:
    """Lets somebody into a city's workspace and prints a link to sign in."""
    from surveyapp.accounts.actions import NoAddress, add_member
    from surveyapp.accounts.links import sign_in_link
    from surveyapp.extensions import db, start_writing

    if not city.strip():
        raise BadInput("--city: the name of a city is needed")
    with application():
        start_writing()
        try:
            member = add_member(email, city, role)
        except NoAddress as error:
            raise BadInput(f"{email}: {error}") from error
        db.session.commit()
        click.echo(sign_in_link(member))


@user.command("reset")
@click.argument("email")
def user_reset(email: str) -> None:
    """Takes password, codes and passkeys from somebody who lost them; prints a link to sign in."""
    from surveyapp.accounts.actions import NoAddress, reset
    from surveyapp.accounts.links import sign_in_link
    from surveyapp.extensions import db, start_writing

    with application():
        start_writing()
        try:
            member = reset(email)
        except NoAddress as error:
            raise BadInput(f"{email}: {error}") from error
        db.session.commit()
        click.echo(sign_in_link(member))
