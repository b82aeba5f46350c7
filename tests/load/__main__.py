"""Respondents walk the whole path against `surveyapp serve`; exit 1 when a bar is missed. Loopback only."""

import argparse
import sys
from collections.abc import Callable

from surveyapp import catalogues
from tests.load.databases import KINDS
from tests.load.measuring import measure
from tests.load.printing import lines


def count(most: int) -> Callable[[str], int]:
    """Reads an option from 1 to `most`."""

    def read(text: str) -> int:
        number = int(text)
        if not 1 <= number <= most:
            raise argparse.ArgumentTypeError(f"1 to {most}")
        return number

    return read


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--people", type=count(20_000), default=400, help="who complete, per database")
    parser.add_argument("--concurrency", type=count(200), default=16, help="how many at a time")
    parser.add_argument("--only", choices=list(KINDS), help="one database instead of both")
    chosen = parser.parse_args()
    catalogues.compile_all()
    missed = False
    for name in [chosen.only] if chosen.only else KINDS:
        measured = measure(KINDS[name](), chosen.people, chosen.concurrency)
        print("\n".join(lines(name, measured, chosen.concurrency)), flush=True)
        missed = missed or bool(measured.missed())
    return 1 if missed else 0


sys.exit(main())
