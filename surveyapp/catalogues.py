"""The four catalogues: gathering their strings, bringing the languages up to date, compiling and checking them.

`benchmark` words the packs (context: pack and content key), `answering` is all a respondent sees, `report` the
comparison and the report, `staff` the rest: a new staff page never keeps a round from opening in a language.
"""

import os
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import SequenceMatcher
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from surveyapp.benchmark import find_packs, load, messages
from surveyapp.config import FOR_RESPONDENTS, PACKAGE, data_folder
from surveyapp.i18n import (
    DRAFT_NOTE,
    FOR_STAFF,
    PAGE_CATALOGUES,
    SOURCE,
    catalogue_path,
    catalogues_of,
)
from surveyapp.places import place
from surveyapp.progress import forms
from surveyapp.soundness import flaws

# Which catalogue a file's strings go to: of the paths that lead to it the longest decides. A string met in two
# catalogues stays in the first of them (see gather()).
HOME = {
    "answering": "answering",
    "answering/preview.html": "staff",
    "answering/preview.py": "staff",
    "answering/framed_end.html": "staff",
    "assessments/drafts.py": "answering",
    "errors.py": "answering",
    "invitations": "answering",
    "layout": "answering",
    "layout/forms.html": "staff",
    "layout/forms.py": "staff",
    "layout/lead.html": "staff",
    "layout/pages.html": "staff",
    "layout/parts.html": "staff",
    "layout/round.html": "staff",
    "mailing/lost.html": "answering",
    "mailing/public.py": "answering",
    "mailing/stop.html": "answering",
    "mailing/texts.py": "answering",
    "site.py": "answering",
    "charts": "report",
    "comparison": "report",
    "figures": "report",
    "reports": "report",
    "reports/desk.html": "staff",
    "reports/follow.html": "staff",
    "reports/named.html": "staff",
    "reports/views.py": "staff",
    "": "staff",
}
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
OPTIONS = {"**.html": {"silent": "false", "newstyle_gettext": "true"}}
# From here on two sources in one file are the same text, changed
ALIKE = 0.8


@dataclass(frozen=True)
class Fault:
    """What is wrong with one string of one language."""

    language: str
    domain: str
    string: str
    what: str

    def __str__(self) -> str:
        string = self.string.replace("\n", "\\n")
        return f"{self.language}/{self.domain}: {self.what}: {string}"


def gather() -> dict[str, Catalog]:
    """Every string of the project by catalogue, read from the sources."""
    gathered = {"benchmark": _benchmark_strings()}
    seen: set[tuple[str, str | None]] = set()
    found = list(_extract())
    for domain in PAGE_CATALOGUES:
        catalogue = Catalog(domain=domain, project="surveyapp")
        for name, line, message, comments, context in found:
            if _home(name) == domain and (forms(message)[0], context) not in seen:
                told = [*filter(None, [place(name)]), *comments]
                catalogue.add(
                    message, locations=[(f"surveyapp/{name}", line)], auto_comments=told, context=context
                )
        seen |= {(forms(message.id)[0], message.context) for message in catalogue if message.id}
        gathered[domain] = catalogue
    return gathered


def _home(name: str) -> str:
    """The catalogue of a file, by its path in the package."""
    paths = [path for path in HOME if not path or name == path or name.startswith(f"{path}/")]
    return HOME[max(paths, key=len)]


def _extract() -> Iterator[tuple[str, int, str | tuple[str, ...], list[str], str | None]]:
    found = extract_from_dir(
        PACKAGE, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("i18n:",), strip_comment_tags=True
    )
    yield from sorted(found, key=lambda hit: (hit[0], hit[1]))


def _benchmark_strings() -> Catalog:
    catalogue = Catalog(domain="benchmark", project="surveyapp")
    for folder in find_packs(data_folder("benchmark")):
        for message in messages(load(folder)):
            context = benchmark_context(folder.name, message.key)
            catalogue.add(message.text, context=context, auto_comments=message.comment.split("\n"))
    return catalogue


def benchmark_context(pack: str, key: str) -> str:
    """The gettext context of a pack's text: equal English words in two places stay two strings."""
    return f"{pack}/{key}"


def read(language: str, domain: str) -> Catalog | None:
    """A language's catalogue; None where there is none."""
    path = catalogue_path(language, domain)
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def update(language: str) -> list[Path]:
    """Writes a language's catalogues as they are once brought up to date; those of staff only where they are wanted."""
    wanted = catalogues_of(language)
    gathered = {domain: template for domain, template in gather().items() if domain in wanted}
    return [
        write(language, domain, catalogue) for domain, catalogue in up_to_date(language, gathered).items()
    ]


def up_to_date(language: str, gathered: dict[str, Catalog]) -> dict[str, Catalog]:
    """A language's catalogues beside the sources: new strings empty, changed ones marked fuzzy, dropped ones gone."""
    return {
        domain: _beside(template, read(language, domain) or _new(language, domain))
        for domain, template in gathered.items()
    }


