"""What must hold between the parts of a pack: keys, references, codes, voices."""

from collections import Counter
from collections.abc import Iterable, Iterator

from surveyapp.benchmark.model import Benchmark, Choice, KeyFactor, Scale

Complaint = tuple[str, str]
"""Key of the content at fault, and what is wrong with it."""

FEWEST_STEPS, MOST_STEPS = 3, 7
# An answers file has a column `group`; the others name texts of the pack itself (see messages.py).
RESERVED = {"group", "title", "standard", "context", "inspiration"}


def head_complaints(benchmark: Benchmark, factor_keys: tuple[str, ...]) -> Iterator[Complaint]:
    """Faults of benchmark.toml; `factor_keys` is its own list, whether or not the files can be read."""
    if not factor_keys:
        yield benchmark.key, "`factors` names no factor"
    if not benchmark.groups:
        yield benchmark.key, "`groups` holds no group"
    group_keys = {group.key for group in benchmark.groups}
    if benchmark.self_group and benchmark.self_group not in group_keys:
        yield benchmark.key, f"`self_group` names {benchmark.self_group}, which is no group"
    for group in benchmark.groups:
        if group.order and Counter(group.order) != Counter(factor_keys):
            yield group.key, "`order` must name every factor of the pack once"
        if group.voice == "plain" and benchmark.scale.plain is None:
            yield group.key, "speaks plain language, but `scale.plain` is missing"
    for question in benchmark.closing:
        if not question.plain_text and any(group.voice == "plain" for group in benchmark.groups):
            yield question.key, "`plain_text` is missing, and a group speaks plain language"
    yield from _scale_complaints(benchmark.key, benchmark.scale)
    for name, choices in benchmark.choices.items():
        if len(choices.options) < 2:
            yield name, f"`options` has {len(choices.options)} entries; a choice needs 2 or more"
        if not _in_order(choices.options):
            yield name, f"`options` must have the codes 0 to {len(choices.options) - 1}, in this order"


def _scale_complaints(key: str, scale: Scale) -> Iterator[Complaint]:
    for voice, wording in (("standard", scale.standard), ("plain", scale.plain)):
        if wording is None:
            continue
        path, size = f"scale.{voice}.steps", len(wording.steps)
        if not FEWEST_STEPS <= size <= MOST_STEPS:
            yield key, f"`{path}` has {size} steps; a scale has {FEWEST_STEPS} to {MOST_STEPS}"
        if not _in_order(wording.steps):
            yield key, f"`{path}` must have the codes 0 to {size - 1}, in this order"
        if size != scale.size:
            yield key, f"`{path}` has {size} steps, but `scale.standard.steps` has {scale.size}"


def _in_order(choices: tuple[Choice, ...]) -> bool:
    return [choice.code for choice in choices] == list(range(len(choices)))


def factor_complaints(benchmark: Benchmark, factor: KeyFactor) -> Iterator[Complaint]:
    """Faults of one factor: names of things that the pack does not have, and missing plain words."""
    groups = {group.key: group for group in benchmark.groups}
    guide_keys = {guide.key for guide in factor.guide_questions}
    for group_key, part in factor.groups.items():
        group = groups.get(group_key)
        if group is None:
            yield factor.key, f"`groups.{group_key}` names no group of the pack"
        elif group.voice == "plain" and part.fit in ("core", "partial") and not factor.plain_statement:
            yield factor.key, f"`plain_statement` is missing, and {group_key} rates it in plain language"
        for question in part.questions:
            for covered in question.covers:
                if covered and covered not in guide_keys:
                    yield (
                        question.key,
                        f"`covers` names {covered}, which is no guide question of {factor.key}",
                    )
            if question.choices and question.choices not in benchmark.choices:
                yield question.key, f"`choices` names {question.choices}, which is no list of choices"


def repeated(named: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """From (file, key) pairs, those whose key came before: (file, key, the file that had it first)."""
    first: dict[str, str] = {}
    for file, key in named:
        if key and key in first:
            yield file, key, first[key]
        first.setdefault(key, file)
