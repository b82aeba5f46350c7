"""`surveyapp serve` as in production: two workers, keys of its own, its log in a file."""

import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

WORKERS = 2
PATIENCE = 60  # seconds for the service to come up
GRAVE = re.compile(r"\[(WARNING|ERROR|CRITICAL)\]|Traceback|Fatal|^database: ")


class Service:
    """Runs within a `with`; `settings` are those of Settings that whoever issues its links must share."""

    def __init__(self, database_url: str) -> None:
        self.settings = {
            "database_url": database_url,
            "secret_key": secrets.token_hex(32),
            "token_key": secrets.token_hex(32),
        }

    def __enter__(self) -> "Service":
        self.folder = tempfile.TemporaryDirectory(prefix="surveyapp-load-")
        self.log = Path(self.folder.name) / "log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.settings["queue_url"] = f"sqlite:///{self.folder.name}/queue.sqlite"
        self.settings["base_url"] = f"http://127.0.0.1:{self.port}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SURVEYAPP_")}
        environment |= {f"SURVEYAPP_{name.upper()}": value for name, value in self.settings.items()}
        command = [sys.executable, "-m", "surveyapp", "serve", "--migrate"]
        command += ["--port", str(self.port), "--workers", str(WORKERS)]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        self._wait()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.folder.cleanup()

    def warnings(self) -> list[str]:
        """What its log says beside requests and its own start: a worker that died, a database that failed."""
        said = self.log.read_text(errors="replace").splitlines()
        return [line for line in said if GRAVE.search(line)]

    def _wait(self) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(OSError):
                connection = HTTPConnection("127.0.0.1", self.port, timeout=5)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            time.sleep(0.2)
        said = self.log.read_text(errors="replace")
        self.__exit__()
        raise RuntimeError(f"the service does not start:\n{said}")
