"""A real database for every test: a copy of a migrated one, SQLite or PostgreSQL. Nothing is mocked."""

import os
import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Engine, event

from surveyapp import catalogues, i18n, progress
from surveyapp.app import create_app
from surveyapp.config import Settings, data_folder
from surveyapp.extensions import db, security
from surveyapp.models import drafting
from tests.postgres import Cluster

for name in [name for name in os.environ if name.startswith("SURVEYAPP_")]:
    del os.environ[name]  # a developer's own settings must not colour the tests


@event.listens_for(Engine, "connect")
def _wait_for_no_disk(connection: Any, _record: Any) -> None:
    """No test cuts the power; a killed process loses nothing either way."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture(scope="session", autouse=True)
def _compiled_catalogues() -> None:
    catalogues.compile_all()


@pytest.fixture
def translated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """German and Arabic as the project has them, in a folder where a test may spoil them."""
    copied = tmp_path / "translations"
    for language in ("de", "ar"):
        shutil.copytree(data_folder("translations") / language, copied / language)
    for module in (catalogues, drafting, i18n, progress):
        monkeypatch.setattr(
            module, "data_folder", lambda name: copied if name == "translations" else data_folder(name)
        )
    return copied


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A throw-away PostgreSQL server."""
    with Cluster() as running:
        yield running


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "template.sqlite"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(cluster: Cluster) -> str:
    migrate(cluster.create("template"))
    return "template"


def migrate(url: str) -> None:
    app = create_app(Settings(database_url=url, queue_url="memory:"))
    with app.app_context():
        upgrade()
        if url.startswith("sqlite"):
            db.session.execute(db.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()


class Browser(FlaskClient):
    """A client whose requests share no session with the test: as in life, only what is committed is seen."""

    def open(self, *arguments: Any, **options: Any) -> Any:
        if has_app_context():  # a thread of its own has none
            db.session.rollback()
        with self.application.app_context():
            return super().open(*arguments, **options)


def make_app(url: str, mail_url: str = "log:", **settings: object) -> Flask:
    """The application as it is after its start: built once with such settings, and lent to one test after another."""
    app, config, extensions = _built(url, i18n.data_folder("translations"), **settings)
    for kept, first in ((app.config, config), (app.extensions, extensions)):
        kept.clear()
        kept.update(first)
    app.config["MAIL_URL"] = mail_url
    security.pwd_context.update(argon2__rounds=1, argon2__memory_cost=64)  # weak hashes, quickly made
    with app.app_context():
        db.engine.dispose()  # what is open leads to the database of the test before
    return app


@lru_cache(maxsize=8)
def _built(url: str, _translations: Path, **settings: object) -> tuple[Flask, dict, dict]:
    """An application, its configuration and its extensions. Building one takes longer than most tests, and its first
    pages and queries do again: templates and statements are compiled."""
    given = {
        "queue_url": "memory:",
        "secret_key": "s" * 32,
        "token_key": "t" * 32,
        "languages": ("en", "de", "ar"),
        **settings,
    }
    app = create_app(Settings(database_url=url, **given))  # type: ignore[arg-type]
    app.config["WTF_CSRF_ENABLED"] = False  # tests of the token itself switch it on
    app.test_client_class = Browser
    app.testing = False  # error pages as a person sees them
    return app, dict(app.config), dict(app.extensions)


@pytest.fixture
def sqlite_url(migrated_sqlite: Path) -> str:
    """A fresh database, always at the same address, so that applications can be lent."""
    path = migrated_sqlite.with_name("test.sqlite")
    for old in path.parent.glob("test.sqlite*"):
        old.unlink()  # and not written over: somebody may still have it open
    shutil.copy(migrated_sqlite, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(cluster: Cluster, migrated_postgres: str) -> Iterator[str]:
    yield cluster.create("test", template=migrated_postgres)
    cluster.drop("test")


@pytest.fixture(params=["sqlite", "postgresql"])
def each_url(request: pytest.FixtureRequest) -> str:
    """Run the test on both databases."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture
def app(sqlite_url: str) -> Iterator[Flask]:
    yield from within(make_app(sqlite_url))


@pytest.fixture
def each_app(each_url: str) -> Iterator[Flask]:
    """The application on SQLite, then on PostgreSQL."""
    yield from within(make_app(each_url))


def within(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
