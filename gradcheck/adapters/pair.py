"""A forward and a backward that are two functions."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError


def from_pair(forward: Callable[..., Any], backward: Callable[..., Any]) -> Callable[..., Any]:
    """Join ``y, saved = forward(*inputs, **options)`` and ``gradients = backward(saved, dy)`` into one op.

    A forward of one input may have a backward that returns the bare gradient instead of a tuple.
    The op keeps the name, the parameters and the signature attribute of ``forward``.

    >>> import numpy as np
    >>> square = from_pair(lambda x: (x * x, x), lambda x, dy: 2 * x * dy)
    >>> y, vjp = square(np.array([3.0]))
    >>> vjp(np.array([1.0]))
    (array([6.]),)
    """

    @wraps(forward)
    def pair_op(*inputs: Any, **options: Any) -> tuple[Any, Callable[[Any], Any]]:
        result = forward(*inputs, **options)
        if not (isinstance(result, tuple) and len(result) == 2):
            name = getattr(forward, "__name__", "forward")
            raise ConventionError(
                f"`{name}` returned a {type(result).__name__}; from_pair needs a forward that returns (y, saved)"
            )
        y, saved = result

        def pair_vjp(dy: Any) -> Any:
            gradients = backward(saved, dy)
            bare = isinstance(gradients, np.ndarray | np.generic) and len(inputs) == 1
            return (gradients,) if bare else gradients

        return y, pair_vjp

    pair_op.__dict__["adapter"] = "pair"  # marks an op, see adapters.twin
    return pair_op
