"""Dataclasses as lines of JSON and back. Reading checks every field and every type: what does not fit is an error."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from json import dumps, loads  # bound here: user code may replace them in their module
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

_T = TypeVar("_T")
_UNIONS = (Union, types.UnionType)


class MalformedMessage(Exception):
    """A line that is no message of the expected kind: why."""


def encode(message: object) -> bytes:
    """A dataclass as one line of JSON, which names its class as `kind`."""
    return dumps({"kind": type(message).__name__, **_plain(message)}).encode() + b"\n"


def decode(line: bytes, kinds: Iterable[type[_T]]) -> _T:
    """The message of a line, which must be of one of the classes; MalformedMessage where it is not."""
    try:
        data = loads(line)
    except ValueError as error:
        raise MalformedMessage(f"no JSON: {error}") from error
    if not isinstance(data, dict) or "kind" not in data:
        raise MalformedMessage("a message without a kind")
    known = {kind.__name__: kind for kind in kinds}
    kind = data.pop("kind")
    if not isinstance(kind, str) or kind not in known:
        raise MalformedMessage(f"a message of the unknown kind {kind!r}")
    message: _T = _of_dataclass(known[kind], data, kind)
    return message


def kinds_of(union: Any) -> tuple[type[Any], ...]:
    """The classes of a union, those of unions within it too."""
    return tuple(get_args(union))


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value):
        found = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return _with_kind(value, found)
    if isinstance(value, frozenset):
        return sorted(_plain(each) for each in value)
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return value


def _with_kind(value: object, found: dict[str, Any]) -> dict[str, Any]:
    """A field that may hold several classes is read by the kind that stands in it."""
    cls: Any = type(value)
    hints = _hints(cls)
    for name, hint in hints.items():
        if len(_classes(hint)) > 1 and getattr(value, name) is not None:
            found[name] = {"kind": type(getattr(value, name)).__name__, **found[name]}
    return found


def _of(hint: Any, data: Any, place: str) -> Any:
    """`data` as a value of a type, which may be of a dataclass, a tuple, a set, a union or a plain value."""
    origin = get_origin(hint)
    if origin in _UNIONS:
        return _of_union(hint, data, place)
    if origin is Literal:
        return _checked(data in get_args(hint), data, hint, place)
    if origin in (tuple, frozenset):
        _checked(isinstance(data, list), data, hint, place)
        return origin(_of(get_args(hint)[0], each, place) for each in data)
    if is_dataclass(hint):
        return _of_dataclass(hint, data, place)
    if issubclass(hint, Enum):
        try:
            return hint(data)
        except ValueError as error:
            raise MalformedMessage(f"{place}: {error}") from error
    if hint is float:
        _checked(isinstance(data, (int, float)) and not isinstance(data, bool), data, hint, place)
        return float(data)
    return _checked(type(data) is hint, data, hint, place)


def _of_union(hint: Any, data: Any, place: str) -> Any:
    if data is None and types.NoneType in get_args(hint):
        return None
    classes = {each.__name__: each for each in _classes(hint)}
    if len(classes) < 2:
        (other,) = (each for each in get_args(hint) if each is not types.NoneType)
        return _of(other, data, place)
    _checked(isinstance(data, Mapping), data, hint, place)
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in classes:
        raise MalformedMessage(f"{place}: a message of the unknown kind {kind!r}")
    return _of_dataclass(classes[kind], {name: each for name, each in data.items() if name != "kind"}, place)


def _of_dataclass(cls: Any, data: Any, place: str) -> Any:
    _checked(isinstance(data, Mapping), data, cls, place)
    hints = _hints(cls)
    if hints.keys() != data.keys():
        wrong = ", ".join(sorted(hints.keys() ^ data.keys()))
        raise MalformedMessage(f"{place}: fields that are missing or unknown: {wrong}")
    return cls(**{name: _of(hint, data[name], f"{place}.{name}") for name, hint in hints.items()})


@cache
def _hints(cls: Any) -> dict[str, Any]:
    found = get_type_hints(cls)
    return {field.name: found[field.name] for field in fields(cls)}


def _classes(hint: Any) -> list[Any]:
    if get_origin(hint) not in _UNIONS:
        return []
    return [each for each in get_args(hint) if is_dataclass(each)]


def _checked(holds: bool, data: Any, hint: Any, place: str) -> Any:
    if not holds:
        raise MalformedMessage(f"{place}: {data!r:.60} is no {getattr(hint, '__name__', hint)}")
    return data
