"""The `surveyapp` command: what administrators and analysts script against (see the README)."""

import sys

from surveyapp.cli.main import command

__all__ = ["command", "main"]


def main() -> None:
    """Console entry: bad input is one line and exit 2, what cannot be done is one line and exit 1."""
    sys.exit(command.main(standalone_mode=True, prog_name="surveyapp"))
