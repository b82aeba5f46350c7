"""Languages: which are offered, which one this page speaks, and in which direction it runs."""

from functools import lru_cache
from pathlib import Path

from babel import Locale
from flask import Flask, current_app, g, has_request_context, request, session
from flask_babel import get_locale, refresh

from surveyapp.config import data_folder
from surveyapp.extensions import babel

# What respondents, leads and readers see; the fourth catalogue, `benchmark`, words the packs and is
# read when a round opens (see wording()).
PAGE_CATALOGUES = ("answering", "report", "staff")
CATALOGUES = ("benchmark", *PAGE_CATALOGUES)

# Languages whose catalogues must be whole: `surveyapp translations check` holds them to it.
COMPLETE = ("en", "de", "ar")

# The header of every catalogue says so until a native speaker has read it.
DRAFT_NOTE = "Draft: not yet reviewed by a native speaker."


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
