"""What a draft round would ask if it opened now: its pack, with the city's own groups, names and questions.

Opening freezes exactly this; previews and trials show it. Whoever reads an opened round uses models/content.py.
"""

from functools import lru_cache
from pathlib import Path

import msgspec
from babel.support import Translations

from surveyapp.benchmark import Benchmark, Group, KeyFactor, Part, Question, find_packs, load, messages
from surveyapp.benchmark.frozen import Frozen, content_hash, freeze
from surveyapp.config import data_folder
from surveyapp.models.assessment import Round, StakeholderGroup
from surveyapp.models.content import content


def planned_content(round_: Round) -> Frozen:
    """What the round asks: frozen once it was opened, drawn up afresh while it is a draft.

    Raises KeyError where its pack no longer has a factor or group of it.
    """
    if round_.state != "draft":
        return content(round_)
    benchmark = drafted(round_)
    languages = dict.fromkeys([benchmark.source_language, *round_.languages])
    return Frozen(benchmark, {language: wording(round_, language) for language in languages})


def freeze_plan(round_: Round) -> None:
    """Keeps what a draft would ask now: for good when it opens, until then for a trial.

    Raises KeyError as planned_content does.
    """
    planned = planned_content(round_)
    data = freeze(planned.benchmark, planned.wording)
    round_.content, round_.content_hash = data, content_hash(data)


def drafted(round_: Round) -> Benchmark:
    """The pack reduced to the round's factors and groups, with what the city has added."""
    pack = pack_of(round_)
    return msgspec.structs.replace(
        pack,
        self_group=round_.self_group,
        groups=tuple(_group(pack, group, round_) for group in round_.groups),
        factors=tuple(_factor(pack, pack.factor(key), round_) for key in round_.factors),
    )


def wording(round_: Round, language: str) -> dict[str, str]:
    """Every text of the round in a language, by content key; the source's own where no translation stands."""
    pack = pack_of(round_)
    words = dict(pack_wording(round_, language))
    for group in round_.groups:
        base = group.based_on or group.key
        own = named(group, language)
        words[f"group.{group.key}"] = own or words[f"group.{base}"]
        words[f"group.{group.key}.role"] = words[f"group.{base}.role"]
    for question in round_.own_questions:
        texts = question["texts"]
        words[question["key"]] = texts.get(language) or texts.get(pack.source_language) or min(texts.values())
    return words


def pack_wording(round_: Round, language: str) -> dict[str, str]:
    """The texts of the round's pack alone, all groups and factors, by content key."""
    return _pack_wording(round_.pack, _age(pack_folder(round_.pack)), language)


def named(group: StakeholderGroup, language: str) -> str:
    """The city's own name for a group; empty where it keeps the pack's. A group of the city's own has no other
    name to fall back on than that of another language."""
    names = group.name or {}
    return names.get(language) or (next(iter(names.values()), "") if group.based_on else "")


def pack_of(round_: Round) -> Benchmark:
    """The pack a round was set up with, as it is now."""
    folder = pack_folder(round_.pack)
    return _pack(folder, _age(folder))


def pack_folder(pack: str) -> Path:
    """A pack by name, of those that come with the program, or a folder of one's own."""
    for folder in find_packs(data_folder("benchmark")):
        if folder.name == pack:
            return folder
    return Path(pack)


def _group(pack: Benchmark, group: StakeholderGroup, round_: Round) -> Group:
    base = pack.group(group.based_on or group.key)
    return msgspec.structs.replace(
        base,
        key=group.key,
        kind=group.kind,
        name=named(group, pack.source_language) or base.name,
        order=tuple(key for key in base.order if key in round_.factors),
    )


def _factor(pack: Benchmark, factor: KeyFactor, round_: Round) -> KeyFactor:
    """What each group of the round is asked about a factor; a question of the city's own comes after the pack's."""
    parts = {}
    for group in round_.groups:
        part = factor.groups.get(pack.group(group.based_on or group.key).key)
        own = tuple(
            Question(key=question["key"], text=_source_text(question["texts"], pack), short=True)
            for question in round_.own_questions
            if question["factor"] == factor.key and group.key in question["groups"]
        )
        if part is not None and own:
            parts[group.key] = msgspec.structs.replace(part, questions=(*part.questions, *own))
        elif part is not None:
            parts[group.key] = part
        elif own:
            parts[group.key] = Part(fit="proxy", questions=own)
    return msgspec.structs.replace(factor, groups=parts)


def _source_text(texts: dict[str, str], pack: Benchmark) -> str:
    return texts.get(pack.source_language) or min(texts.values())


@lru_cache(maxsize=8)
def _pack(folder: Path, _changed: float) -> Benchmark:
    return load(folder)


@lru_cache(maxsize=64)
def _pack_wording(name: str, changed: float, language: str) -> dict[str, str]:
    folder = pack_folder(name)
    pack = _pack(folder, changed)
    translations = Translations.load(data_folder("translations"), [language], "benchmark")
    return {
        message.key: message.text
        if language == pack.source_language
        else translations.pgettext(f"{folder.name}/{message.key}", message.text)
        for message in messages(pack)
    }


def _age(folder: Path) -> float:
    """When a pack was last changed, so that a process notices."""
    return max((path.stat().st_mtime for path in folder.rglob("*.toml")), default=0.0)
