"""Settings: typed, told where they are wrong, and every one of them documented."""

import os
import re
from collections.abc import Iterator
from dataclasses import fields
from fnmatch import fnmatch
from pathlib import Path

import pytest

from surveyapp.config import DEVELOPMENT_KEY, SettingError, Settings, sqlalchemy_url

ROOT = Path(__file__).parents[1]
NAMES = tuple(f"SURVEYAPP_{field.name.upper()}" for field in fields(Settings))


def test_settings_have_types() -> None:
    settings = Settings.from_environment(
        {
            "SURVEYAPP_TRUSTED_PROXIES": "2",
            "SURVEYAPP_LANGUAGES": "ar, de en",
            "SURVEYAPP_DEMO": "1",
            "SURVEYAPP_DATABASE_URL": "postgresql://db/survey",
            "SURVEYAPP_MAIL_URL": "smtps://user:p%40ss@mail.example:465",
            "PATH": "/bin",
        }
    )
    assert settings.trusted_proxies == 2
    assert settings.languages == ("ar", "de", "en")
    assert settings.demo is True
    assert sqlalchemy_url(settings.database_url) == "postgresql+psycopg://db/survey"


def test_nothing_needs_to_be_set_to_try_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_environment(dict.fromkeys(NAMES, ""))
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/surveyapp.sqlite"
    assert settings.queue_url == f"sqlite:///{tmp_path}/instance/queue.sqlite"
    assert settings.secret_key == settings.token_key == DEVELOPMENT_KEY
    assert settings.missing_for_production() == ["SURVEYAPP_SECRET_KEY", "SURVEYAPP_TOKEN_KEY"]
    assert settings.demo is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SURVEYAPP_SECRETKEY", "x"),
        ("SURVEYAPP_TRUSTED_PROXIES", "-1"),
        ("SURVEYAPP_TRUSTED_PROXIES", "²"),
        ("SURVEYAPP_TRUSTED_PROXIES", "99"),
        ("SURVEYAPP_DEMO", "yes"),
        ("SURVEYAPP_LANGUAGES", ","),
        ("SURVEYAPP_LANGUAGES", "en ../de"),
        ("SURVEYAPP_DATABASE_URL", "/var/lib/survey.sqlite"),
        ("SURVEYAPP_DATABASE_URL", "postgresql://db:port/survey"),
        ("SURVEYAPP_QUEUE_URL", "amqp://queue"),
        ("SURVEYAPP_MAIL_URL", "mail.example:25"),
        ("SURVEYAPP_MAIL_URL", "smtp://mail.example:99999"),
        ("SURVEYAPP_BASE_URL", "courses.example"),
        ("SURVEYAPP_TIMEZONE", "Europe/Atlantis"),
        ("SURVEYAPP_TIMEZONE", "../etc/passwd"),
        ("SURVEYAPP_TIMEZONE", "Europe"),
    ],
)
def test_what_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}: "):
        Settings.from_environment({name: value})


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_documented_setting_exists() -> None:
    named = set(re.findall(r"SURVEYAPP_[A-Z_]*[A-Z]", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named <= set(NAMES)


def own_files() -> Iterator[Path]:
    """Every file of the project: all that .gitignore does not name."""
    ignored = [".git", *(line.strip("/") for line in (ROOT / ".gitignore").read_text().splitlines() if line)]
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not any(fnmatch(name, pattern) for pattern in ignored)]
        yield from (Path(folder) / n for n in names if not any(fnmatch(n, pattern) for pattern in ignored))


# In parts, so that this file does not name them either
INDEXES = [
    "py" + "pi.",
    "python" + "hosted",
    "pi" + "wheels",
    "np" + "mjs",
    "ana" + "conda",
    "art" + "ifactory",
    "index" + "-url",
    "extra" + "-index",
]


def test_no_file_names_a_package_index() -> None:
    files = list(own_files())
    assert ROOT / "requirements.lock" in files
    for path in files:
        text = path.read_bytes().lower()
        for index in INDEXES:
            assert index.encode() not in text, f"{path.relative_to(ROOT)} names {index}"


def test_the_locks_hold_names_and_hashes_only() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        lines = (ROOT / name).read_text().splitlines()
        assert sum("--hash=sha256:" in line for line in lines) > 100
        assert not [line for line in lines if "://" in line]
