"""One town whose rounds are answered anew for every example: opening a round costs more than answering it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from surveyapp.database import db
from tests.builders import lead
from tests.comparison.closed import sign_in
from tests.conftest import make_app, within
from tests.disclosure.outputs import Town
from tests.disclosure.rounds import ROUNDS, closed


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Iterator[Town]:
    path = tmp_path_factory.mktemp("town") / "town.sqlite"
    shutil.copy(migrated_sqlite, path)
    for app in within(make_app(f"sqlite:///{path}")):
        rounds = {key: closed(key) for key in ROUNDS}
        [city] = {round_.city for round_ in rounds.values()}
        readers = {role: app.test_client() for role in ("lead", "viewer")}
        for role, client in readers.items():
            sign_in(client, lead(city, f"{role}@example.org", role))
        db.session.commit()
        yield Town(rounds, readers)
