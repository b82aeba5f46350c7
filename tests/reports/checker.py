"""What makes a PDF accessible and fit for the archive, as far as a program can see it.

Our own rules: conformance with PDF/A and PDF/UA is proven only by a validator such as veraPDF.
"""

import io
import subprocess
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pikepdf

HEADINGS = ("/H1", "/H2", "/H3", "/H4", "/H5", "/H6")


def faults(pdf: bytes, language: str) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [*_document(document, language), *_fonts(document), *_structure(document)]


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


def _fonts(document: pikepdf.Pdf) -> Iterator[str]:
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            embedded = any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            if not embedded:
                yield f"font {item.get('/FontName')} is not embedded"


def _structure(document: pikepdf.Pdf) -> Iterator[str]:
    tags = list(_tags(document.Root.StructTreeRoot))
    levels = [HEADINGS.index(tag) + 1 for tag in tags if tag in HEADINGS]
    if not levels or levels[0] != 1:
        yield "does not begin with a heading of the first level"
    for before, after in pairwise(levels):
        if after > before + 1:
            yield f"heading level jumps from {before} to {after}"
    if tags.count("/Table") < 5 or tags.count("/TH") < tags.count("/Table"):
        yield "tables without header cells"
    if "/Document" not in tags:
        yield "no document tag"


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
