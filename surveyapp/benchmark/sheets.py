"""The questionnaire of one group, page by page, built from the content: on the screen and on paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from surveyapp.benchmark.frozen import DONT_KNOW, NOT_FOR_ME, Frozen

CLOSING = "closing"  # the page of open questions after the last factor
COMMENT_MAX = 1000


@dataclass(frozen=True)
class Item:
    """A question to choose on: `labels` are content keys by code, `overall` marks the factor's statement."""

    key: str
    text_key: str
    labels: Mapping[str, str]
    scale: bool
    overall: bool = False


@dataclass(frozen=True)
class TextItem:
    key: str
    text_key: str | None
    max_chars: int


@dataclass(frozen=True)
class Sheet:
    """What one page asks."""

    key: str
    title_key: str | None
    items: tuple[Item, ...]
    texts: tuple[TextItem, ...]


@lru_cache(maxsize=1024)
def steps(frozen: Frozen, group: str, short: bool) -> tuple[str, ...]:
    """Keys of the pages in the order this group meets them."""
    closing = (CLOSING,) if frozen.benchmark.closing else ()
    return (*frozen.benchmark.order(group, short), *closing)


def voice(frozen: Frozen, group: str) -> str:
    """Which wording of the scale the group reads: `standard` or `plain`."""
    plain = frozen.benchmark.group(group).voice == "plain" and frozen.benchmark.scale.plain is not None
    return "plain" if plain else "standard"


@lru_cache(maxsize=1024)
def sheet(frozen: Frozen, key: str, group: str, short: bool) -> Sheet:
    """The page of a factor, or the closing page. Raises KeyError for a page the group does not have."""
    benchmark = frozen.benchmark
    if key not in steps(frozen, group, short):
        raise KeyError(key)
    if key == CLOSING:
        plain = {c.key for c in benchmark.closing if benchmark.group(group).voice == "plain" and c.plain_text}
        texts = tuple(
            TextItem(c.key, f"closing.{c.key}" + (".plain" if c.key in plain else ""), c.max_chars)
            for c in benchmark.closing
        )
        return Sheet(key, None, (), texts)
    prefix = f"scale.{voice(frozen, group)}"
    items = [
        Item(
            question.key,
            question.key,
            {code: f"choices.{question.choices}.{code}" for code in frozen.choices(question)}
            if question.choices
            else {code: f"{prefix}.{code}" for code in _highest_first(frozen.choices(question))},
            scale=question.choices is None,
        )
        for question in benchmark.asked(key, group, short)
    ]
    if benchmark.rates(key, group):
        labels = {code: f"{prefix}.{code}" for code in _highest_first(frozen.choices(None))}
        items.append(Item(key, benchmark.statement_key(key, group), labels, scale=True, overall=True))
    return Sheet(key, f"{key}.title", tuple(items), (TextItem(key, None, COMMENT_MAX),))


def _highest_first(codes: tuple[str, ...]) -> list[str]:
    """Positive first, as on paper; I don't know and not for me stay last."""
    steps_ = [code for code in codes if code.isdigit()]
    return [*reversed(steps_), *(code for code in codes if not code.isdigit())]


def marks(item: Item) -> dict[str, str]:
    """What is printed beside each box on paper and typed when it is entered: 1, 2, 3 ... in the order of the
    boxes, ? for I don't know, - for not for me."""
    digits = [code for code in item.labels if code.isdigit()]
    numbered = {code: str(place) for place, code in enumerate(digits, 1)}
    return {code: numbered.get(code) or {DONT_KNOW: "?", NOT_FOR_ME: "-"}[code] for code in item.labels}


def minutes(frozen: Frozen, group: str, short: bool) -> int:
    """How long answering takes, at about ten seconds a question."""
    return max(3, round(len(frozen.questionnaire(group, short)) / 6))
