"""Where an op is written: the file and the line of the user's function behind it."""

from __future__ import annotations

from functools import partial
from types import CodeType
from typing import Any

from .files import is_ours
from .source import relative


def place_of(op: object) -> tuple[str, int] | None:
    """The file, as a reader would type it, and the line of its ``def``; None where it is in no file of the user's.

    What an adapter made leads to the user's function by its ``__wrapped__``, an object by its ``__call__``.
    """
    code = _code_of(op)
    if code is None or code.co_filename.startswith("<") or is_ours(code.co_filename):
        return None
    return relative(code.co_filename), code.co_firstlineno


def _code_of(op: object) -> CodeType | None:
    seen: set[int] = set()
    while id(op) not in seen:
        seen.add(id(op))
        inner = op.func if isinstance(op, partial) else _attribute(op, "__wrapped__") or _attribute(op, "__func__")
        op = op if inner is None else inner
    code = _attribute(op, "__code__")
    if isinstance(code, CodeType):
        return code
    code = _attribute(_attribute(type(op), "__call__"), "__code__")
    return code if isinstance(code, CodeType) else None


def _attribute(value: object, name: str) -> Any:
    """An attribute of an object of the user's, whatever it raises when asked."""
    try:
        return getattr(value, name, None)
    except Exception:  # noqa: BLE001 - a property of the user's own
        return None
