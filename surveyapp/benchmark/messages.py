"""Every text of a benchmark that anybody is shown, under a key that stays when the words change."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from surveyapp.benchmark.model import Benchmark, KeyFactor, Wording

PLAIN = "Plain language, CEFR level A2: short sentence, common words, one idea, no passive, no negation."


class Message(NamedTuple):
    """A text to translate; `key` serves as gettext context, `comment` says where the text is shown."""

    key: str
    text: str
    comment: str


def messages(benchmark: Benchmark) -> Iterator[Message]:
    """All texts, in the pack's order. Comments end with the glossary's notes on the words in the text."""
    notes = {
        re.compile(rf"\b{re.escape(word)}", re.IGNORECASE): f"{word}: {note}"
        for word, note in benchmark.glossary.items()
    }
    for key, text, comment in _texts(benchmark):
        found = [note for pattern, note in notes.items() if pattern.search(text)]
        yield Message(key, text, "\n".join([comment, *found]))


def _texts(benchmark: Benchmark) -> Iterator[tuple[str, str, str]]:
    yield "title", benchmark.title, "Name of the benchmark."
    yield (
        "standard",
        benchmark.standard,
        "The aim that all key factors serve; shown to staff and in the report.",
    )
    yield "context", benchmark.context, f"Shown to everyone above the questions. {PLAIN}"
    yield (
        "inspiration",
        benchmark.inspiration,
        "Where the benchmark comes from; shown to staff and in the report.",
    )
    yield from _wording("scale.standard", benchmark.scale.standard, "Answer scale for professionals.")
    if benchmark.scale.plain:
        yield from _wording("scale.plain", benchmark.scale.plain, f"Answer scale. {PLAIN}")
    for name, choices in benchmark.choices.items():
        for option in choices.options:
            comment = f"Answer to choose, one of the list “{name}”; all groups see it. {PLAIN}"
            yield f"choices.{name}.{option.code}", option.label, comment
            if option.note:
                yield f"choices.{name}.{option.code}.note", option.note, f"Explains “{option.label}”."
        yield f"choices.{name}.dk", choices.dont_know, f"Last answer of the list “{name}”."
    for group in benchmark.groups:
        yield f"group.{group.key}", group.name, "Name of a stakeholder group; a heading in tables and charts."
        yield f"group.{group.key}.role", group.role, f"Says who belongs to the group “{group.name}”."
    for factor in benchmark.factors:
        yield from _factor(benchmark, factor)
    for closing in benchmark.closing:
        yield f"closing.{closing.key}", closing.text, "Open question at the end, to professionals."
        if closing.plain_text:
            yield f"closing.{closing.key}.plain", closing.plain_text, f"Open question at the end. {PLAIN}"
    for context in benchmark.context_factors:
        yield f"context_factor.{context.key}", context.title, "Title of a context factor; staff and report."
        yield (
            f"context_factor.{context.key}.text",
            context.text,
            f"Explains “{context.title}”; staff and report.",
        )


def _wording(prefix: str, wording: Wording, comment: str) -> Iterator[tuple[str, str, str]]:
    labels = " / ".join(step.label for step in reversed(wording.steps))
    yield f"{prefix}.stem", wording.stem, f"{comment} The question above the overall statement."
    for step in wording.steps:
        yield f"{prefix}.{step.code}", step.label, f"{comment} One step; translate as a set: {labels}."
        if step.note:
            yield f"{prefix}.{step.code}.note", step.note, f"{comment} Explains “{step.label}”."
    yield f"{prefix}.dk", wording.dont_know, f"{comment} Beside the steps, for those who cannot judge."
    yield (
        f"{prefix}.na",
        wording.not_for_me,
        f"{comment} Beside the steps, where a question may not concern someone.",
    )


def _factor(benchmark: Benchmark, factor: KeyFactor) -> Iterator[tuple[str, str, str]]:
    key, about = factor.key, f"Key factor “{factor.title}”"
    yield (
        f"{key}.title",
        factor.title,
        "Title of a key factor: heading of a page, row of a table; keep it short.",
    )
    yield f"{key}.statement", factor.statement, f"{about}: the overall statement that professionals rate."
    if factor.plain_statement:
        comment = f"{about}: the overall statement in plain language. {PLAIN}"
        yield f"{key}.plain_statement", factor.plain_statement, comment
    if factor.reason:
        comment = f"{about}: answers “Why do you ask this?” above its questions; all groups see it. {PLAIN}"
        yield f"{key}.reason", factor.reason, comment
    yield f"{key}.why", factor.why, f"{about}: why it matters; staff and report."
    for number, guide in enumerate(factor.guide_questions, 1):
        yield f"{key}.guide.{number}", guide.text, f"{about}: guide question {guide.key}; staff and report."
        for place, part in enumerate(guide.parts, 1):
            yield f"{key}.guide.{number}.part.{place}", part, f"{about}: part of guide question {guide.key}."
    for number, example in enumerate(factor.examples, 1):
        yield (
            f"{key}.example.{number}",
            example.text,
            f"{about}: example from {example.place}; staff and report.",
        )
        yield f"{key}.example.{number}.place", example.place, f"{about}: where the example comes from."
    for group in benchmark.groups:
        comment = f"{about}: question to the group “{group.name}”."
        if group.voice == "plain":
            comment = f"{comment} {PLAIN}"
        for question in benchmark.asked(key, group.key):
            yield question.key, question.text, comment
