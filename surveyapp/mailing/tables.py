"""A pasted text, a CSV or an XLSX file as numbered rows of text. Knows nothing of addresses.

Files come from strangers' spreadsheets: every limit here is checked before the content is held in memory.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice

from defusedxml import DefusedXmlException
from flask_babel import gettext as _
from openpyxl import load_workbook

MOST_BYTES = 5_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 30
MOST_LETTERS = 500  # of a cell
MOST_UNPACKED = 40_000_000  # an XLSX file of 20 000 rows unpacks to about 5 MB
DELIMITERS = (";", "\t", ",")

Row = tuple[int, list[str]]


class Unreadable(ValueError):
    """The file cannot be used at all; the text says why, in the page's language."""


def rows_of(data: bytes) -> list[Row]:
    """Rows that are not blank, each with the number a spreadsheet or editor shows. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 5 MB."))
    read = _of_workbook(data) if data.startswith(b"PK\x03\x04") else _of_text(_decoded(data))
    rows = list(
        islice(_filled(read), MOST_ROWS + 2)
    )  # one for the headings, one to notice that it is too long
    if len(rows) > MOST_ROWS + 1:
        raise Unreadable(_("The list has more than 20,000 rows. Please split it."))
    if not rows:
        raise Unreadable(_("There is nothing in this list."))
    return rows


def _filled(read: Iterable[Row]) -> Iterator[Row]:
    for number, cells in read:
        # a table may go on for a million blank rows
        if number > 5 * MOST_ROWS:
            raise Unreadable(_("The list has more than 20,000 rows. Please split it."))
        tidy = [" ".join(cell.replace("\x00", "").split())[:MOST_LETTERS] for cell in cells[:MOST_COLUMNS]]
        if any(tidy):
            yield number, tidy


def _decoded(data: bytes) -> str:
    """Spreadsheets write UTF-8 with or without a mark, UTF-16, or the old Windows letters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _of_text(text: str) -> Iterator[Row]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    before = 0
    try:
        for cells in lines:
            yield before + 1, cells
            before = lines.line_num  # a quoted cell may hold line ends: the row began after the one before
    except csv.Error as error:
        raise Unreadable(
            _("Line %(number)s cannot be read as a table.", number=lines.line_num or before + 1)
        ) from error


def _delimiter(text: str) -> str:
    """What parts the columns, seen from the first line that has something in it."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(DELIMITERS, key=first.count)


def _of_workbook(data: bytes) -> Iterator[Row]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise Unreadable(_("The file is larger than it looks. Please save the list as CSV."))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size may be wrong
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
            yield number, ["" if cell is None else str(cell) for cell in cells]
    except Unreadable:
        raise
    except (DefusedXmlException, zipfile.BadZipFile, KeyError, IndexError, ValueError, TypeError,
            AttributeError, SyntaxError, EOFError, OSError, NotImplementedError, RuntimeError) as error:  # fmt: skip
        raise Unreadable(
            _("This is not a spreadsheet we can read. Please save it as XLSX or CSV.")
        ) from error
