"""A benchmark as plain data: what a round stores when it opens, and reads ever after."""

from typing import Any

import msgspec

from surveyapp.benchmark.model import Benchmark

# msgspec works a type out at its first use and crashes where two threads do so at once: done here, on import
msgspec.json.Decoder(Benchmark)


def to_data(benchmark: Benchmark) -> dict[str, Any]:
    """Dicts, lists, texts, numbers and flags only, ready for `json.dumps`."""
    data: dict[str, Any] = msgspec.to_builtins(benchmark)
    return data


def from_data(data: dict[str, Any]) -> Benchmark:
    """The benchmark that `to_data` was given, also after a journey through JSON.

    Raises msgspec.ValidationError where the data is not a benchmark.
    """
    return msgspec.convert(data, Benchmark)
