"""The figures as a text for a terminal."""

from collections.abc import Iterator, Sequence

from tests.load.measuring import Measured

STEPS = ("start page", "static file", "start", "factor page", "save", "review", "send")


def lines(name: str, measured: Measured, concurrency: int) -> Iterator[str]:
    done = max(measured.completions, 1)
    size, requests = measured.first_page
    yield f"{name}: {measured.completions} of {len(measured.visits)} completed, {concurrency} at a time"
    yield f"  {measured.completions / measured.seconds:.1f} completions/s in {measured.seconds:.1f} s"
    yield f"  {measured.requests / done:.1f} requests per completion"
    yield (
        f"  {measured.cpu_per_completion:.4f} CPU-seconds per completion "
        f"(service {measured.service_cpu / done:.4f}, database {measured.database_cpu / done:.4f})"
    )
    peaks = ", ".join(f"{peak / 1e6:.0f}" for peak in sorted(measured.memory, reverse=True))
    yield f"  {sum(measured.memory) / 1e6:.0f} MB at most in all processes of the service ({peaks})"
    yield f"  first page: {size / 1000:.1f} kB in {requests} requests"
    yield f"  factor page: {measured.factor_page / 1000:.1f} kB at most; its scripts {measured.scripts / 1000:.1f} kB"
    complaints = f"{len(measured.complaints)} complaints (stored is not what was sent, or the log warns)"
    yield f"  {len(measured.errors)} errors, {complaints}"
    yield f"  {'step':<12} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'queries':>8} {'CPU ms':>8}"
    timings = [timing for made in measured.visits for timing in made.timings]
    for step in STEPS:
        taken = sorted(seconds for kind, seconds in timings if kind == step)
        if not taken:
            continue
        shares = "".join(f" {1000 * _share(taken, part):>8.1f}" for part in (0.50, 0.95, 0.99))
        cost = measured.costs[step]
        yield f"  {step:<12}{shares} {cost.most_queries:>8} {1000 * cost.median_seconds:>8.2f}"
    for missed in measured.missed():
        yield f"  MISSED: {missed}"


def _share(ordered: Sequence[float], part: float) -> float:
    """The value below which this part of all values lies (nearest rank)."""
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)]
