"""Pages that are drawn once in a process, for nobody, with blanks where a person's own values go.

All who are asked in one group and language see the same page but for what they said. Drawing it is a large part of a
request's work, so it is done once: inside of an empty request, where nothing can be read of the person who happens to
come first.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, Protocol, TypeVar

from flask import current_app, render_template, request, session
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from surveyapp.i18n import offer, page_language

# Nobody knows it, so nobody can write it into a text
_MARK = secrets.token_hex(8)
_BLANK = re.compile(f"{_MARK}<([^>]+)>")

# Text of the page and names of blanks, in turn
Drawn = tuple[str, ...]


def blank(name: str) -> Markup:
    """Stands in a page for a value to come."""
    return Markup(f"{_MARK}<{name}>")  # noqa: S704  (names are ours)


class Shown(Protocol):
    """What a page is about, the same for everybody who sees it; can be hashed."""

    @property
    def languages(self) -> Sequence[str]: ...


S = TypeVar("S", bound=Shown)


@dataclass(frozen=True)
class Look(Generic[S]):
    """What a page depends on but for a person's values."""

    shown: S
    language: str
    large: bool
    shared: bool
    sample: bool
    root: str

    @classmethod
    def here(cls, shown: S) -> "Look[S]":
        """The look of this request's pages."""
        return cls(
            shown,
            page_language(),
            bool(session.get("large")),
            bool(session.get("shared")),
            current_app.config["DEMO"],
            request.script_root,
        )

    def draw(self, template: str, **values: Any) -> Drawn:
        """Renders a template whose values may be blanks."""
        with current_app.test_request_context(environ_overrides={"SCRIPT_NAME": self.root}):
            session.update(language=self.language, large=self.large, shared=self.shared)
            offer(self.shown.languages)
            text = render_template(template, csrf_token=lambda: blank("csrf_token"), **values)
        return tuple(_BLANK.split(text))


def fill(drawn: Drawn, values: Mapping[str, str]) -> str:
    """The page with a person's values; KeyError for a blank that has none."""
    known = session.get("csrf_token")
    token = _token(known, current_app.secret_key) if known else generate_csrf()
    own = {"csrf_token": token, **values}
    return "".join(escape(own[part]) if number % 2 else part for number, part in enumerate(drawn))


@lru_cache(maxsize=4096)
def _token(_of_session: str, _key: str) -> str:
    """The token of this session's forms, signed once: it is good as long as the session is."""
    return generate_csrf()
