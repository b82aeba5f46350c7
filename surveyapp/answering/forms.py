"""A page of questions as it was sent, and how far a draft has come. What a page asks: benchmark/sheets.py."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from surveyapp.answering.merging import COMMENT
from surveyapp.benchmark.frozen import Frozen
from surveyapp.benchmark.sheets import CLOSING, COMMENT_MAX, Item, Sheet, TextItem, sheet, steps, voice

__all__ = [
    "CLOSING",
    "COMMENT_MAX",
    "Item",
    "Sent",
    "Sheet",
    "TextItem",
    "begun",
    "icon_shares",
    "read",
    "sheet",
    "steps",
    "voice",
]


@dataclass
class Sent:
    """What arrived: choices and texts by the name of their field, and what is wrong with the others.

    An empty choice takes the answer back, as an empty text does.
    """

    fields: dict[str, str] = field(default_factory=dict)
    too_long: dict[str, tuple[str, int]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def begun(frozen: Frozen, group: str, short: bool, kept: Collection[str]) -> list[str]:
    """Keys of the pages on which something was chosen, in order."""
    pages = (sheet(frozen, key, group, short) for key in steps(frozen, group, short))
    return [page.key for page in pages if any(item.key in kept for item in page.items)]


def icon_shares(size: int) -> dict[str, str]:
    """How full the four cells of an answer's icon are, by code: n0 (lowest step) to n4 (highest)."""
    return {str(code): f"n{round(4 * code / (size - 1))}" for code in range(size)}


# Fields of the form that are not answers
FRAME = {"csrf_token", "language", "text", "go", "was", "clear"}


def read(page: Sheet, form: Mapping[str, str]) -> Sent:
    """Sorts a posted form. A key or code that the page does not have is named in `unknown`, nothing is guessed.

    `clear` names a question whose answer is taken back, whatever else the form says of it.
    """
    sent = Sent()
    items = {item.key: item for item in page.items}
    texts = {f"{text.key}{COMMENT}": text for text in page.texts}
    for name, value in form.items():
        if name in FRAME:
            continue
        if name in items and value in items[name].labels:
            sent.fields[name] = value
        elif name in texts:
            text = value.replace("\r\n", "\n").replace("\x00", "").strip()
            if len(text) > texts[name].max_chars:
                sent.too_long[texts[name].key] = text, texts[name].max_chars
            else:
                sent.fields[name] = text
        else:
            sent.unknown.append(f"{name[:60]} = {value[:60]}")
    if form.get("clear") in items:
        sent.fields[form["clear"]] = ""
    return sent
