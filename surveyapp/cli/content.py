"""Content and words: benchmark check, translations."""

from pathlib import Path

import click

from surveyapp.cli.main import BadInput, command
from surveyapp.config import data_folder, is_language
from surveyapp.i18n import CATALOGUES, SOURCE, catalogues_of


@command.group()
def benchmark() -> None:
    """Benchmark packs."""


@benchmark.command("check")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def benchmark_check(folder: Path | None) -> None:
    """Validates a pack, or all that come with the program: every fault with file and key."""
    from surveyapp.benchmark import check, find_packs

    if folder is not None and not folder.is_dir():
        raise BadInput(f"{folder}: no such folder")
    packs = [folder] if folder else list(find_packs(data_folder("benchmark")))
    faults = [fault for pack in packs for fault in check(pack)]
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        raise click.exceptions.Exit(2)
    click.echo(f"{len(packs)} pack(s) without fault")


@command.group()
def translations() -> None:
    """The four catalogues: benchmark, answering, report, staff."""


@translations.command()
def extract() -> None:
    """Says how many strings each catalogue has."""
    from surveyapp.catalogues import gather

    for domain, catalogue in gather().items():
        click.echo(f"{domain}: {len(catalogue)} strings")


@translations.command()
@click.argument("languages", nargs=-1)
def update(languages: tuple[str, ...]) -> None:
    """Brings catalogues up to date with the sources; a language named for the first time is begun."""
    from surveyapp import catalogues

    for language in languages:
        if not is_language(language):
            raise BadInput(f"{language!r} is no language: a code such as fr is needed")
    for language in languages or catalogues.languages():
        for path in catalogues.update(language):
            click.echo(path)


@translations.command("compile")
def compile_() -> None:
    """Writes the .mo files that the pages read."""
    from surveyapp.catalogues import compile_all

    click.echo(f"{len(compile_all())} catalogues compiled")


@translations.command("check")
def check_() -> None:
    """Names every missing, outdated or broken string of a language that is said to be complete."""
    from surveyapp.catalogues import check

    faults = check()
    for fault in faults:
        click.echo(str(fault), err=True)
    if faults:
        raise click.exceptions.Exit(1)
    click.echo("All languages said to be complete are.")


@translations.command("export")
@click.argument("language")
@click.option("--format", "format_", type=click.Choice(["po", "xliff"]), default="po", show_default=True)
@click.option(
    "--catalogue", type=click.Choice(CATALOGUES), help="One only; all that the language has without it."
)
@click.option("--output", type=click.Path(path_type=Path), required=True)
def export_(language: str, format_: str, catalogue: str | None, output: Path) -> None:
    """Writes a language's strings for translators: PO (several as a zip), or one file of XLIFF 2."""
    from surveyapp import catalogues
    from surveyapp.progress import says_draft
    from surveyapp.translating import po, xliff

    if not is_language(language) or language == SOURCE:
        raise BadInput(f"{language!r} is no language to translate into: a code such as fr is needed")
    wanted = (catalogue,) if catalogue else catalogues_of(language)
    sources = {domain: each for domain, each in catalogues.gather().items() if domain in wanted}
    told = catalogues.up_to_date(language, sources)
    if format_ == "xliff":
        written = xliff.xliff(language, told, reviewed=not says_draft(language))
    else:
        written = catalogues.po(told[catalogue]) if catalogue else po.packed(language, told)
    output.write_bytes(written)
    click.echo(f"{output}: {sum(len(each) for each in told.values())} strings")


@translations.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Says what would be taken, and changes nothing.")
def import_(file: Path, dry_run: bool) -> None:
    """Takes translations from PO or XLIFF 2: the good strings; every other one is named."""
    from surveyapp.translating.exchange import Unreadable
    from surveyapp.translating.taking import read, take

    try:
        outcome = take(read(file), dry_run)
    except Unreadable as fault:
        raise BadInput(f"{file}: {fault}") from None
    for refused in outcome.refused:
        click.echo(str(refused), err=True)
    click.echo(
        f"{outcome.language}: {outcome.taken} new or changed, {outcome.unchanged} as they were, "
        f"{outcome.empty} still empty, {len(outcome.refused)} refused"
    )
    if outcome.refused:
        raise click.exceptions.Exit(1)
