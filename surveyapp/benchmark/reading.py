"""Reads a parsed TOML table into content types and tells every fault; msgspec alone stops at the first."""

from collections.abc import Callable
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import msgspec

Report = Callable[[str, str], None]
"""Called with the key of the nearest content that has one, and what is wrong in it."""


def read(kind: Any, value: Any, key: str, path: str, report: Report) -> Any:
    """`value` as `kind`. What is wrong is reported and left blank, so that reading goes on to the next fault.

    `key` and `path` say where we are: the nearest content with a key, and the way from there, such as
    `groups.city.fit`.
    """
    if get_origin(kind) in (Union, UnionType):  # "X | None": TOML has no null, so what is there must be an X
        kind = get_args(kind)[0]
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _read_struct(kind, value, key, path, report)
    if get_origin(kind) is tuple:
        return _read_list(kind, value, key, path, report)
    if get_origin(kind) is dict:
        return _read_dict(kind, value, key, path, report)
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        report(key, f"`{path}` must be {kind.__metadata__[0].description}, not {value!r}")
        return _blank(kind)


def _read_struct(kind: type[msgspec.Struct], value: Any, key: str, path: str, report: Report) -> Any:
    if not isinstance(value, dict):
        report(key, f"`{path}` must be a table, not {value!r}")
        return _blank(kind)
    own_key = value.get("key")
    if isinstance(own_key, str) and own_key.strip():
        key, path = own_key, ""
    fields = {field.name: field for field in msgspec.structs.fields(kind)}
    for name in sorted(value.keys() - fields.keys()):
        report(key, f"`{_join(path, name)}` is not a field of this table; it has {', '.join(fields)}")
    contents = {}
    for name, field in fields.items():
        if name in value:
            contents[name] = read(field.type, value[name], key, _join(path, name), report)
        elif field.required:
            report(key, f"`{_join(path, name)}` is missing")
            contents[name] = _blank(field.type)
    return kind(**contents)


def _read_list(kind: Any, value: Any, key: str, path: str, report: Report) -> tuple[Any, ...]:
    if not isinstance(value, list):
        report(key, f"`{path}` must be a list, not {value!r}")
        return ()
    item = get_args(kind)[0]
    return tuple(read(item, each, key, f"{path}[{place}]", report) for place, each in enumerate(value, 1))


def _read_dict(kind: Any, value: Any, key: str, path: str, report: Report) -> dict[str, Any]:
    if not isinstance(value, dict):
        report(key, f"`{path}` must be a table, not {value!r}")
        return {}
    name_kind, item = get_args(kind)
    return {
        read(name_kind, name, key, _join(path, name), report): read(
            item, each, key, _join(path, name), report
        )
        for name, each in value.items()
    }


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _blank(kind: Any) -> Any:
    """A stand-in for content that is missing or of the wrong type: empty, so that rules pass over it."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind(
            **{field.name: _blank(field.type) for field in msgspec.structs.fields(kind) if field.required}
        )
    bare = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    made_by = get_origin(bare) or bare
    return made_by() if isinstance(made_by, type) else ""
