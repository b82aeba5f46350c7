"""Every language that is there: fonts draw it, its header is honest, it has a glossary and scales that are clear."""

import gettext
import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale, get_domain

from surveyapp import catalogues, pdf
from surveyapp.benchmark import Wording, find_packs, load
from surveyapp.config import FOR_RESPONDENTS, PACKAGE, data_folder
from surveyapp.i18n import CATALOGUES, DRAFT_NOTE, FOR_STAFF, SOURCE, catalogue_path
from surveyapp.pdf import missing_glyphs
from surveyapp.places import PLACES, place
from surveyapp.soundness import flaws

LANGUAGES = catalogues.languages()
PACKS = list(find_packs(data_folder("benchmark")))


@pytest.fixture(scope="module")
def gathered() -> dict[str, Catalog]:
    return catalogues.gather()


def test_the_languages_that_must_be_whole_are_there() -> None:
    assert set(FOR_STAFF) <= set(FOR_RESPONDENTS)
    assert set(FOR_RESPONDENTS) <= {SOURCE, *LANGUAGES}


@pytest.mark.parametrize("language", [SOURCE, *LANGUAGES])
def test_installed_fonts_draw_every_letter(language: str) -> None:
    assert missing_glyphs(language) == ""


def test_letters_of_every_form_and_beyond_the_first_plane_are_looked_for(
    translated: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = catalogues.read("de", "staff")
    plural = next(message for message in staff if isinstance(message.id, tuple) and message.id)
    plural.string = (plural.string[0], "\U0001e900 \U00013000")  # Adlam, Egyptian hieroglyphs
    catalogues.write("de", "staff", staff)
    drawable = pdf._drawable() - {ord("\U0001e900"), ord("\U00013000"), ord("Q"), ord("ß")}
    monkeypatch.setattr(pdf, "_drawable", lambda: frozenset(drawable))
    assert set(missing_glyphs("de")) == {"\U0001e900", "\U00013000", "Q", "ß"}
    assert missing_glyphs("en") == "Q", "English stands in the sources"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_header_says_whether_a_native_speaker_has_read_it(language: str) -> None:
    for domain in CATALOGUES:
        path = catalogue_path(language, domain)
        if path.exists():
            comment = "".join(
                re.findall(r"^#.*\n", path.read_text(encoding="utf-8").partition("msgid")[0], re.M)
            )
            assert DRAFT_NOTE in comment or "Reviewed by a native speaker" in comment, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_glossary(language: str) -> None:
    path = data_folder("translations") / language / "GLOSSARY.md"
    rows = re.findall(r"^\|(?! *:?-)[^|\n]+\|[^|\n]+\|", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) - 1 >= 20, path


def scales() -> Iterator[tuple[str, str, Wording]]:
    for folder in PACKS:
        scale = load(folder).scale
        yield folder.name, "standard", scale.standard
        if scale.plain:
            yield folder.name, "plain", scale.plain


@pytest.mark.parametrize("language", [SOURCE, *LANGUAGES])
@pytest.mark.parametrize(("pack", "voice", "wording"), list(scales()))
def test_no_two_answers_read_the_same(language: str, pack: str, voice: str, wording: Wording) -> None:
    labels = {f"scale.{voice}.{step.code}": step.label for step in wording.steps}
    labels[f"scale.{voice}.dk"] = wording.dont_know
    assert len(labels) == 5
    if language != SOURCE:
        known = catalogues.read(language, "benchmark")
        found = {key: known.get(text, f"{pack}/{key}") for key, text in labels.items()}
        labels = {key: message.string for key, message in found.items() if message and message.string}
        assert len(labels) == 5 or language not in FOR_RESPONDENTS
    words = [re.sub(r"[\W_]+", " ", label).strip().casefold() for label in labels.values()]
    assert len(set(words)) == len(words), labels


@pytest.mark.parametrize("language", [code for code in FOR_RESPONDENTS if code != SOURCE])
def test_every_language_counts_by_its_own_rule(app: Flask, language: str) -> None:
    """Also those without a catalogue for staff, of which English rules once took the place."""
    with catalogue_path(language, "answering").open("rb") as file:
        written = gettext.c2py(read_po(file, locale=language).plural_expr)
    with app.test_request_context(), force_locale(language):
        taken = get_domain().get_translations().plural
    numbers = range(130)
    assert [taken(number) for number in numbers] == [written(number) for number in numbers]


def test_every_string_says_where_it_is_shown(gathered: dict[str, Catalog]) -> None:
    bare = {
        name
        for domain in ("answering", "report", "staff")
        for message in gathered[domain]
        for name, _line in message.locations
        if message.id and not place(name.removeprefix("surveyapp/"))
    }
    assert bare == set(), "say in places.py where strings of these files are shown"
    silent = [
        message.id
        for each in gathered.values()
        for message in each
        if message.id and not message.auto_comments
    ]
    assert silent == []
    invitation = next(message for message in gathered["answering"] if "{name}" in str(message.id))
    assert invitation.auto_comments[0] == "Invitation mail and reminders"
    assert "Words in braces" in invitation.auto_comments[1], "what the source says of the string comes after"


def test_every_place_is_one_of_the_package() -> None:
    assert [name for name in PLACES if not (PACKAGE / name).exists()] == []


@pytest.mark.parametrize(
    ("sources", "strings", "forms", "flaw"),
    [
        (["Go on"], ["Weiter"], 2, None),
        (["Page %(now)d"], ["Seite %(now)d"], 2, None),
        (["Page %(now)d"], ["Seite %(now)s"], 2, "placeholders differ in 'Seite %(now)s'"),
        (["Page %(now)d"], ["Seite"], 2, "placeholders differ in 'Seite'"),
        (["Go on"], ["Weiter %(now)d"], 2, "placeholders differ in 'Weiter %(now)d'"),
        (["Page %(now)d"], ["Seite %(now)d, 50 %"], 2, "a percent sign too many in 'Seite %(now)d, 50 %'"),
        (["Half of them"], ["50 % davon"], 2, "a percent sign too many in '50 % davon'"),
        (["Hello {name}"], ["Guten Tag"], 2, "placeholders differ in 'Guten Tag'"),
        (["Go on"], ["<script>alert(1)</script>"], 2, "placeholders differ in '<script>alert(1)</script>'"),
        (["Go on"], ["Weiter <b"], 2, "placeholders differ in 'Weiter <b'"),
        (["%(num)d text", "%(num)d texts"], ["ein Text", "%(num)d Texte"], 2, None),
        (["%(num)d text", "%(num)d texts"], ["ein Text"], 2, "2 plural forms are needed"),
        (["%(num)d text", "%(num)d texts"], ["ein Text", ""], 2, "2 plural forms are needed"),
        (["%(num)d text", "%(num)d texts"], ["ein", "%(num)d", "viele"], 2, "2 plural forms are needed"),
        (["Go on"], ["Weiter", "Weiter"], 2, "it has no plural forms"),
        (["Go on"], [" "], 2, "empty"),
        (["Go on"], ["Wei\x07ter"], 2, "control character U+0007"),
        (["Go on"], ["Wei\r\nter"], 2, "control character U+000D"),
        (["Go on"], ["\u202eretieW"], 2, "control character U+202E"),
        (["Go on"], ["می\u200cخواهم \u2066123\u2069"], 2, None),
    ],
)  # fmt: skip
def test_what_can_be_wrong_with_a_translation(
    sources: list[str], strings: list[str], forms: int, flaw: str | None
) -> None:
    assert list(flaws(sources, strings, forms, formatted=True)) == ([flaw] if flaw else [])


def test_a_text_that_no_page_formats_may_have_a_percent_sign() -> None:
    assert list(flaws(["Half of them"], ["50 % davon"], 2, formatted=False)) == []
