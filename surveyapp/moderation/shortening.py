"""A shortened comment is the person's own words with some left out: nothing is added, moved or reworded."""

import re
from functools import cache

MARK = "[…]"
# Words, and each sign for itself; scripts without spaces letter by letter
TOKEN = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    r"\u3040-\u30ff\u3400-\u9fff]+|[^\w\s]"
)
MARKS = re.compile(r"\[\s*(?:…|\.\.\.)\s*\]")


class NotShortened(Exception):
    """What was typed is no shortened form: `problem` is "added", "nothing_left" or "nothing_out"."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def shortened(original: str, typed: str) -> str:
    """The original with a mark wherever `typed` leaves words out. Raises NotShortened."""
    spans = [found.span() for found in TOKEN.finditer(original)]
    words = [original[start:end] for start, end in spans]
    kept = TOKEN.findall(MARKS.sub(" ", typed))
    if not kept:
        raise NotShortened("nothing_left")
    if kept == words:
        raise NotShortened("nothing_out")
    places = _places(tuple(words), tuple(kept))
    if places is None:
        raise NotShortened("added")
    told = [] if places[0] == 0 else [MARK, " "]
    for before, place in zip([places[0] - 1, *places], places, strict=False):
        gap = original[spans[before][1] : spans[place][0]] if before >= 0 and told[-1:] != [" "] else ""
        told.append(f" {MARK} " if place > before + 1 else gap)
        told.append(words[place])
    if places[-1] < len(words) - 1:
        told += [" ", MARK]
    return "".join(told)


def _places(words: tuple[str, ...], kept: tuple[str, ...]) -> list[int] | None:
    """Where the kept words stand in the original, in order and in as few pieces as possible; None if they do not."""
    far = len(words) + 1

    @cache
    def pieces(word: int, keep: int) -> int:
        """Fewest pieces for kept[keep:] whose first word stands at `word`; `far` where that cannot be."""
        if words[word] != kept[keep]:
            return far
        if keep == len(kept) - 1:
            return 1
        following = pieces(word + 1, keep + 1) if word + 1 < len(words) else far
        return min(following, 1 + best(word + 2, keep + 1))

    @cache
    def best(word: int, keep: int) -> int:
        """Fewest pieces for kept[keep:] anywhere from `word` on."""
        if len(words) - word < len(kept) - keep:
            return far
        return min(pieces(word, keep), best(word + 1, keep))

    # From the end, so that no call goes deep
    for keep in reversed(range(len(kept))):
        for word in reversed(range(len(words))):
            pieces(word, keep), best(word, keep)
    if best(0, 0) >= far:
        return None
    places: list[int] = []
    for keep in range(len(kept)):
        if keep and pieces(places[-1] + 1, keep) == pieces(places[-1], keep - 1) < far:
            places.append(places[-1] + 1)
            continue
        word = places[-1] + 1 if keep else 0
        wanted = best(word, keep)
        places.append(next(at for at in range(word, len(words)) if pieces(at, keep) == wanted))
    return places
