"""Content and numbers of a round in one language. Sentences are not made here: they stand in the templates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from surveyapp.benchmark.frozen import Frozen
from surveyapp.benchmark.model import Question


@dataclass(frozen=True)
class Words:
    frozen: Frozen
    language: str
    """Language of the page, which need not be one in which the round asked."""

    @property
    def locale(self) -> Locale:
        return Locale.parse(self.language, sep="-" if "-" in self.language else "_")

    def text(self, key: str) -> str:
        return self.frozen.text(key, self.language)

    def group(self, key: str) -> str:
        return self.text(f"group.{key}")

    def factor(self, key: str) -> str:
        return self.text(f"{key}.title")

    def statement(self, factor: str, group: str) -> str:
        """The overall statement in the words the group read."""
        return self.text(self.frozen.benchmark.statement_key(factor, group))

    def plain_readers(self, factor: str, groups: Iterable[str]) -> tuple[str, ...]:
        """Groups that rated the factor in other words than the professionals'."""
        benchmark, standard = self.frozen.benchmark, f"{factor}.statement"
        return tuple(
            group
            for group in groups
            if benchmark.rates(factor, group) and benchmark.statement_key(factor, group) != standard
        )

    def step(self, code: int, group: str | None = None) -> str:
        """A step of the scale as the group read it; without a group, in the voice of professionals."""
        plain = group and self.frozen.benchmark.group(group).voice == "plain"
        voice = "plain" if plain and self.frozen.benchmark.scale.plain else "standard"
        return self.text(f"scale.{voice}.{code}")

    def level(self, median: float, group: str) -> tuple[str, ...]:
        """The step of a median, or the two it lies between, higher first; `median` runs from 1 to K."""
        codes = {int(median - 1), int(median - 0.5)}
        return tuple(self.step(code, group) for code in sorted(codes, reverse=True))

    def top(self, group: str | None = None) -> str:
        """The steps that count as in place: "Fully or mostly"."""
        size = self.frozen.benchmark.scale.size
        steps = [self.step(code, group) for code in reversed(range((size + 1) // 2, size))]
        return self.any_of([steps[0], *map(self.inside, steps[1:])])

    def choice(self, question: Question, code: int) -> str:
        return self.text(f"choices.{question.choices}.{code}")

    def all_of(self, names: Iterable[str]) -> str:
        return format_list(list(names), style="standard", locale=self.locale)

    def any_of(self, names: Iterable[str]) -> str:
        return format_list(list(names), style="or", locale=self.locale)

    def groups(self, keys: Iterable[str]) -> str:
        return self.all_of(map(self.group, keys))

    def factors(self, keys: Iterable[str]) -> str:
        return self.all_of(map(self.factor, keys))

    def number(self, value: float) -> str:
        return format_decimal(value, locale=self.locale)

    def percent(self, value: float) -> str:
        return format_percent(value / 100, locale=self.locale)

    def date(self, day: date) -> str:
        return format_date(day, "long", locale=self.locale)

    @staticmethod
    def inside(label: str) -> str:
        """A label in the middle of a sentence: "mostly" for "Mostly"; abbreviations stay."""
        return label if label[1:2].isupper() else label[:1].lower() + label[1:]

    @staticmethod
    def starting(words: str) -> str:
        """Words at the start of a line. Unlike str.capitalize it leaves the nouns of German alone."""
        return words[:1].upper() + words[1:]
