"""Everything that is published of a round, as bytes: whoever adds an output adds a line to OUTPUTS.

How many people came is the lead's to know, group by group and exactly (pages of participation, classes and odd
answers): those pages tell nothing of what was said and stand elsewhere. All that tells what was said is here.
"""

import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import openpyxl
from flask.testing import FlaskClient

from surveyapp.figures.bundle import ALL, file
from surveyapp.models import Round
from surveyapp.models.perspectives import round_findings, round_perspectives
from surveyapp.reports.actions import page
from surveyapp.reports.document import Edition

SECRET_OF_THE_FORM = re.compile(r'(name="csrf_token" value=)"[^"]*"')


@dataclass(frozen=True)
class Town:
    rounds: Mapping[str, Round]
    readers: Mapping[str, FlaskClient]
    """Role -> browser in which somebody with this role has signed in."""


Published = dict[str, str]
"""Name of an output -> all of it: words, attributes, classes, titles."""

Publish = Callable[[Town, Round], Published]


def _pages(role: str, *paths: str) -> Publish:
    """Pages of a round; `{factor}` stands for each of its factors."""

    def read(town: Town, round_: Round) -> Published:
        told = {}
        for path in dict.fromkeys(path.format(factor=factor) for path in paths for factor in round_.factors):
            answer = town.readers[role].get(f"/rounds/{round_.key}{path}")
            assert answer.status_code == 200, path
            told[f"{path} ({role})"] = SECRET_OF_THE_FORM.sub(r"\1", answer.text)
        return told

    return read


def _list_of_rounds(town: Town, round_: Round) -> Published:
    return {"rounds": SECRET_OF_THE_FORM.sub(r"\1", town.readers["viewer"].get("/rounds").text)}


def _file(kind: str, edition: Edition) -> Publish:
    return lambda town, round_: {
        f"{kind}, {edition}": page(round_perspectives(round_), kind, "en", edition).html
    }


def _figures(_town: Town, round_: Round) -> Published:
    """Every file of the download, the workbook cell by cell."""
    with zipfile.ZipFile(io.BytesIO(file(round_perspectives(round_), ALL, "en"))) as bundle:
        files = {name: bundle.read(name) for name in bundle.namelist()}
    told = {name: data.decode() for name, data in files.items() if not name.endswith(".xlsx")}
    book = openpyxl.load_workbook(io.BytesIO(files["figures.xlsx"]))
    for sheet in book:
        told[f"figures.xlsx, {sheet.title}"] = repr([[cell.value for cell in row] for row in sheet])
    return told


OUTPUTS: tuple[Publish, ...] = (
    lambda town, round_: {"findings.json": json.dumps(round_findings(round_).as_json())},
    _figures,
    _pages("lead", "", "/comments", "/report", "/figures"),
    _pages("viewer", "", "/factors/{factor}", "/figures.csv"),
    _list_of_rounds,
    _file("report", "public"),
    _file("report", "internal"),
    _file("leaflet", "public"),
    _file("workshop", "internal"),
)


def published(town: Town, round_: Round) -> Published:
    """All outputs of a round, as they stand now."""
    return {name: text for output in OUTPUTS for name, text in output(town, round_).items()}
