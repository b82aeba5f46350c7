"""One page of questions, built from the frozen content, and what a person sent for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from surveyapp.benchmark.frozen import Frozen

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


@dataclass
class Sent:
    """What arrived: choices and texts that can be stored, and what is wrong with the others."""

    choices: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    too_long: dict[str, tuple[str, int]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


@lru_cache(maxsize=1024)
def steps(frozen: Frozen, group: str, short: bool) -> tuple[str, ...]:
    """Keys of the pages in the order this group meets them."""
    closing = (CLOSING,) if frozen.benchmark.closing else ()
    return (*frozen.benchmark.order(group, short), *closing)


def begun(frozen: Frozen, group: str, short: bool, kept: Collection[str]) -> list[str]:
    """Keys of the pages on which something was chosen, in order."""
    pages = (sheet(frozen, key, group, short) for key in steps(frozen, group, short))
    return [page.key for page in pages if any(item.key in kept for item in page.items)]


def voice(frozen: Frozen, group: str) -> str:
    """Which wording of the scale the group reads: `standard` or `plain`."""
    plain = frozen.benchmark.group(group).voice == "plain" and frozen.benchmark.scale.plain is not None
    return "plain" if plain else "standard"


def icon_shares(size: int) -> dict[str, str]:
    """How full the four cells of an answer's icon are, by code: n0 (lowest step) to n4 (highest)."""
    return {str(code): f"n{round(4 * code / (size - 1))}" for code in range(size)}


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


# Fields of the form that are not answers
FRAME = {"csrf_token", "language", "go"}


def read(page: Sheet, form: Mapping[str, str]) -> Sent:
    """Sorts a posted form. A key or code that the page does not have is named in `unknown`, nothing is guessed."""
    sent = Sent()
    items = {item.key: item for item in page.items}
    texts = {f"{text.key}:comment": text for text in page.texts}
    for name, value in form.items():
        if name in FRAME:
            continue
        if name in items and value in items[name].labels:
            sent.choices[name] = value
        elif name in texts:
            text = value.replace("\r\n", "\n").replace("\x00", "").strip()
            if len(text) > texts[name].max_chars:
                sent.too_long[texts[name].key] = text, texts[name].max_chars
            else:
                sent.texts[texts[name].key] = text
        else:
            sent.unknown.append(f"{name[:60]} = {value[:60]}")
    return sent
