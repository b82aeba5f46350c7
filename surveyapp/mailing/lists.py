"""A list of people to invite: what each row says, and what is wrong with it, before anything is saved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import parseaddr

from babel import Locale
from flask_babel import gettext as _

from surveyapp.mail import address_of
from surveyapp.mailing.tables import Row, rows_of
from surveyapp.models import Round
from surveyapp.models.drafting import planned_content

MOST_LETTERS_OF_NAME = 120

# Headings people write, in the languages of staff; case, spaces and dashes do not matter
HEADINGS = {
    "email": "email mail emailaddress mailaddress address addresse adresse mailadresse emailadresse "
    "البريدالإلكتروني البريدالالكتروني البريد بريدإلكتروني بريدالكتروني الإيميل ايميل عنوانالبريدالإلكتروني",
    "name": "name fullname contact contactperson ansprechperson vollername الاسم اسم الاسمالكامل",
    "group": "group stakeholdergroup gruppe zielgruppe المجموعة مجموعة الفئة",
    "language": "language lang sprache اللغة لغة",
}
COLUMNS = {heading: column for column, words in HEADINGS.items() for heading in words.split()}


@dataclass(frozen=True)
class Person:
    """A good row."""

    email: str
    name: str
    group: str
    language: str


@dataclass(frozen=True)
class Fault:
    """A row that cannot be used."""

    line: int
    cell: str
    what: str


@dataclass
class Report:
    """What a list holds; nothing of it is saved yet."""

    good: list[Person] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    """Headings of columns that are not used."""
    lines: dict[str, int] = field(default_factory=dict)
    """Where each good address stands."""


@dataclass(frozen=True)
class Names:
    """What groups and languages of a round may be called in a list, folded, by what they are here."""

    groups: Mapping[str, str]
    languages: Mapping[str, str]


def names_of(round_: Round) -> Names:
    """Groups by key and by their name in every language of the round; languages by code and name."""
    frozen = planned_content(round_)
    tongues = dict.fromkeys([frozen.benchmark.source_language, *round_.languages])
    groups = {_folded(group.key): group.key for group in round_.groups}
    for group in round_.groups:
        for language in tongues:
            groups.setdefault(_folded(frozen.text(f"group.{group.key}", language)), group.key)
    languages: dict[str, str] = {}
    for code in round_.languages:
        locale = Locale.parse(code)
        for name in (code, *(locale.get_display_name(other) for other in {code, *tongues, "en", "de", "ar"})):
            languages.setdefault(_folded(name or ""), code)
    return Names(groups, languages)


def read_list(data: bytes, names: Names, group: str = "", language: str = "") -> Report:
    """Every row with what it says, judged by itself; `group` and `language` stand in where a row says none.

    Raises Unreadable where it is no table at all.
    """
    report = Report()
    rows = rows_of(data)
    columns = _columns(rows[0][1])
    if columns is not None:
        used = set(columns.values())
        report.ignored = [cell for place, cell in enumerate(rows[0][1]) if cell and place not in used]
        rows = rows[1:]
    seen = report.lines
    for row in rows:
        said = _by_heading(row[1], columns) if columns is not None else _by_look(row[1], names)
        outcome = _judge(row, said, names, group, language)
        if isinstance(outcome, Person) and outcome.email in seen:
            what = _("The same address stands in line %(line)s already.", line=seen[outcome.email])
            outcome = Fault(row[0], outcome.email, what)
        if isinstance(outcome, Fault):
            report.faults.append(outcome)
        else:
            seen[outcome.email] = row[0]
            report.good.append(outcome)
    if not report.good and not report.faults:
        report.faults.append(Fault(1, "", _("There are headings, and no row below them.")))
    return report


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    """Where each column stands, when the first row holds headings."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        column = COLUMNS.get(_folded(cell))
        if column is not None:
            found.setdefault(column, place)
    return found if "email" in found else None


def _by_heading(cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, str]:
    return {column: cells[place] if place < len(cells) else "" for column, place in columns.items()}


def _by_look(cells: Iterable[str], names: Names) -> dict[str, str]:
    """Without headings a cell is what it looks like: an address, a group, a language, else a name."""
    said: dict[str, str] = {}
    for cell in cells:
        folded = _folded(cell)
        if "@" in cell:
            said.setdefault("email", cell)
            if "<" in cell and parseaddr(cell)[0]:
                said.setdefault("name", parseaddr(cell)[0])
        elif folded in names.groups:
            said.setdefault("group", cell)
        elif folded in names.languages:
            said.setdefault("language", cell)
        elif cell:
            said.setdefault("name", cell)
    return said


def _judge(row: Row, said: Mapping[str, str], names: Names, group: str, language: str) -> Person | Fault:
    number, cells = row
    written = said.get("email", "")
    if not written:
        return Fault(number, " ".join(filter(None, cells))[:80], _("There is no e-mail address in this row."))
    email = address_of(written)
    if email is None:
        return Fault(number, written[:80], _("This is not an e-mail address."))
    own_group = names.groups.get(_folded(said["group"])) if said.get("group") else group
    if not own_group:
        if said.get("group"):
            return Fault(
                number, email, _("The group “%(name)s” is not part of this round.", name=said["group"])
            )
        return Fault(number, email, _("It says no group. Choose one above the list, or add a column."))
    own_language = names.languages.get(_folded(said["language"])) if said.get("language") else language
    if not own_language:
        if said.get("language"):
            return Fault(
                number, email, _("The language “%(name)s” is not offered here.", name=said["language"])
            )
        return Fault(number, email, _("It says no language. Choose one above the list, or add a column."))
    return Person(email, said.get("name", "")[:MOST_LETTERS_OF_NAME], own_group, own_language)


def _folded(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
