"""Whether a function that an adapter joins to others can be called as the adapter will call it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from gradcheck.errors import UsageError
from gradcheck.foreign import repeated
from gradcheck.protocol.arguments import op_name, read_parameters
from gradcheck.protocol.no_function import taken_by_another

_BY_POSITION = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def demand_callable(function: object, what: str, adapter: str) -> None:
    """Raise UsageError where this is no function; ``what`` says what it is for."""
    demand_no_class(function, what, adapter)
    if not callable(function):
        raise UsageError(f"{adapter}: {what} is {repeated(function)}; pass a function")


def demand_no_class(function: object, what: str, adapter: str) -> None:
    """Raise UsageError where this is a class, or an instance of one that goes backwards, and say what takes it."""
    other = taken_by_another(function)
    if other is not None:
        raise UsageError(f"{adapter}: {what} is a function, and {other}")


def demand_positions(function: Callable[..., Any], names: Sequence[str], adapter: str, hint: str = "") -> None:
    """Raise UsageError where a function cannot be called with so many arguments, and no others.

    Builtins and C extensions, whose parameters cannot be read, are taken at their word.
    """
    parameters = read_parameters(function)
    if parameters is None:
        return
    by_position = [p for p in parameters if p.kind in _BY_POSITION]
    needed = [p for p in by_position if p.default is p.empty]
    open_ended = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    if len(needed) <= len(names) and (open_ended or len(names) <= len(by_position)):
        return
    call = f"{op_name(function)}({', '.join(names)})"
    raise UsageError(f"{adapter} calls `{call}`, but `{op_name(function)}` takes {taken(function)}{hint}")


def taken(function: Callable[..., Any]) -> str:
    """``2 arguments: `a`, `b```."""
    names = [p.name for p in read_parameters(function) or () if p.kind in _BY_POSITION]
    count = f"{len(names)} argument{'' if len(names) == 1 else 's'}"
    return f"{count}: {', '.join(f'`{name}`' for name in names)}" if names else "none"


def positional_names(function: Callable[..., Any]) -> list[str]:
    """The parameters that a function can be given by position."""
    return [p.name for p in read_parameters(function) or () if p.kind in _BY_POSITION]
