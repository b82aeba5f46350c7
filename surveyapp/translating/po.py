"""Catalogues as PO: one file, or all of a language in a zip; and reading what came back."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import PurePath

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, PoFileParser

from surveyapp.catalogues import po
from surveyapp.i18n import CATALOGUES
from surveyapp.translating.exchange import MOST_BYTES, Entry, Returned, Unreadable

NAMED = re.compile(r"catalogue “(\w+)”")


class Loose(Catalog):
    """Takes as many plural forms as a file has, so that a wrong number is told string by string."""

    num_plurals = 20


def packed(language: str, catalogues: Mapping[str, Catalog]) -> bytes:
    """All catalogues of a language as a zip."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for domain, catalogue in catalogues.items():
            archive.writestr(f"{language}/{domain}.po", po(catalogue))
    return packed.getvalue()


def read(data: bytes, name: str) -> Returned:
    """The strings of a PO file. Raises Unreadable."""
    catalogue = Loose()
    try:
        PoFileParser(catalogue, ignore_obsolete=True, abort_invalid=True).parse(
            io.BytesIO(data.removeprefix(b"\xef\xbb\xbf"))
        )
    except (PoFileError, ValueError, LookupError, TypeError, AttributeError) as fault:
        raise Unreadable(f"this is neither PO nor XLIFF 2: {str(fault) or type(fault).__name__}") from None
    if len(catalogue) and not catalogue.locale_identifier:
        raise Unreadable("the header of the PO file does not say which language it is in")
    told = NAMED.search(catalogue.header_comment)
    domain = told[1] if told else PurePath(name).stem
    entries = []
    for message in catalogue:
        if message.id:
            if isinstance(message.id, tuple):
                while message.string and not message.string[-1]:
                    message.string = message.string[:-1]
            entries.append(Entry(domain if domain in CATALOGUES else "?", message))
    return Returned(catalogue.locale_identifier or "", entries)


def read_packed(data: bytes) -> Returned:
    """The strings of every PO file in a zip. Raises Unreadable."""
    found: list[Returned] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name for name in archive.namelist() if name.endswith(".po")]
            left = MOST_BYTES
            for name in names:
                with archive.open(name) as file:
                    text = file.read(left + 1)
                left -= len(text)
                if left < 0:
                    raise Unreadable("what is packed in the file is too large")
                found.append(read(text, name))
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as fault:
        raise Unreadable(f"the zip cannot be read: {fault}") from None
    if len({each.language for each in found}) != 1:
        raise Unreadable("the zip does not hold the PO files of one language")
    return Returned(found[0].language, [entry for each in found for entry in each.entries])
