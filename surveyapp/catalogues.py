"""The four catalogues: gathering their strings, bringing the languages up to date, compiling and checking them.

`benchmark` words the packs (context: pack and content key), `answering` is all a respondent sees, `report` the
comparison and the report, `staff` the rest: a new staff page never keeps a round from opening in a language.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from surveyapp.benchmark import find_packs, load, messages
from surveyapp.config import PACKAGE, data_folder
from surveyapp.i18n import COMPLETE, DRAFT_NOTE, PAGE_CATALOGUES, catalogue_path

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
    "reports": "report",
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
NUMBERS = {"%(num)d", "%(n)s", "%(count)s", "%(number)s"}
PLACEHOLDER = re.compile(r"%\(\w+\)[ds]|%%|<[^>]+>")


@dataclass(frozen=True)
class Fault:
    """What is wrong with one string of one language."""

    language: str
    domain: str
    string: str
    what: str

    def __str__(self) -> str:
        return f"{self.language}/{self.domain}: {self.what}: {self.string}"


def gather() -> dict[str, Catalog]:
    """Every string of the project by catalogue, read from the sources."""
    gathered = {"benchmark": _benchmark_strings()}
    seen: set[tuple[str, str | None]] = set()
    found = list(_extract())
    for domain in PAGE_CATALOGUES:
        catalogue = Catalog(domain=domain, project="surveyapp")
        for name, line, message, comments, context in found:
            if _home(name) == domain and (_first(message), context) not in seen:
                place = (f"surveyapp/{name}", line)
                catalogue.add(message, locations=[place], auto_comments=comments, context=context)
        seen |= {(_first(message.id), message.context) for message in catalogue if message.id}
        gathered[domain] = catalogue
    return gathered


def _home(name: str) -> str:
    """The catalogue of a file, by its path in the package."""
    paths = [path for path in HOME if not path or name == path or name.startswith(f"{path}/")]
    return HOME[max(paths, key=len)]


def _first(message: str | tuple[str, ...] | list[str]) -> str:
    return message if isinstance(message, str) else message[0]


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
    """Brings a language's catalogues up to date: new strings empty, changed ones marked fuzzy, dropped ones gone."""
    written = []
    for domain, template in gather().items():
        path = catalogue_path(language, domain)
        catalogue = read(language, domain) or _new(language, domain)
        before = {message.context: message for message in catalogue if message.context}
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        if domain == "benchmark":
            _carry_over(catalogue, before)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, sort_output=False, include_lineno=False, omit_header=False)
        written.append(path)
    return written


def _carry_over(catalogue: Catalog, before: dict[str, Message]) -> None:
    """A changed text keeps its old translation, marked for another look: the key says it is the same text."""
    for message in catalogue:
        old = before.get(message.context or "")
        if message.id and not message.string and old and old.string:
            message.string = old.string
            message.flags.add("fuzzy")


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
    written = []
    for path in sorted(data_folder("translations").glob("*/LC_MESSAGES/*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=path.parent.parent.name, domain=path.stem)
        target = path.with_suffix(".mo")
        part = target.with_suffix(f".{os.getpid()}")  # put in place whole: a page may be reading it now
        with part.open("wb") as file:
            write_mo(file, catalogue)
        part.replace(target)
        written.append(target)
    return written


def check(languages: tuple[str, ...] = COMPLETE) -> list[Fault]:
    """Every missing, outdated or broken string of the languages that are said to be complete."""
    gathered = gather()
    source = load(find_packs(data_folder("benchmark"))[0]).source_language
    return [
        fault
        for language in languages
        if language != source
        for domain, template in gathered.items()
        for fault in _check_catalogue(language, domain, template)
    ]


def _check_catalogue(language: str, domain: str, template: Catalog) -> Iterator[Fault]:
    catalogue = read(language, domain)
    if catalogue is None:
        yield Fault(language, domain, str(catalogue_path(language, domain).name), "no such file")
        return
    contexts = {message.context for message in catalogue if message.context}
    for wanted in template:
        if not wanted.id:
            continue
        name = f"[{wanted.context}] {wanted.id}" if wanted.context else str(wanted.id)
        found = catalogue.get(wanted.id, wanted.context)
        if found is None:
            changed = wanted.context in contexts
            yield Fault(language, domain, name, "outdated, the source has changed" if changed else "missing")
            continue
        strings = found.string if isinstance(found.string, tuple) else (found.string,)
        if not all(strings):
            yield Fault(language, domain, name, "missing")
        elif found.fuzzy:
            yield Fault(language, domain, name, "outdated, the source has changed")
        elif isinstance(wanted.id, tuple) and len(strings) != catalogue.num_plurals:
            yield Fault(language, domain, name, f"broken, {catalogue.num_plurals} plural forms are needed")
        else:
            yield from _broken(language, domain, name, wanted, strings)


def _broken(
    language: str, domain: str, name: str, wanted: Message, strings: tuple[str, ...]
) -> Iterator[Fault]:
    sources = wanted.id if isinstance(wanted.id, tuple) else (wanted.id,)
    needed = (
        {mark for text in sources for mark in PLACEHOLDER.findall(text)} if wanted.python_format else set()
    )
    for string in strings:
        marks = set(PLACEHOLDER.findall(string)) if wanted.python_format else set()
        # a plural form may leave the number out ("one answer"), but nothing else, and may add nothing
        if marks - needed or (needed - marks) - (NUMBERS if len(strings) > 1 else set()):
            yield Fault(language, domain, name, f"broken, placeholders differ in {string!r}")
