"""Settings from the environment, typed. Every field is documented in the README (a test compares)."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError

PREFIX = "SURVEYAPP_"
PACKAGE = Path(__file__).parent

# Good enough to try things on one machine; `surveyapp serve` and wsgi.py refuse to start with them.
DEVELOPMENT_KEY = "development-only-key-never-used-in-production"

# What each address may begin with: a wrong one is told at the start, not in the middle of the work.
SCHEMES = {
    "database_url": ("sqlite", "postgresql"),
    "queue_url": ("sqlite", "postgresql", "redis", "rediss", "memory"),
    "mail_url": ("smtp", "smtps", "log"),
    "base_url": ("http", "https"),
}


class SettingError(ValueError):
    """A setting that cannot be used; the message names it."""


def data_folder(name: str) -> Path:
    """`benchmark`, `translations` or `migrations`: beside the package in a checkout, inside it in a wheel."""
    beside = PACKAGE.parent / name
    return beside if (PACKAGE.parent / "pyproject.toml").exists() else PACKAGE / "data" / name


# Whole for whoever answers and whoever reads a report; `surveyapp translations check` holds them to it.
# A language is added here. Pages of staff are there in fewer: see i18n.FOR_STAFF.
FOR_RESPONDENTS = (
    "en", "de", "fr", "es", "ca", "it", "nl", "sv", "fi", "pl", "uk", "tr", "ar", "fa", "so", "ti",
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """One field per environment variable: `base_url` is SURVEYAPP_BASE_URL."""

    database_url: str
    queue_url: str
    secret_key: str = DEVELOPMENT_KEY
    token_key: str = DEVELOPMENT_KEY
    base_url: str = "http://127.0.0.1:8000"
    trusted_proxies: int = 0
    mail_url: str = "log:"
    mail_from: str = "surveyapp@localhost"
    languages: tuple[str, ...] = FOR_RESPONDENTS
    timezone: str = "UTC"
    metrics_token: str = ""
    operator: str = ""
    contact: str = ""
    enforcement: str = ""
    demo: bool = False

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Reads SURVEYAPP_*; an unknown name or an unusable value raises SettingError."""
        known = {PREFIX + field.name.upper(): field.name for field in fields(cls)}
        given = {name: value for name, value in environ.items() if name.startswith(PREFIX) and value}
        for name in given:
            if name not in known:
                raise SettingError(f"{name}: there is no such setting")
        values: dict[str, object] = {known[name]: value for name, value in given.items()}
        instance = Path("instance").resolve()
        values.setdefault("database_url", f"sqlite:///{instance}/surveyapp.sqlite")
        values.setdefault("queue_url", f"sqlite:///{instance}/queue.sqlite")
        for name, value in values.items():
            values[name] = _read(name, str(value))
        return cls(**values)  # type: ignore[arg-type]

    def missing_for_production(self) -> list[str]:
        """Names of the settings without which answers would not be safe."""
        keys = {"secret_key": self.secret_key, "token_key": self.token_key}
        return [PREFIX + name.upper() for name, key in keys.items() if key == DEVELOPMENT_KEY]


@lru_cache
def locale_of(language: str) -> Locale:
    """How a language writes numbers, dates and lists; English as in Europe, with the day before the month."""
    return Locale.parse("en_GB" if language == "en" else language.replace("-", "_"))


def is_language(code: str) -> bool:
    """Whether it is the code of a language, such as `de`."""
    try:
        Locale.parse(code)
    except (ValueError, UnknownLocaleError):
        return False
    return True


def _read(name: str, text: str) -> object:
    """The value of a field as its type."""
    if name in SCHEMES:
        return _address(name, text)
    if name == "trusted_proxies":
        return _number(name, text)
    if name == "languages":
        return _languages(name, text)
    if name == "timezone":
        return _zone(name, text)
    if name == "demo":
        return bool(_number(name, text, largest=1))
    return text


def _address(name: str, text: str) -> str:
    try:
        url = urlsplit(text)
        usable = url.scheme in SCHEMES[name] and (url.port is None or url.port > 0)
    except ValueError:  # a port that is no number
        usable = False
    if not usable:
        starts = ", ".join(f"{scheme}:" for scheme in SCHEMES[name])
        raise SettingError(f"{PREFIX}{name.upper()}: an address is needed that begins with one of {starts}")
    return text


def _number(name: str, text: str, largest: int = 20) -> int:
    if not re.fullmatch("[0-9]{1,2}", text) or int(text) > largest:
        raise SettingError(f"{PREFIX}{name.upper()}: a number from 0 to {largest} is needed, not {text!r}")
    return int(text)


def _languages(name: str, text: str) -> tuple[str, ...]:
    codes = tuple(text.replace(",", " ").split())
    for code in codes or ("",):
        if not is_language(code):
            raise SettingError(
                f"{PREFIX}{name.upper()}: {code!r} is no language: codes such as en de ar are needed"
            )
    return codes


def _zone(name: str, text: str) -> str:
    try:
        return text if text == "UTC" else ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones, or a path
        raise SettingError(
            f"{PREFIX}{name.upper()}: {text!r} is no time zone: a name such as Europe/Helsinki is needed"
        ) from None


def sqlalchemy_url(url: str) -> str:
    """`postgresql://` as people write it, with the driver we ship (psycopg 3)."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1)
