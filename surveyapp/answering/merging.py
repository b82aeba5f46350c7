"""Two windows on one draft. Each form carries what it knew when it was shown, so that what one window has changed
is told from what the other has: both changes are kept, and only where they meet does a person decide."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

COMMENT = ":comment"  # ends the field of a text; every other field is a choice


@dataclass(frozen=True)
class Merged:
    """`changed` is to be stored; `conflicts` were changed here and elsewhere, to different ends, and were not."""

    changed: Mapping[str, str]
    conflicts: tuple[str, ...]


def fields(answers: Mapping[str, str], texts: Mapping[str, str]) -> dict[str, str]:
    """A draft as a form holds it: choices and texts by the name of their field."""
    return {**answers, **{f"{key}{COMMENT}": words for key, words in texts.items()}}


def apart(changed: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The choices and the texts among fields of a form, by question key."""
    choices = {name: value for name, value in changed.items() if not name.endswith(COMMENT)}
    texts = {name.removesuffix(COMMENT): value for name, value in changed.items() if name.endswith(COMMENT)}
    return choices, texts


def seen(stored: Mapping[str, str]) -> str:
    """What a form knew, for a hidden field: `f7.2 f7-lea-1.dk f7:comment.9f8a1c2b`."""
    return " ".join(f"{name}.{_mark(name, value)}" for name, value in stored.items() if value)


def seen_since(was: str, posted: Mapping[str, str], conflicts: Collection[str]) -> str:
    """What a form knows once it was sent: its own values, and of whatever was not stored what it knew before."""
    sent = {name: _mark(name, value) for name, value in posted.items() if name not in conflicts}
    return " ".join(f"{name}.{mark}" for name, mark in {**_marks(was), **sent}.items() if mark)


def merge(posted: Mapping[str, str], was: str | None, stored: Mapping[str, str]) -> Merged:
    """What to store of a posted form; a form that does not say what it knew changes whatever it holds."""
    knew = _marks(was) if was is not None else None
    changed, conflicts = {}, []
    for name, value in posted.items():
        now, new = _mark(name, stored.get(name, "")), _mark(name, value)
        before = now if knew is None else knew.get(name, "")
        if new in (now, before):
            continue  # as it is, or not touched in this window
        if now == before:
            changed[name] = value
        else:
            conflicts.append(name)
    return Merged(changed, tuple(conflicts))


def _marks(was: str) -> dict[str, str]:
    return dict(mark.split(".", 1) for mark in was.split() if "." in mark)


def _mark(name: str, value: str) -> str:
    """A choice stands for itself, a text for its fingerprint."""
    if not value or not name.endswith(COMMENT):
        return value
    return hashlib.sha256(value.encode()).hexdigest()[:12]
