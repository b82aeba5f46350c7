"""The production server: gunicorn for the pages, one child process for the jobs."""

import gc
import os
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

# Tokens are keys to somebody's answers: they never reach a log
TOKEN = re.compile(r"^/(i|join|stop|class|sign-in(?:/invited)?)/[^/?\s]+")


def masked(path: str) -> str:
    """The path as a log may keep it: /i/... without its token."""
    return TOKEN.sub(r"/\1/…", path)


class QuietLogger(Logger):
    """An access log without addresses, user agents and tokens.

    It writes its own line: gunicorn's first gathers every header and variable of a request, whatever the line asks for.
    """

    def access(self, resp: Any, req: Any, environ: Any, request_time: timedelta) -> None:
        path, status = masked(environ.get("PATH_INFO", "")), str(resp.status).split(None, 1)[0]
        took = request_time // timedelta(milliseconds=1)
        self.access_log.info(
            "%s %s %s %s %s %dms", self.now(), environ["REQUEST_METHOD"], path, status, resp.sent, took
        )


class Server(BaseApplication):
    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        from surveyapp.app import create_app  # after the fork: each process opens its own connections

        app = create_app()
        # What is loaded now stays for good: the collector need not walk it with every few hundred requests
        gc.collect()
        gc.freeze()
        return app


def run(host: str, port: int, workers: int, with_worker: bool) -> None:
    """Serves until it is told to stop."""
    jobs = JobProcess() if with_worker else None
    Server(
        {
            "bind": f"{host}:{port}",
            "workers": workers,
            "threads": 4,
            "worker_class": "gthread",
            "accesslog": "-",
            "logger_class": QuietLogger,
            "proc_name": "surveyapp",
            "graceful_timeout": 10,  # who holds a connection open does not keep the service from stopping
            "control_socket_disable": True,  # nothing outside this folder is written
            "when_ready": lambda _server: jobs.start() if jobs else None,
            "on_exit": lambda _server: jobs.stop() if jobs else None,
        }
    ).run()


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

    parent = os.getppid()

    def leave_with_parent() -> None:
        while os.getppid() == parent:
            time.sleep(2)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=leave_with_parent, daemon=True).start()
    queue.consumer(app).run()
