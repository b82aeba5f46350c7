"""Every file of the download by its name, each by itself or all of them in one."""

from collections.abc import Callable
from pathlib import Path

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from surveyapp.figures.codebook import codebook_csv
from surveyapp.figures.dataset import DISTRIBUTIONS, dataset_jsonld
from surveyapp.figures.packing import packed
from surveyapp.figures.workbook import figures_xlsx
from surveyapp.models.figures import figures_csv, figures_json
from surveyapp.models.perspectives import RoundPerspectives

HERE = Path(__file__).parent
ALL = "figures.zip"
DATASET = "dataset.jsonld"
SENTENCES = {
    "figures.xlsx": _l("A workbook to read and to calculate with, in the language you choose."),
    "figures.csv": _l("Every published figure, one in each line."),
    "figures.json": _l("The same figures for programs."),
    "codebook.csv": _l("What every column, code and question means."),
    "recompute.py": _l("Recomputes the figures with Python."),
    "recompute.R": _l("Recomputes the figures with R."),
    DATASET: _l("Tells an open data portal about the figures (DCAT-AP, licence CC BY 4.0)."),
}
MEDIA_TYPES = {name: media for name, (_, media) in DISTRIBUTIONS.items()} | {
    "recompute.py": "text/x-python",
    "recompute.R": "text/plain",
    DATASET: "application/ld+json",
    ALL: "application/zip",
}
# File -> how it is made from the published figures and, where it has words, a language
MAKERS: dict[str, Callable[[RoundPerspectives, str], bytes]] = {
    "figures.xlsx": figures_xlsx,
    "figures.csv": lambda told, _: figures_csv(told).encode(),
    "figures.json": lambda told, _: figures_json(told).encode(),
    "codebook.csv": lambda told, _: codebook_csv(told).encode(),
    "recompute.py": lambda _told, _: (HERE / "recompute.py").read_bytes(),
    "recompute.R": lambda _told, _: (HERE / "recompute.R").read_bytes(),
}


def file(told: RoundPerspectives, name: str, language: str) -> bytes:
    """One file, or ALL. Raises KeyError for a name that is none."""
    if name in MAKERS:
        return MAKERS[name](told, language)
    files = {one: make(told, language) for one, make in MAKERS.items()}
    with force_locale("en"):
        about = {one: str(sentence) for one, sentence in SENTENCES.items()}
    files[DATASET] = dataset_jsonld(told, files, about).encode()
    files[ALL] = packed({"README.txt": _readme(told, about), **files})
    return files[name]


def _readme(told: RoundPerspectives, about: dict[str, str]) -> bytes:
    round_ = told.round_
    title = f"{round_.city.name}: {told.prose.title}"
    text = (HERE / "readme.txt").read_text(encoding="utf-8")
    return text.format(
        city=round_.city.name,
        title=told.prose.title,
        line="=" * len(title),
        day=round_.closed_on,
        sample="Sample: everything is invented.\n" if round_.city.invented else "",
        files="\n".join(f"    {name:16}{sentence}" for name, sentence in about.items()),
        snapshot=told.snapshot,
    ).encode()
