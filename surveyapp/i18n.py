"""Languages: which are offered, which one this page speaks, and in which direction it runs."""

import re
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import get_locale, refresh

from surveyapp.config import data_folder, locale_of
from surveyapp.extensions import babel

# What respondents, leads and readers see; the fourth catalogue, `benchmark`, words the packs and is
# read when a round opens (see wording()).
PAGE_CATALOGUES = ("answering", "report", "staff")
CATALOGUES = ("benchmark", *PAGE_CATALOGUES)

# Languages whose catalogues must be whole: `surveyapp translations check` holds them to it.
COMPLETE = ("en", "de", "ar")

# The header of every catalogue says so until a native speaker has read it.
DRAFT_NOTE = "Draft: not yet reviewed by a native speaker."

# Figures in several parts, such as a telephone number, and letters of a script that runs from right to left
IN_PARTS = re.compile(r"[+(]?\d[\d ()/.\-\u00a0\u2013]{3,}\d")
RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff]")


def init_app(app: Flask) -> None:
    folder = str(data_folder("translations"))
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join([folder] * len(PAGE_CATALOGUES))
    app.config["BABEL_DOMAIN"] = ";".join(PAGE_CATALOGUES)
    babel.init_app(app, locale_selector=choose_language)
    app.jinja_env.globals.update(
        page_language=page_language,
        direction=direction,
        endonym=endonym,
        offered_languages=offered_languages,
    )
    app.jinja_env.filters.update(number=number, day=day, in_order=in_order)
    app.before_request(_remember_language)


def _remember_language() -> None:
    asked = request.args.get("language") or (
        request.form.get("language") if request.method == "POST" else None
    )
    if asked in current_app.config["LANGUAGES"]:
        session["language"] = asked


def choose_language() -> str:
    """The language chosen by the person, else the invitation's, else the browser's, else the first offered."""
    if not has_request_context():
        return "en"
    offered = offered_languages()
    for wish in (session.get("language"), g.get("invitation_language")):
        if wish in offered:
            return wish
    return request.accept_languages.best_match(offered) or offered[0]


def offer(languages: list[str], wish: str | None = None) -> None:
    """Narrows this page to the languages of its round; `wish` is the invitation's own."""
    g.offered_languages = tuple(languages)
    g.invitation_language = wish
    refresh()


def offered_languages() -> tuple[str, ...]:
    """Codes of the languages of this page: those of the round, where the page belongs to one."""
    return g.get("offered_languages") or current_app.config["LANGUAGES"]


def page_language() -> str:
    return str(get_locale())


def number(value: float) -> str:
    """A number in the digits and separators of the page."""
    return str(format_decimal(value, locale=locale_of(page_language())))


def day(value: date) -> str:
    """A date in words: 5 October 2026."""
    return str(format_date(value, "long", locale=locale_of(page_language())))


def in_order(text: str) -> str:
    """Keeps a telephone number readable within words that run from right to left, where its parts would change places.

    The marks around it are characters (U+2066, U+2069), so that they hold in plain mail and on paper too.
    """
    return IN_PARTS.sub("\u2066\\g<0>\u2069", text) if RIGHT_TO_LEFT.search(text) else text


@lru_cache
def direction(language: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if Locale.parse(language).text_direction == "rtl" else "ltr"


@lru_cache
def endonym(language: str) -> str:
    """The language's name in itself; never a flag."""
    name = Locale.parse(language).get_display_name(language) or language
    return name[0].upper() + name[1:]


def catalogue_path(language: str, domain: str) -> Path:
    return data_folder("translations") / language / "LC_MESSAGES" / f"{domain}.po"


@lru_cache
def is_draft(language: str) -> bool:
    """Whether a catalogue of the language still says in its header that no native speaker has reviewed it."""
    paths = [catalogue_path(language, domain) for domain in CATALOGUES]
    return any(DRAFT_NOTE in path.read_text(encoding="utf-8")[:1000] for path in paths if path.exists())


Text = tuple[str | None, str]  # context and source of a translated text


def unfinished(language: str, domain: str, wanted: Collection[Text] | None = None) -> int:
    """How many texts have no translation into a language, or one of words that have changed since.

    Looks at the texts `wanted`, or at all that any language's catalogue knows.
    """
    if wanted is None:
        paths = data_folder("translations").glob(f"*/LC_MESSAGES/{domain}.po")
        wanted = {text for path in paths for text in _texts(path, path.stat().st_mtime)}
    path = catalogue_path(language, domain)
    known = _texts(path, path.stat().st_mtime) if path.exists() else {}
    return sum(not known.get(text, False) for text in wanted)


@lru_cache(maxsize=32)
def _texts(path: Path, _changed: float) -> dict[Text, bool]:
    """Every text of a catalogue, and whether its translation can be used."""
    with path.open("rb") as file:
        catalogue = read_po(file, ignore_obsolete=True)
    return {
        (message.context, _first(message.id)): bool(_first(message.string)) and not message.fuzzy
        for message in catalogue
        if message.id
    }


def _first(text: str | tuple[str, ...] | list[str]) -> str:
    return text if isinstance(text, str) else text[0]
