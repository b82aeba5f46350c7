"""What a round asked, in every language it offered: fixed at opening, read by all that follows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from surveyapp.benchmark.freezing import from_data, to_data
from surveyapp.benchmark.model import Benchmark, Question

DONT_KNOW = "dk"
NOT_FOR_ME = "na"


# One object per content and told apart as such (eq=False), so that pages built from it can be cached
@dataclass(frozen=True, eq=False)
class Frozen:
    """A benchmark reduced to a round's factors and groups, and `wording[language][content key]`."""

    benchmark: Benchmark
    wording: Mapping[str, Mapping[str, str]]

    def text(self, key: str, language: str) -> str:
        """The words of a content key in a language; the source's own where the round lacks that language.

        Raises KeyError for a key the content does not have.
        """
        words = self.wording.get(language) or self.wording[self.benchmark.source_language]
        return words[key]

    def choices(self, question: Question | None) -> tuple[str, ...]:
        """Codes that may be stored for a question (None: an overall statement), I don't know and not for me last."""
        options = (
            self.benchmark.choices[question.choices].options
            if question and question.choices
            else self.benchmark.scale.standard.steps
        )
        extra = (DONT_KNOW, NOT_FOR_ME) if question and question.not_for_me else (DONT_KNOW,)
        return (*(str(option.code) for option in options), *extra)

    def questionnaire(self, group: str, short: bool = False) -> dict[str, tuple[str, ...]]:
        """Every key the group is asked, with the codes it takes: concrete questions first, the statement last."""
        asked: dict[str, tuple[str, ...]] = {}
        for factor in self.benchmark.order(group, short):
            for question in self.benchmark.asked(factor, group, short):
                asked[question.key] = self.choices(question)
            if self.benchmark.rates(factor, group):
                asked[factor] = self.choices(None)
        return asked


def freeze(benchmark: Benchmark, wording: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """Plain data to store; `thaw` reads it back."""
    return {"benchmark": to_data(benchmark), "wording": {tag: dict(words) for tag, words in wording.items()}}


def thaw(data: Mapping[str, Any]) -> Frozen:
    return Frozen(from_data(data["benchmark"]), data["wording"])


def content_hash(data: Mapping[str, Any]) -> str:
    """SHA-256 of the content, the same for the same words."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
