"""Background work: the row is the truth, the queue is a nudge. Jobs get ids and are safe to run twice."""

from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey, crontab
from huey.serializer import SignedSerializer

Job = Callable[..., None]


class Queue:
    """Collects jobs at import time and binds them to an application's queue when one is needed."""

    def __init__(self) -> None:
        self._jobs: list[Job] = []
        self._sweeps: list[Job] = []

    def job(self, function: Job) -> Job:
        """Registers a job; `queue.nudge(function, id)` has the worker run it."""
        self._jobs.append(function)
        return function

    def sweep(self, function: Job) -> Job:
        """Registers what runs every minute, to pick up what a crash left behind."""
        self._sweeps.append(function)
        return function

    def nudge(self, job: Job, *arguments: Any) -> None:
        """Asks the worker to run `job`; call it after the commit that wrote the row."""
        self.bound(current_app._get_current_object())[1][job](*arguments)  # type: ignore[attr-defined]

    def consumer(self, app: Flask) -> Any:
        """The worker loop; `.run()` blocks until told to stop. It looks every second: somebody waits for a link."""
        return self.bound(app)[0].create_consumer(
            workers=1, max_delay=1, periodic=True, check_worker_health=True
        )

    def pending(self, app: Flask) -> int:
        """How many jobs wait; raises where the queue cannot be reached."""
        return int(self.bound(app)[0].pending_count())

    def bound(self, app: Flask) -> tuple[Huey, dict[Job, Job]]:
        """The queue of this application and its tasks, opened on first use (commands that need none open none)."""
        if "queue" not in app.extensions:
            huey = open_queue(app.config["QUEUE_URL"], app.config["SECRET_KEY"])
            for sweep in self._sweeps:
                huey.periodic_task(crontab(minute="*"))(_within(app, sweep))
            app.extensions["queue"] = huey, {job: huey.task()(_within(app, job)) for job in self._jobs}
        return app.extensions["queue"]


def _within(app: Flask, function: Job) -> Job:
    def run(*arguments: Any) -> None:
        with app.app_context():
            function(*arguments)

    run.__name__ = function.__name__
    return run


def open_queue(url: str, secret: str) -> Huey:
    """SqliteHuey, RedisHuey or PostgresHuey by URL; `memory:` runs jobs at once, for tests."""
    # huey pickles: the signature keeps someone who can write to the queue, but lacks the key, from running code
    options: dict[str, Any] = {"name": "surveyapp", "results": False, "serializer": SignedSerializer(secret)}
    if url.startswith("sqlite:///"):
        return SqliteHuey(filename=url.removeprefix("sqlite:///"), **options)
    if url.startswith(("redis://", "rediss://")):
        return RedisHuey(url=url, **options)
    if url.startswith("postgresql://"):
        return PostgresHuey(dsn=url, **options)
    if url == "memory:":
        return Huey(immediate=True, **options)
    raise ValueError(f"SURVEYAPP_QUEUE_URL: sqlite:///, redis:// or postgresql:// is needed, not {url!r}")
