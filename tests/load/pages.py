"""What each kind of page costs, seen from inside: one walk per group and language, one request at a time."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from time import thread_time
from typing import Any

from flask import Flask
from sqlalchemy import event
from werkzeug.serving import WSGIRequestHandler, make_server

from surveyapp.database import db
from tests.load.browser import step
from tests.load.invited import GROUPS, LANGUAGES, application, invite
from tests.load.respondent import visit


@dataclass
class Costs:
    """Per request of one kind: statements sent to the database, and CPU seconds in the service."""

    queries: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def most_queries(self) -> int:
        return max(self.queries)

    @property
    def median_seconds(self) -> float:
        return median(self.seconds)


def page_costs(database_url: str) -> dict[str, Costs]:
    """By kind of page, in the order of the walk. A walk that fails raises RuntimeError."""
    keys = {"secret_key": "s" * 32, "token_key": "t" * 32}
    with application({"database_url": database_url, "queue_url": "memory:", **keys}) as app:
        _, people = invite("pages", len(GROUPS) * len(LANGUAGES))
        db.session.remove()
        meter = Meter(app)
        with _served(app) as port:
            for person in people:
                if error := visit(person, port).error:
                    raise RuntimeError(f"counting queries: {error}")
        return meter.costs


class Meter:
    """Stands around the application and counts what each request takes."""

    def __init__(self, app: Flask) -> None:
        self.costs: dict[str, Costs] = {}
        self.queries = 0
        self.inner: Callable[..., Any] = app.wsgi_app
        app.wsgi_app = self  # type: ignore[method-assign]
        event.listen(db.engine, "before_cursor_execute", self._count)

    def _count(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.queries += not statement.startswith("BEGIN")  # a transaction's frame asks nothing

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        self.queries, began = 0, thread_time()
        answer = self.inner(environ, start_response)
        costs = self.costs.setdefault(step(environ["REQUEST_METHOD"], environ["PATH_INFO"]), Costs())
        costs.seconds.append(thread_time() - began)
        costs.queries.append(self.queries)
        return answer


class Silent(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"  # keeps the connection, as granian does

    def log(self, *_: Any) -> None:
        """Links are keys: nothing of them is printed."""


@contextmanager
def _served(app: Flask) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, app, request_handler=Silent)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
