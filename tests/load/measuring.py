"""Sends people through a running service, some at a time, and holds what came of it against the bars."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass

from tests.load.browser import step
from tests.load.databases import Database
from tests.load.invited import application, invite
from tests.load.ledger import complaints
from tests.load.pages import Costs, page_costs
from tests.load.processes import cpu_seconds, peak_memory
from tests.load.respondent import Person, Visit, visit
from tests.load.service import Service

LONGEST = 900  # seconds for one database; whoever has not started by then counts as an error

# The bars. LimeSurvey 6.2.1 on the machine where they were set: 0.21 CPU-seconds with nine questions on
# one page, 0.415 with one a page; first page 816 kB in 36 requests.
CPU_SECONDS = 0.08
FIRST_PAGE_BYTES = 50_000
FIRST_PAGE_REQUESTS = 4
FACTOR_PAGE_BYTES = 20_000
SCRIPT_BYTES = 6_000
FACTOR_PAGE_SECONDS = 0.010
QUERIES = 8
# Sending answers with the receipt, which is read again: once per person
QUERIES_OF_SENDING = 11


@dataclass(frozen=True)
class Measured:
    """One database's figures, of `visits` only; times in seconds, memory in bytes.

    Errors and complaints count in the warm-up too: a service just started must serve as well as a warm one.
    """

    warm_up: Sequence[Visit]
    visits: Sequence[Visit]
    seconds: float
    service_cpu: float
    database_cpu: float
    memory: Sequence[int]
    complaints: Sequence[str]
    costs: dict[str, Costs]

    @property
    def completions(self) -> int:
        return sum(made.acknowledged for made in self.visits)

    @property
    def errors(self) -> list[str]:
        return [f"{made.person.group}: {made.error}" for made in (*self.warm_up, *self.visits) if made.error]

    @property
    def requests(self) -> int:
        return sum(len(made.timings) for made in self.visits)

    @property
    def cpu_per_completion(self) -> float:
        return (self.service_cpu + self.database_cpu) / max(self.completions, 1)

    @property
    def first_page(self) -> tuple[int, int]:
        """Bytes and requests until the start page stands, for the person with the heaviest."""
        weights = [_first_page(made) for made in self.visits]
        return max((size for size, _ in weights), default=0), max(
            (number for _, number in weights), default=0
        )

    @property
    def factor_page(self) -> int:
        """Bytes of the heaviest page of questions, without what a browser has already."""
        return max(
            (size for made in self.visits for path, size in made.weights if _is_factor(path)), default=0
        )

    @property
    def scripts(self) -> int:
        """Bytes of all scripts that one person loads."""
        return max(
            (sum(size for path, size in made.weights if ".js" in path) for made in self.visits), default=0
        )

    def missed(self) -> list[str]:
        """Every bar that was not reached, in words."""
        size, requests = self.first_page
        most = {kind: QUERIES_OF_SENDING if kind == "send" else QUERIES for kind in self.costs}
        queries = {
            kind: cost.most_queries for kind, cost in self.costs.items() if cost.most_queries > most[kind]
        }
        found = list(self.complaints)
        if self.errors:
            found.append(f"{len(self.errors)} errors, first: {self.errors[0]}")
        if self.cpu_per_completion > CPU_SECONDS:
            found.append(f"{self.cpu_per_completion:.3f} CPU-seconds per completion, at most {CPU_SECONDS}")
        if size >= FIRST_PAGE_BYTES:
            found.append(f"first page {size} bytes, under {FIRST_PAGE_BYTES}")
        if requests > FIRST_PAGE_REQUESTS:
            found.append(f"first page {requests} requests, at most {FIRST_PAGE_REQUESTS}")
        if self.factor_page >= FACTOR_PAGE_BYTES:
            found.append(f"factor page {self.factor_page} bytes, under {FACTOR_PAGE_BYTES}")
        if self.scripts >= SCRIPT_BYTES:
            found.append(f"scripts {self.scripts} bytes, under {SCRIPT_BYTES}")
        if (median := self.costs["factor page"].median_seconds) >= FACTOR_PAGE_SECONDS:
            found.append(f"factor page {1000 * median:.1f} ms of CPU, under {1000 * FACTOR_PAGE_SECONDS:.0f}")
        return [*found, *(f"{kind}: {n} queries, at most {most[kind]}" for kind, n in queries.items())]


def measure(kind: AbstractContextManager[Database], people: int, concurrency: int) -> Measured:
    """Starts the service on a new database, sends `people` through it and compares."""
    with kind as database:
        with Service(database.url) as service, application(service.settings):
            warm_up = 2 * concurrency
            round_, invited = invite("load", warm_up + people)
            warmed, _ = _send(invited[:warm_up], service.port, concurrency)
            service_before, database_before = _used(service.process.pid), _used(database.process)
            visits, seconds = _send(invited[warm_up:], service.port, concurrency)
            service_after, database_after = _used(service.process.pid), _used(database.process)
            memory = peak_memory(service.process.pid)
            found = [*complaints([*warmed, *visits], round_), *service.warnings()]
        return Measured(
            warm_up=warmed,
            visits=visits,
            seconds=seconds,
            service_cpu=service_after - service_before,
            database_cpu=database_after - database_before,
            memory=memory,
            complaints=found,
            costs=page_costs(database.url),
        )


def _send(people: Sequence[Person], port: int, concurrency: int) -> tuple[list[Visit], float]:
    began = time.monotonic()

    def in_time(person: Person) -> Visit:
        if time.monotonic() - began > LONGEST:
            return Visit(person, error="never came to start: the service was too slow")
        return visit(person, port)

    with ThreadPoolExecutor(concurrency) as crowd:
        visits = list(crowd.map(in_time, people))
    return visits, time.monotonic() - began


def _is_factor(path: str) -> bool:
    return step("GET", path) == "factor page"


def _used(process: int | None) -> float:
    return cpu_seconds(process) if process is not None else 0.0


def _first_page(made: Visit) -> tuple[int, int]:
    """Everything before the person presses Start."""
    steps = [kind for kind, _ in made.timings]
    number = steps.index("start") if "start" in steps else len(steps)
    return sum(size for _, size in made.weights[:number]), number
