"""A benchmark as plain data, whole or reduced: what a round stores when it opens, and reads ever after."""

from typing import Any

import msgspec

from surveyapp.benchmark.model import Benchmark, Group, KeyFactor

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


def select(benchmark: Benchmark, factors: tuple[str, ...], groups: tuple[str, ...]) -> Benchmark:
    """The pack with these factors and groups only, in the pack's own order.

    `self_group` becomes None where that group is left out. Raises KeyError for a key the pack does not
    have and ValueError where nothing would be left.
    """
    if not factors or not groups:
        raise ValueError("a selection needs at least one factor and one group")
    kept_factors = {benchmark.factor(key).key for key in factors}
    kept_groups = {benchmark.group(key).key for key in groups}

    def reduced_group(group: Group) -> Group:
        order = tuple(key for key in group.order if key in kept_factors)
        return msgspec.structs.replace(group, order=order)

    def reduced_factor(factor: KeyFactor) -> KeyFactor:
        parts = {key: part for key, part in factor.groups.items() if key in kept_groups}
        return msgspec.structs.replace(factor, groups=parts)

    return msgspec.structs.replace(
        benchmark,
        self_group=benchmark.self_group if benchmark.self_group in kept_groups else None,
        groups=tuple(reduced_group(group) for group in benchmark.groups if group.key in kept_groups),
        factors=tuple(reduced_factor(factor) for factor in benchmark.factors if factor.key in kept_factors),
    )
