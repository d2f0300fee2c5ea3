"""The shapes of an op, carried by the op."""

from collections.abc import Callable
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


def signature(text: str, *, constants: tuple[str, ...] = ()) -> Callable[[Function], Function]:
    """Set `function.signature` to `text`, as NumPy's generalized ufuncs carry theirs.

    `constants` names floating inputs that are data, such as running statistics: they have no gradient, and a
    function that has such inputs carries their names as its attribute `constants`. The function itself is
    returned, not a wrapper.

    >>> @signature("(n),(n)->()")
    ... def dot(x, y):
    ...     return x @ y
    >>> dot.signature
    '(n),(n)->()'
    """

    def attach(function: Function) -> Function:
        tagged: Any = function
        tagged.signature = text
        if constants:
            tagged.constants = constants
        return function

    return attach
