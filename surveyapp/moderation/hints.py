"""Where a comment may name a person: a hint for whoever decides, never a decision.

Patterns see shapes only. They miss names and mark harmless words, and the page says so.
"""

import re
from collections.abc import Iterator

# Not `\d`-only: people write numbers with spaces, dots, slashes and brackets; digits of other scripts count.
PATTERNS = (
    re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+"),  # e-mail
    re.compile(r"(?<!\w)@\w{3,}"),  # a name on a platform
    re.compile(r"(?:https?://|www\.)\S+"),
    re.compile(r"(?<!\w)[+(]?\d[\d\s()/.\-–]{5,}\d(?!\w)"),  # phone
    re.compile(r"\b[\w-]+(?:straße|strasse|str\.|gasse|allee|platz|weg)\s+\d+\s?[a-z]?\b", re.IGNORECASE),
    re.compile(r"\b\d+\w?,?\s+(?:\w+\s){1,3}(?:street|st|road|rd|avenue|lane|square|close)\b", re.IGNORECASE),
    re.compile(r"\b(?:rue|via|calle|ulica|avenida)\s+[^\W\d_]+(?:\s+\d+)?", re.IGNORECASE),
    re.compile(r"شارع\s+\w+(?:\s+\w+)?"),
)
TITLED = re.compile(
    r"(?<!\w)(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Herr|Herrn|Frau|Fr|Hr|Monsieur|Madame|Mme|Señora?|Sra?|Bay|Bayan"
    r"|пан|пані|господин|госпожа)\.?\s+[^\W\d_][\w'’-]*(?:\s+[A-ZÄÖÜÀ-Þ][\w'’-]*)?"
    r"|(?:السيد|السيدة|الأستاذ|الأستاذة|المعلم|المعلمة|الدكتور|الدكتورة|الآنسة|أستاذ|أستاذة)\s+\w+(?:\s+\w+)?)"
)
CAPITAL = r"[A-ZÄÖÜÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĻŁŃŅŇŐŘŚŞŠȘŢŤȚŪŮŰŲŹŻŽ][\w'’-]+"
WORD = re.compile(r"[^\W\d_][\w'’-]*")
MID_CAPITALS = re.compile(rf"(?<![.!?:…\n]\s)(?<![.!?:…\n])(?<=\s){CAPITAL}(?:\s+{CAPITAL})*")
NOUNS_ARE_CAPITAL = 0.18
"""From this share of capital words on, the language writes nouns so (German): only two in a row are marked."""


def pieces(text: str) -> list[tuple[str, bool]]:
    """The text cut up, each piece with whether it may name somebody; joined it is the text again."""
    cut, place = [], 0
    for start, end in _merged(sorted(_spans(text))):
        if start > place:
            cut.append((text[place:start], False))
        cut.append((text[start:end], True))
        place = end
    if place < len(text):
        cut.append((text[place:], False))
    return cut


def _spans(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (*PATTERNS, TITLED):
        yield from (found.span() for found in pattern.finditer(text))
    words = WORD.findall(text)
    capitals = [found for found in MID_CAPITALS.finditer(text) if found.group() != "I"]
    many = sum(len(found.group().split()) for found in capitals) > NOUNS_ARE_CAPITAL * len(words)
    for found in capitals:
        if not (many and len(words) > 8) or len(found.group().split()) > 1:
            yield found.span()


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