def _beside(template: Catalog, catalogue: Catalog) -> Catalog:
    before = list(catalogue)
    # New messages are the template's own; where nothing changed, the file stays the same to the byte.
    catalogue.update(deepcopy(template), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    dropped = [
        old
        for old in before
        if old.id and any(forms(old.string)) and catalogue.get(old.id, old.context) is None
    ]
    for message in catalogue:
        if message.id and not any(forms(message.string)) and (old := changed(message, dropped)):
            dropped.remove(old)
            message.string = old.string
            message.flags.add("fuzzy")
    return catalogue


def changed(message: Message, others: list[Message]) -> Message | None:
    """Which of the others is the same text in other words: that of the same key, or one much alike in the same file."""
    if message.context:
        return next((other for other in others if other.context == message.context), None)
    files = {name for name, _line in message.locations}
    alike = [
        (
            SequenceMatcher(None, forms(message.id)[0], forms(other.id)[0], autojunk=False).ratio(),
            place,
            other,
        )
        for place, other in enumerate(others)
        if not other.context
        and len(forms(other.id)) == len(forms(message.id))
        and not files.isdisjoint(name for name, _line in other.locations)
    ]
    ratio, _place, other = max(alike, key=lambda each: each[:2], default=(0, 0, None))
    return other if ratio >= ALIKE else None


def write(language: str, domain: str, catalogue: Catalog) -> Path:
    """Puts a catalogue in place whole: it stays as it was should this fail."""
    path = catalogue_path(language, domain)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(po(catalogue))
    part.replace(path)
    return path


def po(catalogue: Catalog) -> bytes:
    """A catalogue as the file that it is kept in."""
    written = BytesIO()
    write_po(written, catalogue, width=100, sort_output=False, include_lineno=False, omit_header=False)
    return written.getvalue()


def _new(language: str, domain: str) -> Catalog:
    return Catalog(
        locale=language,
        domain=domain,
        project="surveyapp",
        header_comment=f"# surveyapp, catalogue “{domain}”. Texts: CC BY 4.0.\n# {DRAFT_NOTE}",
        fuzzy=False,
        creation_date=datetime(2026, 11, 22, tzinfo=UTC),
        revision_date=datetime(2026, 11, 22, tzinfo=UTC),
        last_translator="",
        language_team="",
    )


def languages() -> list[str]:
    """Every language that has been begun."""
    return sorted(path.name for path in data_folder("translations").iterdir() if path.is_dir())


def compile_all() -> list[Path]:
    """Writes the .mo file beside every .po file."""
    return [compile_one(path) for path in sorted(data_folder("translations").glob("*/LC_MESSAGES/*.po"))]


def compile_one(path: Path) -> Path:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.parent.name, domain=path.stem)
    target = path.with_suffix(".mo")
    part = target.with_suffix(f".{os.getpid()}")  # put in place whole: a page may be reading it now
    with part.open("wb") as file:
        write_mo(file, catalogue)
    part.replace(target)
    return target


def check() -> list[Fault]:
    """Every missing, outdated or broken string of the languages that are said to be complete."""
    gathered = gather()
    return [
        fault
        for language in FOR_RESPONDENTS
        if language != SOURCE
        for domain, template in gathered.items()
        if domain != "staff" or language in FOR_STAFF
        for fault in _check_catalogue(language, domain, template)
    ]


def _check_catalogue(language: str, domain: str, template: Catalog) -> Iterator[Fault]:
    path = catalogue_path(language, domain)
    catalogue = read(language, domain)
    if catalogue is None:
        yield Fault(language, domain, path.name, "no such file")
        return
    kept = _order(catalogue)
    now = _beside(template, catalogue)
    whole = True
    for message in now:
        if not message.id:
            continue
        if not any(forms(message.string)):
            whole = False
            yield Fault(language, domain, named(message), "missing")
        elif message.fuzzy:
            whole = False
            yield Fault(language, domain, named(message), "outdated, the source has changed")
        else:
            for flaw in flaws_of(message, domain, forms(message.string), catalogue.num_plurals):
                yield Fault(language, domain, named(message), f"broken, {flaw}")
    if whole and kept != _order(now):
        yield Fault(
            language, domain, path.name, f"behind its sources, surveyapp translations update {language}"
        )


def _order(catalogue: Catalog) -> list[tuple[object, ...]]:
    return [(message.id, message.context, " ".join(message.auto_comments)) for message in catalogue]


def flaws_of(message: Message, domain: str, strings: list[str], plurals: int) -> Iterator[str]:
    """What is wrong with a translation of a string of this catalogue; see soundness.py."""
    return flaws(forms(message.id), strings, plurals, formatted=domain != "benchmark")


def named(message: Message) -> str:
    """A string as a report of faults names it."""
    return f"[{message.context}] {message.id}" if message.context else str(message.id)
