"""Gradients in the container of their own, put into that of what they are gradients of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FORMS = ("{}", "d{}", "d_{}", "grad_{}", "{}_grad", "g{}")
"""How the gradient of ``W1`` is called, the most usual first."""


def called(key: object) -> tuple[object, ...]:
    """The names under which the gradient of an entry may stand, the most usual first."""
    return tuple(form.format(key) for form in _FORMS) if isinstance(key, str) else (key,)


def matched(gradient: Any, like: Any) -> Any:
    """A gradient in the structure of ``like``: entries of a dict by their names (``dW1`` for ``W1``), else by position.

    What has no counterpart is left out, and what cannot be matched is handed on as it is: the laws say what is wrong
    with it. Further entries (``dZ1``) are dropped.
    """
    if isinstance(like, Mapping):
        return _by_name(gradient, like)
    if isinstance(like, list | tuple):
        parts = _by_position(gradient, like)
        if parts is None:
            return gradient
        make = getattr(type(like), "_make", type(like))
        return make([matched(part, whole) for part, whole in zip(parts, like, strict=True)])
    return gradient


def _by_name(gradient: Any, like: Mapping[Any, Any]) -> Any:
    named = _named(gradient)
    if named is None:
        if isinstance(gradient, list | tuple) and len(gradient) == len(like):
            named = dict(zip(like, gradient, strict=True))
        else:
            return gradient
    keys = {key: name for key in like if (name := _name_of(key, named)) is not None}
    return {key: matched(named[name], like[key]) for key, name in keys.items()}


def _name_of(key: Any, named: Mapping[Any, Any]) -> Any | None:
    if key in named or not isinstance(key, str):
        return key if key in named else None
    lowered = {name.lower(): name for name in named if isinstance(name, str)}
    candidates = [str(name) for name in called(key)]
    exact = next((name for name in candidates if name in named), None)
    return exact or next((lowered[name.lower()] for name in candidates if name.lower() in lowered), None)


def _by_position(gradient: Any, like: Any) -> list[Any] | None:
    fields = getattr(type(like), "_fields", None)
    named = gradient if isinstance(gradient, Mapping) else None
    if named is not None and fields is not None:
        names = [_name_of(field, named) for field in fields]
        return None if None in names else [named[name] for name in names]
    if isinstance(gradient, list | tuple) and len(gradient) == len(like):
        return list(gradient)
    return None


def _named(gradient: Any) -> Mapping[Any, Any] | None:
    if isinstance(gradient, Mapping):
        return gradient
    fields = getattr(type(gradient), "_fields", None)
    return None if fields is None else dict(zip(fields, gradient, strict=True))
