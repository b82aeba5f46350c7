"""A new database of each kind, set up as in production: what is acknowledged is on the disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import Cluster


@dataclass(frozen=True)
class Database:
    """`process` is the server's, None where the database runs inside the service."""

    url: str
    process: int | None


class DurableCluster(Cluster):
    """With the disk flushes that the tests do without."""

    def __enter__(self) -> "DurableCluster":
        super().__enter__()
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=on -c synchronous_commit=on"
        self._run(
            "pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "-o", options, "restart"
        )
        return self

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def process(self) -> int:
        return int((self.data / "postmaster.pid").read_text().split()[0])


@contextmanager
def sqlite() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="surveyapp-load-") as folder:
        yield Database(f"sqlite:///{folder}/load.sqlite", None)


@contextmanager
def postgresql() -> Iterator[Database]:
    with DurableCluster() as cluster:
        yield Database(cluster.create("load"), cluster.process)


KINDS = {"sqlite": sqlite, "postgresql": postgresql}
