"""The codebook: every column, measure, code, key and wording that the figures of a round use, one a line."""

import csv
from collections.abc import Iterator
from pathlib import Path

from surveyapp.models.figures import table
from surveyapp.models.perspectives import RoundPerspectives

# What is the same in every round, columns included: written by hand
CODES = Path(__file__).with_name("codes.csv")

Entry = tuple[str, str, str, str, str, str]


def codebook_csv(told: RoundPerspectives) -> str:
    """Content stands in the language in which the benchmark was written. A mark has spreadsheets read it as UTF-8."""
    with CODES.open(encoding="utf-8", newline="") as file:
        return "\ufeff" + table([*csv.reader(file), *_content(told)])


def _content(told: RoundPerspectives) -> Iterator[Entry]:
    """(kind, key, of, meaning, values, rounding) of what this round asked."""
    frozen, benchmark = told.frozen, told.frozen.benchmark

    def text(key: str) -> str:
        return frozen.text(key, benchmark.source_language)

    for group in told.round_.groups:
        yield "group", group.key, "", text(f"group.{group.key}"), group.kind, ""
    for voice in ("standard", "plain") if benchmark.scale.plain else ("standard",):
        for code in range(benchmark.scale.size):
            yield "step", f"share_{code}", voice, text(f"scale.{voice}.{code}"), "", ""
    for factor in told.findings.factors:
        yield "factor", factor, "", text(f"{factor}.title"), "", ""
        for key in told.groups:
            if benchmark.rates(factor, key):
                yield "statement", factor, key, text(benchmark.statement_key(factor, key)), "scale", ""
        for key in told.groups:
            for question in benchmark.asked(factor, key, key in told.short):
                answers = f"options {question.choices}" if question.choices else "scale"
                yield "question", question.key, f"{factor} {key}", text(question.key), answers, ""
    for key, choices in benchmark.choices.items():
        for option in choices.options:
            yield "option", f"share_{option.code}", key, text(f"choices.{key}.{option.code}"), "", ""
