"""What an adapter says of where the backward is: the attribute ``backward`` of the op that it made.

It is a tuple of the user's own callables that hold the backward, as they were handed to the adapter. Which functions
answer is seen by running them, in whatever file they stand; the attribute is needed where running cannot tell, as of
one function that computes value and gradient together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from inspect import getattr_static, unwrap
from types import CodeType, FunctionType, MethodType
from typing import Any

from .limits import MOST_WRAPPED


def named_codes(op: Callable[..., Any]) -> list[CodeType]:
    """The code of every function that holds the backward, by the op's own word; empty where it says nothing."""
    named = getattr(op, "__dict__", {}).get("backward")
    if not isinstance(named, tuple):  # no adapter's: an attribute that happens to have the name
        return []
    return list(dict.fromkeys(code for one in named for code in _codes(one)))


def _codes(one: Any) -> Iterator[CodeType]:
    """Through partials, wrappers, methods and objects that can be called, down to the functions themselves."""
    for _ in range(MOST_WRAPPED):
        if isinstance(one, partial):
            one = one.func
        elif isinstance(one, MethodType | staticmethod | classmethod):
            one = one.__func__
        elif isinstance(one, FunctionType):
            inner = unwrap(one)
            yield one.__code__
            if inner is one:
                return
            one = inner
        elif hasattr(one, "__wrapped__"):
            one = one.__wrapped__
        else:
            called = getattr_static(type(one), "__call__", None)
            if not isinstance(called, FunctionType):
                return
            one = called
