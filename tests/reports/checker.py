"""What makes a PDF accessible and fit for the archive, as far as a program can see it.

Our own rules: conformance with PDF/A and PDF/UA is proven only by a validator such as veraPDF.
"""

import io
import re
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pikepdf

BOX = re.compile(
    r'<page width="(?P<width>[\d.]+)" height="(?P<height>[\d.]+)">'
    r'|<word xMin="(?P<x>-?[\d.]+)" yMin="[-\d.]+" xMax="(?P<x2>[\d.]+)" yMax="(?P<y2>[\d.]+)">(?P<word>[^<]*)'
)
HEADINGS = ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")


def faults(pdf: bytes, language: str, tables: int = 5) -> list[str]:
    """`tables`: as many are there at least."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [*_document(document, language), *_fonts(document), *_structure(document, tables)]


def _document(document: pikepdf.Pdf, language: str) -> Iterator[str]:
    root = document.Root
    with document.open_metadata() as metadata:
        if metadata.get("pdfaid:part") != "3" or metadata.get("pdfaid:conformance") != "A":
            yield "metadata do not say PDF/A-3a"
        if metadata.get("pdfuaid:part") != "1":
            yield "metadata do not say PDF/UA-1"
        if not metadata.get("dc:title"):
            yield "no title"
    if str(root.get("/Lang", "")) != language:
        yield "language is not set"
    if not root.get("/MarkInfo", pikepdf.Dictionary()).get("/Marked", False):
        yield "not tagged"
    if not root.get("/ViewerPreferences", pikepdf.Dictionary()).get("/DisplayDocTitle", False):
        yield "a reader would show the file name, not the title"
    if "/OutputIntents" not in root:
        yield "no output intent: colours are not defined"
    with document.open_outline() as outline:
        if not outline.root:
            yield "no bookmarks"
    if any("/JavaScript" in str(key) for key in root.keys()):  # noqa: SIM118  (a PDF dictionary, not a dict)
        yield "holds a script"


def attached(pdf: bytes) -> dict[str, str]:
    """Files that belong to the document (PDF/A-3) as its data, by name."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return {
            str(item.UF): item.EF.F.read_bytes().decode()
            for item in document.Root.get("/AF", ())
            if item.AFRelationship == "/Data" and item.EF.F.Subtype == "/text/csv"
        }


def _fonts(document: pikepdf.Pdf) -> Iterator[str]:
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            embedded = any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            if not embedded:
                yield f"font {item.get('/FontName')} is not embedded"


def _structure(document: pikepdf.Pdf, tables: int) -> Iterator[str]:
    tags = list(_tags(document.Root.StructTreeRoot))
    levels = [HEADINGS.index(tag) + 1 for tag in tags if tag in HEADINGS]
    if not levels or levels[0] != 1:
        yield "does not begin with a heading of the first level"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"heading level jumps from {before} to {after}"
    found = list(_tables(document.Root.StructTreeRoot))
    if len(found) < tables or any("/TH" not in _tags(table) for table in found):
        yield "tables without header cells"
    if "/Document" not in tags:
        yield "no document tag"


def _tables(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Tables, each once: inside it WeasyPrint tags its parts as tables again."""
    if isinstance(node, pikepdf.Dictionary):
        if node.get("/S") == "/Table":
            yield node
        elif "/K" in node:
            yield from _tables(node["/K"])
    elif isinstance(node, pikepdf.Array):
        for child in node:
            yield from _tables(child)


def _tags(node: pikepdf.Object) -> Iterator[str]:
    if isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node["/S"])
        if "/K" in node:
            yield from _tags(node["/K"])
    elif isinstance(node, pikepdf.Array):
        for child in node:
            yield from _tags(child)


def qpdf_check(path: Path) -> str:
    """Output of `qpdf --check`; raises CalledProcessError where the file is broken."""
    return subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=True).stdout


def text_of(path: Path) -> str:
    """The words a reader's machine would find, page by page, parted by form feeds."""
    return subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    ).stdout


def pages_of(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


def cut_off(path: Path) -> list[str]:
    """Words that reach over the edge of their page."""
    told = subprocess.run(
        ["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    found, width, height = [], 0.0, 0.0
    for page in BOX.finditer(told):
        if page["word"] is None:
            width, height = float(page["width"]), float(page["height"])
        elif not (float(page["x"]) >= 0 and float(page["x2"]) <= width and float(page["y2"]) <= height):
            found.append(page["word"])
    return found
