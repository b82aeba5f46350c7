"""What time it is. Times are stored in UTC without a zone; people give and read them in the city's own time."""

from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_datetime_format
from flask import current_app
from flask_babel import get_locale

from surveyapp.config import locale_of


def now() -> datetime:
    """UTC without a zone, as the database stores it."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def zone_name() -> str:
    """The zone in which this installation shows times and asks for them."""
    return str(current_app.config["TIMEZONE"])


def to_local(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC).astimezone(_zone(zone_name())).replace(tzinfo=None)


def to_utc(local: datetime) -> datetime:
    """An hour that the change of clocks takes away is read as if the clocks had not changed yet."""
    return local.replace(tzinfo=_zone(zone_name())).astimezone(UTC).replace(tzinfo=None)


def said(moment: datetime) -> str:
    """A stored time as people here say it, with its zone: 24 Nov 2026, 09:00 (Europe/Helsinki)."""
    local, locale = to_local(moment), locale_of(str(get_locale()))
    pattern = get_datetime_format("medium", locale=locale)  # how the language joins the two
    words = pattern.format(
        format_time(local, "short", locale=locale), format_date(local, "medium", locale=locale)
    )
    return f"{words} ({zone_name()})"


@lru_cache
def _zone(name: str) -> tzinfo:
    return UTC if name == "UTC" else ZoneInfo(name)  # works where the system has no list of zones
