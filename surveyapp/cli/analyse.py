"""`surveyapp analyse`: findings from counts that people bring themselves. No database, no setting."""

import json
import sys
from pathlib import Path

import click

from surveyapp.analysis.counts import CountTable, InputError
from surveyapp.analysis.findings import exact_findings, findings
from surveyapp.cli.main import BadInput, command


@command.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--exact", is_flag=True, help="Unrounded, from the raw counts: for your own eyes.")
def analyse(file: Path, exact: bool) -> None:
    """Findings from a JSON file of counts, in the form that `surveyapp findings` gives."""
    try:
        sent = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        table = CountTable.from_json(json.loads(sent.decode("utf-8-sig")))
    except FileNotFoundError as error:
        raise BadInput(f"{file}: no such file") from error
    except IsADirectoryError as error:
        raise BadInput(f"{file}: is a folder") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: not UTF-8 at byte {error.start}") from error
    except RecursionError as error:
        raise BadInput(f"{file}: nested too deep") from error
    except json.JSONDecodeError as error:
        raise BadInput(f"{file}: line {error.lineno}, column {error.colno}: not JSON: {error.msg}") from error
    except InputError as error:
        raise BadInput(f"{file}: {error}") from error
    except ValueError as error:  # Python reads no number of more than 4300 digits
        raise BadInput(f"{file}: a number in it has too many digits") from error
    found = exact_findings(table) if exact else findings(table)
    # Letters beyond ASCII are escaped: the names are the caller's, and a terminal may lack their letters
    click.echo(json.dumps(found.as_json(), indent=1))
