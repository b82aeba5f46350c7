"""The production server: granian for the pages, one child process for the jobs."""

import gc
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.server import Server

from surveyapp.cli.main import CannotDo

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

# Tokens are keys to somebody's answers: they never reach a log
TOKEN = re.compile(r"^/(i|join|stop|class|sign-in(?:/invited)?)/[^/?\s]+")
access_log = logging.getLogger("surveyapp.access")


def masked(path: str) -> str:
    """The path as a log may keep it, on one line: /i/... without its token."""
    return TOKEN.sub(r"/\1/…", "".join(letter if letter.isprintable() else "\ufffd" for letter in path))


def logged(app: Application) -> Application:
    """The application with one line a request: what was asked for, status, bytes and milliseconds; no address, no
    user agent, no token."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = time.perf_counter()
        status, size = "", "-"

        def start(code: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            nonlocal status, size
            status, size = code[:3], dict(headers).get("Content-Length", "-")
            return start_response(code, headers, exc_info)

        body = app(environ, start)
        took = (time.perf_counter() - began) * 1000
        path = masked(environ["PATH_INFO"])
        access_log.info("%s %s %s %s %dms", environ["REQUEST_METHOD"], path, status, size, took)
        return body

    return answer


def load() -> Application:
    """The application of one process of pages; after the fork, so that each opens its own connections."""
    from surveyapp.app import create_app

    leave_with_parent(signal.SIGTERM)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("[%(asctime)s] %(message)s", "%Y-%m-%d %H:%M:%S %z"))
    access_log.addHandler(handler)
    access_log.setLevel(logging.INFO)
    access_log.propagate = False
    app = create_app()
    # What is loaded now stays for good: the collector need not walk it with every few hundred requests
    gc.collect()
    gc.freeze()
    return logged(app)


def free_address(host: str, port: int) -> str:
    """The host's numeric address, where nobody listens yet: granian's processes share a port, and would share it with
    another service, too."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        socket.create_server(address[:2], family=family).close()
    except OSError as error:
        raise CannotDo(f"cannot serve at {host}, port {port}: {error.strerror}") from error
    return str(address[0])


def run(host: str, port: int, workers: int, with_worker: bool) -> None:
    """Serves until it is told to stop."""
    server = Server(
        "surveyapp",
        address=free_address(host, port),
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=4,
        respawn_failed_workers=True,
        workers_kill_timeout=10,  # who holds a connection open does not keep the service from stopping
    )
    if with_worker:
        jobs = JobProcess()
        server.on_startup(jobs.start)
        server.on_shutdown(jobs.stop)
    server.serve(target_loader=load, wrap_loader=False)


class JobProcess:
    """The worker as a child: started again when it dies, stopped with the server."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.stopping = False

    def start(self) -> None:
        threading.Thread(target=self._keep, daemon=True).start()

    def _keep(self) -> None:
        while not self.stopping:
            self.process = subprocess.Popen([sys.executable, "-m", "surveyapp", "worker"])
            self.process.wait()
            if not self.stopping:
                time.sleep(3)

    def stop(self) -> None:
        self.stopping = True
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()


def run_worker(app: Flask) -> None:
    """Runs jobs until it is told to stop, or until the server that started it is gone."""
    from surveyapp.extensions import queue

    leave_with_parent(signal.SIGINT)
    queue.consumer(app).run()


def leave_with_parent(how: signal.Signals) -> None:
    """Ends this process when the one that started it is gone, however it went."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(2)
        os.kill(os.getpid(), how)

    threading.Thread(target=watch, daemon=True).start()
