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
from surveyapp.config import locale_of

# How a language quotes; the rest quote as English does. Babel has no data on it.
QUOTES = {
    "ar": "«»", "fa": "«»", "ca": "«»", "it": "«»", "es": "«»", "pt": "«»", "el": "«»", "ru": "«»", "uk": "«»",
    "fr": ("«\u00a0", "\u00a0»"), "de": "„“", "cs": "„“", "sk": "„“", "sl": "„“", "bg": "„“", "lt": "„“",
    "pl": "„”", "ro": "„”", "hu": "„”", "hr": "„”", "nl": "‘’", "sv": "””", "fi": "””",
}  # fmt: skip
# Letters whose small form is another than in English
SMALL = {"tr": {"I": "ı", "İ": "i"}}


@dataclass(frozen=True)
class Words:
    frozen: Frozen
    language: str
    """Language of the page, which need not be one in which the round asked."""

    @property
    def locale(self) -> Locale:
        return locale_of(self.language)

    def text(self, key: str) -> str:
        return self.frozen.text(key, self.language)

    def optional(self, key: str) -> str:
        """A text that not every pack has; empty where it has none."""
        try:
            return self.text(key)
        except KeyError:
            return ""

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
        """Titles in a list, each in quotation marks: a title may hold an "and" of its own."""
        return self.quoted(map(self.factor, keys))

    def quoted(self, sayings: Iterable[str]) -> str:
        marks = QUOTES.get(self.locale.language, "“”")
        return self.all_of(f"{marks[0]}{words}{marks[1]}" for words in sayings)

    def language_name(self, code: str) -> str:
        """A language as this page calls it."""
        named = Locale.parse(code.replace("-", "_")).get_display_name(self.locale)
        return named or code

    def language_names(self, codes: Iterable[str]) -> str:
        return self.all_of(map(self.language_name, codes))

    def number(self, value: float) -> str:
        return format_decimal(value, locale=self.locale)

    @staticmethod
    def plural(value: float) -> int:
        """The number by which a language picks its plural form; fractions take that of a hundred."""
        return int(value) if value == int(value) else 100

    def percent(self, value: float) -> str:
        return format_percent(value / 100, locale=self.locale)

    def date(self, day: date) -> str:
        return format_date(day, "long", locale=self.locale)

    def inside(self, label: str) -> str:
        """A label in the middle of a sentence: "mostly" for "Mostly"; abbreviations stay."""
        first = SMALL.get(self.locale.language, {}).get(label[:1], label[:1].lower())
        return label if label[1:2].isupper() else first + label[1:]

    def starting(self, words: str) -> str:
        """Words at the start of a line. Unlike str.capitalize it leaves the nouns of German alone."""
        large = {small: great for great, small in SMALL.get(self.locale.language, {}).items()}
        return large.get(words[:1], words[:1].upper()) + words[1:]
