"""What stands in the sheets of the workbook, row by row, in the words of page and report."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import current_app, render_template
from flask_babel import gettext as _
from markupsafe import Markup

from surveyapp.analysis.disclosure import TooFewAnswers
from surveyapp.analysis.perspective import Perspective
from surveyapp.analysis.question import Choice
from surveyapp.analysis.rounding import Share
from surveyapp.analysis.rules import RULES, Rules
from surveyapp.benchmark.model import Question
from surveyapp.charts.agenda import point
from surveyapp.charts.alone import Alone, alone
from surveyapp.charts.matrix import Cell, matrix
from surveyapp.charts.words import Words
from surveyapp.models.comments import Released
from surveyapp.models.counts import LeftOut
from surveyapp.models.perspectives import QuestionView, RoundPerspectives
from surveyapp.models.translation import draft_for

BLOCK = re.compile(r"<(h1|h2|p|li|tr)\b[^>]*>(.*?)</\1>", re.DOTALL)
TABLE_CELL = re.compile(r"<(t[hd])\b[^>]*>(.*?)</\1>", re.DOTALL)


class Percent(NamedTuple):
    """A rounded share as a number from 0 to 1."""

    value: float


Content = str | int | Percent | None
Row = list[Content]


@dataclass(frozen=True)
class Method:
    """What the chapter on the method needs to know, as in the report."""

    alone: Alone | None
    comments: Mapping[str, tuple[Released, ...]]
    left_out: tuple[LeftOut, ...]
    draft_translation: bool
    asked_in_language: bool
    rules: Rules = RULES


class Phrases:
    """The macros that word a figure on page and report, as plain text."""

    def __init__(self, words: Words) -> None:
        templates = (
            current_app.jinja_env.get_template(f"charts/{name}.html").make_module({"words": words})
            for name in ("words", "reasons")
        )
        self._words, self._reasons = templates

    def __call__(self, name: str, told: object) -> str:
        """`share`, `number`, `level`, `empty`, `sign` or `sentence`."""
        module: Any = self._reasons if name in ("sign", "sentence") else self._words
        return Markup(getattr(module, name)(told)).striptags()  # noqa: S704  (our own templates)

    def share(self, told: Share | None) -> Content:
        """A number where a plain percentage is told, else words: an end or the word of a small group."""
        if told is None:
            return None
        return Percent(told.percent / 100) if str(told.text)[0].isdigit() else self("share", told)

    def number(self, told: int | str) -> Content:
        return told if isinstance(told, int) else self("number", told)


def overview(told: RoundPerspectives, words: Words, phrases: Phrases) -> Iterator[Row]:
    """Who says that it is in place: a row for each factor, a column for each group."""
    yield [words.top()]
    yield [_("Factor"), *map(words.group, told.groups)]
    for row in matrix(told.findings, told.frozen.benchmark):
        yield [words.factor(row.factor), *(_in_place(cell, phrases) for cell in row.cells)]


def _in_place(cell: Cell, phrases: Phrases) -> Content:
    if cell.empty:
        return phrases("empty", cell.empty)
    return phrases.share(cell.view.in_place) if cell.view else None


def factors(told: RoundPerspectives, words: Words, phrases: Phrases) -> Iterator[Row]:
    """A row for each group on each factor; what the factor says stands in its first."""
    codes = list(reversed(range(told.frozen.benchmark.scale.size)))
    yield [_("Factor"), _("How sure"), _("What this means"), _("Group"), _("Answered"),
           _("Middle answer of each group"), words.top(), words.text("scale.standard.dk"),
           *map(words.step, codes)]  # fmt: skip
    for row in matrix(told.findings, told.frozen.benchmark):
        talk = point(told.findings.factors[row.factor])
        finding: Row = [phrases("sign", talk), phrases("sentence", talk)]
        for cell in row.cells:
            group = (
                f"{words.group(cell.group)} · {_('partial view')}"
                if cell.partial
                else words.group(cell.group)
            )
            yield [words.factor(row.factor), *finding, group, *_level(cell, codes, phrases)]
            finding = [None, None]


def _level(cell: Cell, codes: list[int], phrases: Phrases) -> Row:
    view = cell.view
    if view is None:
        return [None, phrases("empty", cell.empty)]
    middle = phrases("empty", cell.empty) if cell.empty else view.median and phrases("level", view)
    shares = [phrases.share(view.chart[code]) for code in codes] if view.chart else []
    return [phrases.number(view.answered), middle or None, phrases.share(view.in_place),
            phrases.share(view.dont_know), *shares]  # fmt: skip


def questions(told: RoundPerspectives, words: Words, phrases: Phrases) -> Iterator[Row]:
    """A row for each answer that could be given to each concrete question, in the words each group read."""
    yield [_("Factor"), _("Group"), _("All questions"), _("Answered"), _("Answers"), "%"]
    for factor in told.findings.factors:
        asked = {question.key: question for group in told.groups
                 for question in told.frozen.benchmark.asked(factor, group)}  # fmt: skip
        for (group, key), view in told.of_factor(factor):
            where = [words.factor(factor), words.group(group), words.text(key)]
            if isinstance(view, TooFewAnswers):
                state = "no_answers" if view.label == "no_answers" else "too_few"
                yield [*where, None, phrases("empty", state)]
                continue
            for answer, share in _answers(group, asked[key], view, words, phrases):
                yield [*where, phrases.number(view.answered), answer, phrases.share(share)]


def _answers(
    group: str, question: Question, view: QuestionView, words: Words, phrases: Phrases
) -> Iterator[tuple[str, Share | None]]:
    if isinstance(view, Choice):
        for code, share in enumerate(view.options or ()):
            yield words.choice(question, code), share
        if not view.options:
            yield _("Few answers: not shown"), None
        yield words.text(f"choices.{question.choices}.dk"), view.dont_know
    elif isinstance(view, Perspective):
        yield (words.top(group), view.in_place) if view.in_place else (phrases("empty", "cannot_judge"), None)
        for code, share in reversed(list(enumerate(view.chart or ()))):
            yield words.step(code, group), share
        yield words.text("scale.standard.dk"), view.dont_know


def comments(told: RoundPerspectives, words: Words, phrases: Phrases) -> Iterator[Row]:
    """Released comments, in their random order."""
    yield [_("Factor"), _("Group"), _("In people’s own words"), _("Translation")]
    factors = told.findings.factors
    for question, released in told.comments.items():
        about = words.factor(question) if question in factors else words.text(f"closing.{question}")
        for one in released:
            group = words.group(one.group) if one.group else _("Smaller groups")
            shortened = f" · {_('shortened')}" if one.shortened else ""
            translated = (
                one.translation
                and f"{words.language_name(one.translation_language or '')}: {one.translation}"
            )
            yield [about, group + shortened, one.text, translated or None]


def method(told: RoundPerspectives, words: Words, phrases: Phrases) -> Iterator[Row]:
    """The chapter of the report: which round this is, how it was asked and counted."""
    round_ = told.round_
    about = Method(
        alone=alone(told.findings),
        comments=told.comments,
        left_out=told.left_out,
        draft_translation=draft_for(round_.city, words.language),
        asked_in_language=words.language in told.frozen.wording,
    )
    page = render_template("charts/method.html", document=about, words=words, round=round_)
    title, *blocks = BLOCK.findall(page)
    yield [_plain(title[1])]
    version = (
        _("version %(number)s", number=words.number(told.version.number)) if told.version else _("draft")
    )
    day = words.date(told.version.made_on if told.version else round_.closed_on)  # type: ignore[arg-type]
    yield [_("%(city)s, %(title)s. %(edition)s, %(version)s, %(day)s, snapshot %(snapshot)s.", city=round_.city.name,
             title=told.prose.title, edition=_("Public edition"), version=version, day=day,
             snapshot=told.snapshot)]  # fmt: skip
    if round_.city.invented:
        yield [_("Sample: everything is invented.")]
    for _tag, inner in blocks:
        yield [_plain(cell) for _cell, cell in TABLE_CELL.findall(inner)] or [_plain(inner)]


def _plain(html: str) -> str:
    return Markup(html).striptags()  # noqa: S704  (stripped to text at once)
