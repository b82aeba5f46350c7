"""Languages: which are offered, which one this page speaks, and in which direction it runs."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask, current_app, g, has_request_context, render_template, request, session
from flask_babel import get_domain, get_locale, refresh
from markupsafe import Markup

from surveyapp.config import data_folder, locale_of
from surveyapp.extensions import babel

# `benchmark` words the packs and is read when a round opens; the others word the pages.
PAGE_CATALOGUES = ("answering", "report", "staff")
CATALOGUES = ("benchmark", *PAGE_CATALOGUES)
RESPONDENTS_CATALOGUES = ("benchmark", "answering", "report")

# Pages of staff are there in fewer languages than what respondents and readers meet (config.FOR_RESPONDENTS).
FOR_STAFF = ("en", "de", "ar")
# Pages of staff that anybody may open: signing in, the page of a class, the stage of the demo
OPEN_TO_ALL = ("accounts", "factors", "passkeys", "members", "class_page", "stage")

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
    # Flask-Babel takes the rule for plurals from the last catalogue: every language has `answering`, few have `staff`
    app.config["BABEL_DOMAIN"] = ";".join(reversed(PAGE_CATALOGUES))
    babel.init_app(app, locale_selector=choose_language)
    app.jinja_env.globals.update(
        page_language=page_language,
        direction=direction,
        endonym=endonym,
        offered_languages=offered_languages,
        other_languages=other_languages,
        all_languages=all_languages,
    )
    app.jinja_env.globals["_"] = said
    app.jinja_env.filters.update(number=number, day=day, in_order=in_order)
    app.before_request(_remember_choices)
    app.before_request(_offer_what_is_there)


def _remember_choices() -> None:
    """Language and size of the text, chosen on any page: they stay in the browser's session and nowhere else."""
    asked = request.args.get("language") or (
        request.form.get("language") if request.method == "POST" else None
    )
    if asked in current_app.config["LANGUAGES"]:
        session["language"] = asked
    size = request.values.get("text") if request.args or request.method == "POST" else None
    if size in ("large", "normal"):
        session["large"] = size == "large"


def _offer_what_is_there() -> None:
    """A page of staff is offered in the languages it is translated into: elsewhere its words would be English and
    said to be something else."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "access_rule", "public") != "public" or request.blueprint in OPEN_TO_ALL:
        whole = [code for code in current_app.config["LANGUAGES"] if code in FOR_STAFF]
        g.offered_languages = tuple(whole) or (SOURCE,)


def choose_language() -> str:
    """The language chosen by the person, else the invitation's, else the browser's, else the first offered."""
    if not has_request_context():
        return "en"
    offered = offered_languages()
    for wish in (session.get("language"), g.get("invitation_language")):
        if wish in offered:
            return wish
    return request.accept_languages.best_match(offered) or offered[0]


def offer(languages: Sequence[str], wish: str | None = None) -> None:
    """Narrows this page to the languages of its round; `wish` is the invitation's own."""
    g.offered_languages = tuple(languages)
    g.invitation_language = wish
    refresh()


def offered_languages() -> tuple[str, ...]:
    """Codes of the languages of this page: those of the round, where the page belongs to one."""
    return g.get("offered_languages") or current_app.config["LANGUAGES"]


def page_language() -> str:
    # Where Flask-Babel keeps what get_locale() has worked out: a page asks several dozen times
    held = request._get_current_object() if has_request_context() else None  # type: ignore[attr-defined]
    return _tag(getattr(held, "babel_locale", None) or get_locale())


@lru_cache
def _tag(locale: Locale) -> str:
    return str(locale)


def said(text: str, **values: Any) -> Markup:
    """What `_()` says in a template: the text in the page's language, with values put in and escaped."""
    return _said(page_language(), text) % values


@lru_cache(maxsize=8192)
def _said(_language: str, text: str) -> Markup:
    return Markup(get_domain().get_translations().ugettext(text))  # noqa: S704  (our own catalogues)


def other_languages(by_form: bool = False) -> Markup:
    """The other languages of the page to choose from, as buttons of its form or as links."""
    return _languages(offered_languages(), page_language(), bool(by_form))


def all_languages() -> Markup:
    """Every language of the page at a glance, for the first page of all."""
    return _languages(offered_languages(), page_language(), by_form=False, all_=True)


@lru_cache(maxsize=256)
def _languages(offered: tuple[str, ...], here: str, by_form: bool, all_: bool = False) -> Markup:
    codes = [code for code in offered if all_ or code != here]
    return Markup(render_template("layout/languages.html", codes=codes, by_form=by_form))  # noqa: S704


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
