"""Languages: which are offered, which one this page speaks, and in which direction it runs."""

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import get_locale, refresh

from surveyapp.config import data_folder, locale_of
from surveyapp.extensions import babel

# `benchmark` words the packs and is read when a round opens; the others word the pages.
PAGE_CATALOGUES = ("answering", "report", "staff")
CATALOGUES = ("benchmark", *PAGE_CATALOGUES)
RESPONDENTS_CATALOGUES = ("benchmark", "answering", "report")

# Languages whose catalogues must be whole: `surveyapp translations check` holds them to it. A language is added here.
# What respondents and readers meet is there in more languages than the pages of staff, which fall back to English.
FOR_RESPONDENTS = ("en", "de", "ar")
FOR_STAFF = ("en", "de", "ar")

# Everything is written in it first: it has no catalogue, and is never a draft.
SOURCE = "en"

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


def catalogues_of(language: str) -> tuple[str, ...]:
    """What is translated into a language: pages of staff stand in English in most of them."""
    staff = language in FOR_STAFF or catalogue_path(language, "staff").exists()
    return CATALOGUES if staff else RESPONDENTS_CATALOGUES


def catalogue_path(language: str, domain: str) -> Path:
    return data_folder("translations") / language / "LC_MESSAGES" / f"{domain}.po"
