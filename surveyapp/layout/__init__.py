"""The frame of every page, and the one page that only says something."""

from typing import NamedTuple

from flask import render_template
from werkzeug.wrappers import Response

from surveyapp.models import City

Page = str | tuple[str, int] | Response


class CityName(NamedTuple):
    """As much of a city as the frame of a page shows."""

    name: str
    invented: bool


def message(
    title: str,
    text: str,
    status: int = 200,
    city: City | CityName | None = None,
    further: tuple[str, str] | None = None,
) -> tuple[str, int]:
    """A page that says one thing kindly: what is the matter, and what one can do; `further` is a link, words first."""
    page = render_template("layout/message.html", title=title, text=text, city=city, further=further)
    return page, status
