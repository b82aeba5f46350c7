"""HTML to a tagged PDF for the archive. Pango comes from the system; without it only this part is missing."""

import base64
import contextlib
import gc
import io
import logging
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel import Locale

from surveyapp.config import PACKAGE
from surveyapp.progress import drawn

STYLESHEETS = ("web.css", "charts.css", "print.css", "sheets.css", "papers.css")
# Drawn hundreds of times on a sheet of slips: a picture is placed again, a drawing would be drawn again
IMAGES = ("paper-house.png", "paper-door.png", "paper-nobody.png")
INSTALL = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core"

# Of the PDF/A-3 family only "a" is tagged, which PDF/UA needs; WeasyPrint names one standard in the metadata,
# so the second is added here, with the description that PDF/A asks of every name it does not know.
VARIANT = "pdf/a-3a"
PDF_UA = b"""<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of the standard</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
END_OF_METADATA = b"</rdf:RDF>"

# What WeasyPrint says in its log of progress, before the number of the page
PAGE_LAID_OUT = "Creating layout - Page "

# --leading is left alone: it depends on the language.
TOKEN = re.compile(r"--(?!leading)([\w-]+):\s*([^;]+);")
USE_OF_TOKEN = re.compile(r"var\(--([\w-]+)\)")


class PdfUnavailable(RuntimeError):
    """The system lacks what draws text; the message holds the one line to run."""

    def __init__(self) -> None:
        super().__init__(f"PDF libraries are missing; run: {INSTALL}")


@dataclass(frozen=True)
class Attachment:
    """A file that goes along inside of the PDF: the data behind what is printed."""

    name: str
    text: str
    description: str
    day: date


def to_pdf(
    html: str, attachments: Sequence[Attachment] = (), laid_out: Callable[[int], None] | None = None
) -> bytes:
    """Renders a page that links nothing but STYLESHEETS and IMAGES, by their bare names, and pictures that it holds
    itself; the same page gives the same bytes.

    `laid_out` is called with the number of pages that stand so far. Dates come from the page's dcterms metadata.
    Raises PdfUnavailable.
    """
    weasyprint = _weasyprint()
    page = weasyprint.HTML(string=html, base_url="static:/", url_fetcher=_closed_fetcher())
    enclosed = [_enclosed(weasyprint, attachment) for attachment in attachments]
    # The tree of pages lives until the end: looking for garbage in it finds none and takes a tenth of the time.
    gc.disable()
    try:
        with _telling(laid_out):
            pdf: bytes = page.write_pdf(
                pdf_variant=VARIANT, finisher=_declare_accessible, attachments=enclosed
            )
    finally:
        gc.enable()
    return pdf


def _enclosed(weasyprint: Any, attachment: Attachment) -> Any:
    day = datetime.combine(attachment.day, datetime.min.time())
    return weasyprint.Attachment(
        string=attachment.text,
        name=attachment.name,
        description=attachment.description,
        created=day,
        modified=day,
        relationship="Data",
    )


@contextlib.contextmanager
def _telling(laid_out: Callable[[int], None] | None) -> Iterator[None]:
    """WeasyPrint tells how far it is in its log, and nowhere else."""
    if laid_out is None:
        yield
        return

    class Pages(logging.Handler):
        def __init__(self, tell: Callable[[int], None]) -> None:
            super().__init__()
            self.tell = tell

        def emit(self, record: logging.LogRecord) -> None:
            if PAGE_LAID_OUT in record.getMessage():
                self.tell(int(record.getMessage().rpartition(PAGE_LAID_OUT)[2]))

    logger, handler = logging.getLogger("weasyprint.progress"), Pages(laid_out)
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)


def _weasyprint() -> Any:
    # Imported here, not at the top: it loads Pango, which takes memory and may not be installed, and only
    # who makes a file needs it. Its own advice goes to standard output; ours names the packages.
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint
    except OSError as missing:
        raise PdfUnavailable from missing
    return weasyprint


def _closed_fetcher() -> Any:
    """Reads our own files and nothing else: no text in a report can make the server open an address."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Closed(URLFetcher):
        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            name = url.removeprefix("static:/")
            if url.startswith("data:image/png;base64,"):
                picture = base64.b64decode(url.partition(",")[2])
                return URLFetcherResponse(url, picture, {"Content-Type": "image/png"})
            if name in IMAGES:
                picture = (PACKAGE / "static" / name).read_bytes()
                return URLFetcherResponse(url, picture, {"Content-Type": "image/png"})
            if name not in STYLESHEETS:
                raise ValueError(f"a report may not fetch {url}")
            return URLFetcherResponse(url, _stylesheets()[name].encode(), {"Content-Type": "text/css"})

    return Closed()


@lru_cache
def _stylesheets() -> dict[str, str]:
    """Our stylesheets with the tokens written out: WeasyPrint looks var() up anew for every element, which
    takes a tenth of the time. print.css overrides web.css, whose dark tokens come second and do not count."""
    sheets = {name: (PACKAGE / "static" / name).read_text(encoding="utf-8") for name in STYLESHEETS}
    tokens: dict[str, str] = {}
    for sheet in reversed(sheets.values()):  # the last two have none
        for name, value in TOKEN.findall(sheet):
            tokens.setdefault(name, value)
    return {
        name: USE_OF_TOKEN.sub(lambda use: tokens.get(use[1], use[0]), sheet)
        for name, sheet in sheets.items()
    }


def _declare_accessible(_document: Any, pdf: Any) -> None:
    for item in pdf.objects:
        if getattr(item, "extra", {}).get("Type") == "/Metadata":
            item.stream = [part.replace(END_OF_METADATA, PDF_UA + END_OF_METADATA) for part in item.stream]


def missing_libraries() -> str:
    """What keeps PDFs from being made and how to mend it, in one line; empty when all is there."""
    try:
        _weasyprint()
    except PdfUnavailable as fault:
        return str(fault)
    return ""


def missing_glyphs(language: str) -> str:
    """Letters of the language's catalogues and calendar that no installed font can draw.

    A missing glyph is drawn as an empty box, and nothing says so.
    """
    drawable = _drawable()
    return "".join(sorted(letter for letter in _letters(language) if ord(letter) not in drawable))


def _letters(language: str) -> set[str]:
    locale = Locale.parse(language, sep="-" if "-" in language else "_")
    words = [*locale.months["format"]["wide"].values(), locale.get_display_name() or "", *drawn(language)]
    return {letter for letter in "".join(words) if letter.isprintable() and not letter.isspace()}


@lru_cache
def _drawable() -> frozenset[int]:
    """Code points for which some installed font has a glyph."""
    command = ["fc-list", "--format", "%{charset}\n"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True)
    ranges = {part for line in listed.stdout.splitlines() for part in line.split()}
    points: set[int] = set()
    for part in ranges:
        first, _, last = part.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(points)
