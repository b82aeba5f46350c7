"""The figures as a workbook (XLSX) to read and to count on: no formulas, and numbers where numbers are told."""

import io
import re
from datetime import datetime, time

from flask_babel import force_locale
from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from surveyapp.charts.words import Words
from surveyapp.figures import sheets
from surveyapp.figures.packing import packed, unpacked
from surveyapp.figures.sheets import Content, Percent, Phrases
from surveyapp.i18n import direction
from surveyapp.models.figures import FORMULA_STARTS
from surveyapp.models.perspectives import RoundPerspectives

LONGEST_TITLE = 31
FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
CORE = "docProps/core.xml"
HEAD = Font(bold=True)
TOP = Alignment(vertical="top", wrap_text=True)


def figures_xlsx(told: RoundPerspectives, language: str) -> bytes:
    """Five sheets worded in `language`; the same published figures give the same bytes."""
    words = Words(told.frozen, language)
    book = Workbook()
    book.remove(book.active)
    with force_locale(language):
        phrases = Phrases(words)
        # Title, rows, what stays in sight when one scrolls, widths of columns (the last holds for all that follow)
        for title, rows, frozen, widths in (
            (_("Overview"), sheets.overview, "B3", (38, 18)),
            (_("Factors"), sheets.factors, "B2", (38, 22, 50, 30, 12, 26, 16)),
            (_("Questions"), sheets.questions, "A2", (38, 26, 60, 12, 30, 16)),
            (_("Comments"), sheets.comments, "A2", (38, 26, 80, 60)),
            (_("Method"), sheets.method, "A2", (60, 100)),
        ):
            sheet = book.create_sheet(FORBIDDEN.sub(" ", title)[:LONGEST_TITLE])
            for number, row in enumerate(rows(told, words, phrases), 1):
                for column, content in enumerate(row, 1):
                    _fill(sheet.cell(number, column), content)
            _lay_out(sheet, frozen, widths, direction(language) == "rtl")
    return _closed(book, told, words)


def _fill(cell: Cell, content: Content) -> None:
    cell.alignment = TOP
    if isinstance(content, Percent):
        cell.value, cell.number_format = content.value, "0%"
    elif isinstance(content, str):
        # As text whatever it begins with: people wrote some of it
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", content)
        cell.data_type = "s"
        cell.quotePrefix = content.startswith(FORMULA_STARTS)
    else:
        cell.value = content


def _lay_out(sheet: Worksheet, frozen: str, widths: tuple[int, ...], right_to_left: bool) -> None:
    """Head rows stay in sight on the screen and stand on every printed page."""
    sheet.freeze_panes = frozen
    sheet.sheet_view.rightToLeft = right_to_left
    for column in range(sheet.max_column):
        letter = sheet.cell(1, column + 1).column_letter
        sheet.column_dimensions[letter].width = widths[min(column, len(widths) - 1)]
    head = int(frozen[1:]) - 1
    for row in sheet.iter_rows(max_row=head):
        for cell in row:
            cell.font = HEAD
    sheet.print_title_rows = f"1:{head}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True


def _closed(book: Workbook, told: RoundPerspectives, words: Words) -> bytes:
    """Names the city and nobody else; the day on which the round was closed stands for every time."""
    round_ = told.round_
    assert round_.closed_on is not None, "results are shown of closed rounds only"
    closed = datetime.combine(round_.closed_on, time())
    properties = book.properties
    properties.creator, properties.created, properties.language = round_.city.name, closed, words.language
    properties.title = f"{round_.city.name}: {words.text('title')}, {told.prose.title}"
    out = io.BytesIO()
    book.save(out)
    files = unpacked(out.getvalue())
    files[CORE] = MODIFIED.sub(rb"\g<1>" + f"{closed:%Y-%m-%dT%H:%M:%SZ}".encode(), files[CORE])
    return packed(files)
