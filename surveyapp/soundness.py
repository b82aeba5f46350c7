"""Whether a translation can stand for its source: placeholders, markup, plural forms, characters.

A page puts a translation in as it stands, as HTML and as a format string: one that adds markup or a percent sign would
break the page, or worse. `translations check` and `translations import` ask the same questions.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

FORMAT = re.compile(r"%\(\w+\)[ds]|%%")
BRACES = re.compile(r"\{\w+\}")
TAG = re.compile(r"<[^>]*>?")
NUMBERS = {"%(num)d", "%(n)s", "%(count)s", "%(number)s"}
# Turn the direction of what follows, beyond the end of the text; the isolates U+2066 to U+2069 do not
OVERRIDES = set("\u202a\u202b\u202c\u202d\u202e")


def flaws(sources: Sequence[str], strings: Sequence[str], forms: int, formatted: bool) -> Iterator[str]:
    """What is wrong with the translation of a source with so many plural forms; `formatted` says that the page puts
    it in as a format string."""
    if len(sources) == 1 != len(strings):
        yield "it has no plural forms"
        return
    if len(sources) > 1 and (len(strings) != forms or not all(strings)):
        yield f"{forms} plural forms are needed"
        return
    needed = {mark for text in sources for mark in _marks(text, formatted)}
    for string in strings:
        if not string.strip():
            yield "empty"
        if wrong := [letter for letter in string if _controls(letter)]:
            yield f"control character U+{ord(wrong[0]):04X}"
        marks = _marks(string, formatted)
        # a plural form may leave the number out ("one answer"), but nothing else, and may add nothing
        if marks - needed or (needed - marks) - (NUMBERS if len(strings) > 1 else set()):
            yield f"placeholders differ in {string!r}"
        elif formatted and _stray(string) and not any(_stray(text) for text in sources):
            yield f"a percent sign too many in {string!r}"


def _marks(text: str, formatted: bool) -> set[str]:
    return {*BRACES.findall(text), *TAG.findall(text), *(FORMAT.findall(text) if formatted else ())}


def _stray(text: str) -> bool:
    return "%" in FORMAT.sub("", text)


def _controls(letter: str) -> bool:
    return letter in OVERRIDES or (unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t")
