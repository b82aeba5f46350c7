"""Catalogues as one file of XLIFF 2, for the tools of translators; and reading what came back.

One <file> a catalogue, one <unit> a string. A string with plural forms is one unit with a segment a form, whose id
says which: plural-0, plural-1 ... Placeholders stay what they are in the text: `translations import` compares them.
"""

from collections.abc import Iterator, Mapping
from gettext import c2py
from itertools import islice
from xml.etree import ElementTree as ET  # writes only; what came back is read by defusedxml

from babel.messages.catalog import Catalog, Message
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from surveyapp.i18n import CATALOGUES, SOURCE, direction
from surveyapp.progress import forms
from surveyapp.translating.exchange import Entry, Returned, Unreadable, unit_id

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
XML = "http://www.w3.org/XML/1998/namespace"
OUTDATED = "surveyapp:outdated"
PLURAL = "plural-"
# Marks of a tool that leave the text as it is; every other element within a text stands for something
TRANSPARENT = {f"{{{NAMESPACE}}}{name}" for name in ("mrk", "sm", "em", "pc")}


def xliff(language: str, catalogues: Mapping[str, Catalog], reviewed: bool) -> bytes:
    """The catalogues as one document; `reviewed` says that a native speaker has read what is translated."""
    ET.register_namespace("", NAMESPACE)
    document = ET.Element(
        _name("xliff"), {"version": "2.0", "srcLang": SOURCE, "trgLang": language.replace("_", "-")}
    )
    for domain, catalogue in catalogues.items():
        about = {
            "id": domain,
            "original": f"{domain}.po",
            "canResegment": "no",
            "trgDir": direction(language),
        }
        file = ET.SubElement(document, _name("file"), {**about, f"{{{XML}}}space": "preserve"})
        for message in catalogue:
            if message.id:
                _add_unit(file, message, catalogue, reviewed)
    ET.indent(document, " ")
    return bytes(ET.tostring(document, encoding="utf-8", xml_declaration=True)) + b"\n"


def _add_unit(file: ET.Element, message: Message, catalogue: Catalog, reviewed: bool) -> None:
    named = {"name": message.context} if message.context else {}
    unit = ET.SubElement(file, _name("unit"), {"id": unit_id(message), **named})
    notes = ET.SubElement(unit, _name("notes"))
    for category, text in _notes(message, catalogue):
        ET.SubElement(notes, _name("note"), {"category": category}).text = text
    strings = forms(message.string)
    if len(forms(message.id)) == 1:
        _add_segment(unit, {}, forms(message.id)[0], (strings or [""])[0], message.fuzzy, reviewed)
        return
    for number in range(catalogue.num_plurals):
        source = forms(message.id)[0 if 1 in _numbers(catalogue, number) else 1]
        string = strings[number] if number < len(strings) else ""
        _add_segment(unit, {"id": f"{PLURAL}{number}"}, source, string, message.fuzzy, reviewed)


def _add_segment(
    unit: ET.Element, about: dict[str, str], source: str, string: str, outdated: bool, reviewed: bool
) -> None:
    state = {"state": "reviewed" if reviewed else "translated"}
    if not string:
        state = {"state": "initial"}
    elif outdated:
        state = {"state": "initial", "subState": OUTDATED}
    segment = ET.SubElement(unit, _name("segment"), {**about, **state})
    ET.SubElement(segment, _name("source")).text = source
    if string:
        ET.SubElement(segment, _name("target")).text = string


def _notes(message: Message, catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Context, where it is shown, what the glossary says, and which form is for which numbers."""
    if message.context:
        yield "context", message.context
    for number, comment in enumerate(message.auto_comments):
        yield ("glossary" if message.context and number else "shown"), comment
    yield from (("location", name) for name, _line in message.locations)
    if len(forms(message.id)) > 1:
        for form in range(catalogue.num_plurals):
            numbers = ", ".join(str(number) for number in islice(_numbers(catalogue, form), 6))
            yield "plural", f"{PLURAL}{form}: numbers such as {numbers}"


def _numbers(catalogue: Catalog, form: int) -> list[int]:
    """Numbers for which a language uses one of its plural forms."""
    which = c2py(catalogue.plural_expr)
    return [number for number in range(1001) if which(number) == form]


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def read(data: bytes) -> Returned:
    """The strings of a document. Raises Unreadable."""
    try:
        document = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise Unreadable("the XML holds declarations of its own (DTD), which are not read") from None
    except (ParseError, ValueError, LookupError) as fault:
        raise Unreadable(f"this is no XML: {fault}") from None
    if document.tag != _name("xliff"):
        raise Unreadable(f"XLIFF 2 is needed, and this is <{document.tag}>")
    language = document.get("trgLang", "")
    if not language:
        raise Unreadable("the file does not say into which language it translates (trgLang)")
    entries = [
        _entry(file.get("id", ""), unit)
        for file in document.iter(_name("file"))
        for unit in file.iter(_name("unit"))
    ]
    return Returned(language, entries)


def _entry(domain: str, unit: ET.Element) -> Entry:
    flaw = ""
    parts: list[tuple[str, str, str]] = []
    unfinished = False
    for part in unit:
        if part.tag in (_name("segment"), _name("ignorable")):
            source, target = part.find(_name("source")), part.find(_name("target"))
            if strange := _strange(source) or _strange(target):
                flaw = f"placeholders must stay text, and there is a <{strange}>"
            words = _text(source)
            between = words if part.tag == _name("ignorable") else ""
            parts.append((part.get("id", ""), words, between if target is None else _text(target)))
            unfinished |= part.get("state", "initial") == "initial" and part.get("subState") == OUTDATED
    locations = [
        (note.text or "", None) for note in unit.iter(_name("note")) if note.get("category") == "location"
    ]
    if any(name.startswith(PLURAL) for name, _source, _target in parts):
        forms_ = {name: target for name, _source, target in parts}
        message_id: str | tuple[str, ...] = tuple(dict.fromkeys(source for _name, source, _target in parts))
        wanted = [f"{PLURAL}{number}" for number in range(len(parts))]
        if set(forms_) != set(wanted):
            flaw = "the segments of the plural forms are not as they were"
        string: str | tuple[str, ...] = tuple(forms_.get(name, "") for name in wanted)
    else:
        message_id = "".join(source for _name, source, _target in parts)
        string = "".join(target for _name, _source, target in parts)
    message = Message(
        message_id, string, locations, {"fuzzy"} if unfinished else (), context=unit.get("name")
    )
    return Entry(domain if domain in CATALOGUES else "?", message, unit.get("id", ""), flaw)


def _text(element: ET.Element | None) -> str:
    return "" if element is None else "".join(element.itertext())


def _strange(element: ET.Element | None) -> str:
    """The name of an element that stands for something in a text."""
    inside = [] if element is None else list(element.iter())[1:]
    return next((each.tag.rpartition("}")[2] for each in inside if each.tag not in TRANSPARENT), "")
