"""A pack of nine statements and nothing else, for answers that were gathered with another questionnaire."""

from pathlib import Path

GROUPS = {"city": "organisations", "providers": "organisations", "learners": "persons"}
FACTORS = tuple(f"f{number}" for number in range(1, 10))
HEAD = """
key = "reading"
version = 1
status = "published"
source_language = "en"
title = "Reading"
standard = "Everyone reads."
context = "How do you like to read?"
inspiration = "Made up for the tests."
self_group = "city"
factors = [{factors}]

[scale.standard]
stem = "How far do you agree?"
steps = [
  {{ code = 0, label = "Not at all" }},
  {{ code = 1, label = "A little" }},
  {{ code = 2, label = "Mostly" }},
  {{ code = 3, label = "Fully" }},
]
dont_know = "I don't know"
not_for_me = "Not for me"
"""
GROUP = '[[groups]]\nkey = "{key}"\nname = "{key}"\nkind = "{kind}"\nrole = "Readers."\n'
FACTOR = 'key = "{key}"\ntitle = "{key}"\nstatement = "Statement {key}."\nwhy = "To see."\n'
ROUND = """
city = "Readville"
title = "All of them"
id = "reading"
benchmark = "reading-1"
threshold = {threshold}
answers_export = {export}
"""


def write_pack(folder: Path) -> Path:
    """Writes the pack `reading-1` into a folder."""
    pack = folder / "reading-1"
    (pack / "factors").mkdir(parents=True)
    head = HEAD.format(factors=", ".join(f'"{key}"' for key in FACTORS))
    groups = [GROUP.format(key=key, kind=kind) for key, kind in GROUPS.items()]
    (pack / "benchmark.toml").write_text("\n".join([head, *groups]))
    parts = "".join(f'[groups.{key}]\nfit = "core"\n' for key in GROUPS)
    for key in FACTORS:
        (pack / "factors" / f"{key}.toml").write_text(FACTOR.format(key=key) + parts)
    return pack


def write_round(folder: Path, threshold: int = 5, export: bool = False) -> Path:
    """Writes the pack and, beside it, a round that asks all of it; returns the round's file."""
    write_pack(folder)
    file = folder / "round.toml"
    file.write_text(ROUND.format(threshold=threshold, export=str(export).lower()))
    return file
