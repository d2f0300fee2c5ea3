"""Frozen dataclasses as plain data, and back: what crosses the border of a process that ran the user's code.

Nothing that comes back is believed: every field is checked against its annotation, and what does not fit raises
`Malformed`. Numbers that JSON does not have are words, ``"nan"``, ``"inf"`` and ``"-inf"``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence, Set
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from numbers import Complex, Integral, Real
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

_NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}

T = TypeVar("T")


class Malformed(ValueError):
    """Data that is not what was to be read."""


def to_plain(value: Any) -> Any:
    """None, booleans, numbers, strings, lists and dicts that say what a value holds; None for anything else."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return to_plain(value.value)
    if isinstance(value, str):
        return str.__str__(value)  # a subclass may have a text of its own
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        number = float(value)
        return number if math.isfinite(number) else repr(number)
    if isinstance(value, Complex):
        return {"real": to_plain(complex(value).real), "imag": to_plain(complex(value).imag)}
    if is_dataclass(value) and not isinstance(value, type):
        return {part.name: to_plain(getattr(value, part.name)) for part in fields(value) if part.init}
    if isinstance(value, Mapping):
        return {str(key): to_plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_plain(part) for part in value]
    item = getattr(type(value), "item", None)  # NumPy's own booleans
    return to_plain(value.item()) if item is not None and getattr(value, "ndim", None) == 0 else None


def from_plain(kind: type[T], data: Any) -> T:
    """What plain data describes; Malformed where a field is missing, unknown or of another type than its annotation."""
    value: T = _read(kind, data, getattr(kind, "__name__", "it"))
    return value


def some_fields(kind: Any, data: Any) -> dict[str, Any]:
    """Those fields of a dataclass that plain data gives; Malformed where one is unknown or of another type."""
    kinds = _kinds(kind)
    _demand(isinstance(data, dict), data, kind.__name__, "a table")
    _demand(set(data) <= set(kinds), sorted(data), kind.__name__, f"made of {sorted(kinds)}")
    return {name: _read(kinds[name], part, f"{kind.__name__}.{name}") for name, part in data.items()}


def dumps(value: Any) -> bytes:
    """One line of JSON in ASCII, with its end."""
    return _encode(to_plain(value)).encode("ascii") + b"\n"


def loads(line: bytes) -> Any:
    """What a line of JSON says; Malformed where it is none."""
    try:
        return _decode(line.decode())
    except (ValueError, RecursionError) as error:
        raise Malformed(f"no JSON: {error}") from None


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")


class _Encoder(json.JSONEncoder):
    """What it does is bound here: the user's code may put something else in the place of `json.JSONEncoder.encode`."""

    encode, iterencode, default = json.JSONEncoder.encode, json.JSONEncoder.iterencode, json.JSONEncoder.default


class _Decoder(json.JSONDecoder):
    """As for `_Encoder`."""

    decode, raw_decode = json.JSONDecoder.decode, json.JSONDecoder.raw_decode


_encode = _Encoder(allow_nan=False, separators=(",", ":")).encode
_decode = _Decoder(parse_constant=_refuse).decode


def _read(kind: Any, data: Any, where: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind is Any or kind is object:
        return data
    if origin in (Union, UnionType):
        return _one_of(arguments, data, where)
    if origin is tuple:
        return _tuple(arguments, data, where)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        _demand(isinstance(data, dict), data, where, "a table")
        return {
            _read(arguments[0], key, where): _read(arguments[1], part, f"{where}[{key!r}]")
            for key, part in data.items()
        }
    if isinstance(origin, type) and issubclass(origin, Sequence | Set):
        _demand(isinstance(data, list), data, where, "a list")
        made = frozenset if issubclass(origin, Set) else list
        return made(_read(arguments[0], part, where) for part in data)
    if is_dataclass(kind):
        return _dataclass(kind, data, where)
    return _scalar(kind, data, where)


def _scalar(kind: Any, data: Any, where: str) -> Any:
    if kind in (None, NoneType):
        _demand(data is None, data, where, "nothing")
        return None
    if kind is float:
        if isinstance(data, str) and data in _NOT_FINITE:
            return _NOT_FINITE[data]
        _demand(isinstance(data, int | float) and not isinstance(data, bool), data, where, "a number")
        return float(data)
    if kind is complex:
        _demand(isinstance(data, dict) and set(data) == {"real", "imag"}, data, where, "a complex number")
        return complex(_scalar(float, data["real"], where), _scalar(float, data["imag"], where))
    if issubclass(kind, Enum):
        try:
            return kind(data)
        except ValueError:
            raise Malformed(f"{where} is {_short(data)}, and no {kind.__name__}") from None
    _demand(type(data) is kind, data, where, f"of type {kind.__name__}")
    return data


def _one_of(kinds: Sequence[Any], data: Any, where: str) -> Any:
    for kind in kinds:
        try:
            return _read(kind, data, where)
        except Malformed:
            continue
    raise Malformed(f"{where} is {_short(data)}, which is nothing that it may be")


def _tuple(kinds: Sequence[Any], data: Any, where: str) -> tuple[Any, ...]:
    _demand(isinstance(data, list), data, where, "a list")
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_read(kinds[0], part, where) for part in data)
    _demand(len(data) == len(kinds), data, where, f"a list of {len(kinds)}")
    return tuple(_read(kind, part, where) for kind, part in zip(kinds, data, strict=True))


def _dataclass(kind: Any, data: Any, where: str) -> Any:
    _demand(isinstance(data, dict), data, where, "a table")
    kinds = _kinds(kind)
    if set(data) != set(kinds):
        raise Malformed(f"{where} has the fields {_short(sorted(data))} where {sorted(kinds)} belong")
    return kind(**{name: _read(part, data[name], f"{where}.{name}") for name, part in kinds.items()})


@cache
def _kinds(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {part.name: hints[part.name] for part in fields(kind) if part.init}


def _demand(fits: bool, data: Any, where: str, what: str) -> None:
    if not fits:
        raise Malformed(f"{where} is {_short(data)} and not {what}")


def _short(data: Any) -> str:
    text = repr(data)
    return text if len(text) <= 60 else f"{text[:56]} ..."
