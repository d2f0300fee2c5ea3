"""The shapes of an op, carried by the op."""

from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


def signature(text: str) -> Callable[[Function], Function]:
    """Set `function.signature` to `text`, as NumPy's generalized ufuncs carry theirs.

    The function itself is returned, not a wrapper.

    >>> @signature("(n),(n)->()")
    ... def dot(x, y):
    ...     return x @ y
    >>> dot.signature
    '(n),(n)->()'
    """

    def attach(function: Function) -> Function:
        tagged: Any = function
        tagged.signature = text
        return function

    return attach
