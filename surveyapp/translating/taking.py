"""What came back from a translator, string by string: the good ones are taken, every other one is named."""

from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message

from surveyapp.catalogues import Fault, changed, compile_one, flaws_of, gather, named, up_to_date, write
from surveyapp.config import is_language
from surveyapp.i18n import SOURCE
from surveyapp.progress import forms
from surveyapp.translating import po, xliff
from surveyapp.translating.exchange import MOST_BYTES, Entry, Returned, Unreadable, unit_id


@dataclass
class Outcome:
    """What became of the strings of a file."""

    language: str
    taken: int = 0
    unchanged: int = 0
    empty: int = 0
    """Not translated yet, there or here."""
    refused: list[Fault] = field(default_factory=list)


def read(path: Path) -> Returned:
    """A file of a translator: PO, a zip of them, or XLIFF 2, as its content says. Raises Unreadable."""
    if path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"the file is larger than {MOST_BYTES // 1_000_000} MB")
    data = path.read_bytes()
    if data.startswith(b"PK"):
        returned = po.read_packed(data)
    elif data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        returned = xliff.read(data)
    else:
        returned = po.read(data, path.name)
    if not returned.entries:
        raise Unreadable("there are no strings in it")
    if not is_language(returned.language) or returned.language == SOURCE:
        raise Unreadable(f"{returned.language!r} is no language to translate into")
    return returned


def take(returned: Returned, dry_run: bool = False) -> Outcome:
    """Writes the good strings into the catalogues, each of which changes whole or not at all."""
    catalogues = up_to_date(returned.language, gather())
    known, outcome = Known(catalogues), Outcome(returned.language)
    seen: set[int] = set()
    touched: set[str] = set()
    for entry in returned.entries:
        domain, message = known.find(entry)
        if message is None:
            flaw = known.why_unknown(entry)
        elif id(message) in seen:
            flaw = "the file has this string twice"
        else:
            seen.add(id(message))
            flaw = _flaw(entry, message, domain, catalogues[domain].num_plurals)
        if flaw:
            outcome.refused.append(Fault(returned.language, domain, named(message or entry.message), flaw))
        elif message is not None and _put(entry, message, outcome):
            touched.add(domain)
    if not dry_run:
        for domain in sorted(touched):
            compile_one(write(returned.language, domain, catalogues[domain]))
    return outcome


class Known:
    """Every string there is, by its name in XLIFF, and by context and source."""

    def __init__(self, catalogues: dict[str, Catalog]) -> None:
        self.messages = {
            domain: [message for message in catalogue if message.id]
            for domain, catalogue in catalogues.items()
        }
        self.units: dict[tuple[str, str], Message] = {}
        self.sources: dict[tuple[str | None, str], tuple[str, Message]] = {}
        for domain, messages in self.messages.items():
            for message in messages:
                self.units[domain, unit_id(message)] = message
                self.sources[message.context, forms(message.id)[0]] = (domain, message)

    def find(self, entry: Entry) -> tuple[str, Message | None]:
        if entry.unit is not None:
            return entry.catalogue, self.units.get((entry.catalogue, entry.unit))
        source = (entry.message.context, forms(entry.message.id)[0])
        return self.sources.get(source, (entry.catalogue, None))

    def why_unknown(self, entry: Entry) -> str:
        now = changed(entry.message, [message for known in self.messages.values() for message in known])
        return _outdated(now) if now else "unknown string"


def _flaw(entry: Entry, message: Message, domain: str, plurals: int) -> str:
    """Why a string is not taken; empty where it is."""
    if entry.flaw:
        return entry.flaw
    if not set(forms(entry.message.id)) <= set(forms(message.id)):
        return _outdated(message)
    stands = any(forms(message.string))
    if not any(string.strip() for string in entry.strings):
        return "empty, while there is a translation" if stands else ""
    if entry.message.fuzzy and stands and not message.fuzzy:
        return "marked as unfinished, while there is a finished translation"
    return ", ".join(flaws_of(message, domain, entry.strings, plurals))


def _outdated(now: Message) -> str:
    return f"the source has changed since the export, now {forms(now.id)[0]!r}"


def _put(entry: Entry, message: Message, outcome: Outcome) -> bool:
    """Whether the catalogue is another one now."""
    if not any(string.strip() for string in entry.strings):
        outcome.empty += 1
        return False
    if entry.strings == forms(message.string) and entry.message.fuzzy == message.fuzzy:
        outcome.unchanged += 1
        return False
    message.string = tuple(entry.strings) if len(forms(message.id)) > 1 else entry.strings[0]
    if entry.message.fuzzy:
        message.flags.add("fuzzy")
    else:
        message.flags.discard("fuzzy")
    outcome.taken += 1
    return True
