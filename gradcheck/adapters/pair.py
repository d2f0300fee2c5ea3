"""A forward and a backward that are two functions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError, UsageError
from gradcheck.foreign import repeated

from .calling import demand_callable, demand_positions, positional_names
from .data import with_constants

_USUAL = ("saved", "dy")
_COTANGENT = (
    r"d_?(y|z|a|l|h|o|out\w*|loss|logits|values)|(\w*_)?grad(ient)?s?(_\w+)?|delta|upstream\w*|cotangent|ct|g(out)?"
)
_SAVED = (
    r"saved\w*|(\w*_)?caches?|ctx|context|residuals?|res|mem(ory)?|state|tape|intermediates|stash|kept|activations?"
)


def from_pair(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    *,
    order: Sequence[str] | None = None,
    constants: Sequence[str] = (),
) -> Callable[..., Any]:
    """Join ``y, saved = forward(*inputs, **options)`` and ``gradients = backward(saved, dy)`` into one op.

    A backward that takes ``(dy, saved)`` is known by the names of its parameters (``dout``, ``grad_output``, ``cache``
    and such); where they say nothing, ``order=("dy", "saved")`` does. ``constants`` names inputs that are data. A
    forward of one input with a gradient may have a backward that returns the bare gradient instead of a tuple.
    The op keeps the name, the parameters and the signature attribute of ``forward``.

    >>> import numpy as np
    >>> square = from_pair(lambda x: (x * x, x), lambda x, dy: 2 * x * dy)
    >>> y, vjp = square(np.array([3.0]))
    >>> vjp(np.array([1.0]))
    (array([6.]),)
    """
    demand_callable(forward, "forward", "from_pair")
    demand_callable(backward, "backward", "from_pair")
    chosen = _order(backward, order)
    more = "; a backward of (params, cache, X, Y) goes through from_steps"
    demand_positions(backward, chosen, "from_pair", more if len(positional_names(backward)) > len(_USUAL) else "")
    swapped = chosen != _USUAL

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
            gradients = backward(dy, saved) if swapped else backward(saved, dy)
            bare = isinstance(gradients, np.ndarray | np.generic) and len(inputs) - len(constants) == 1
            return (gradients,) if bare else gradients

        return y, pair_vjp

    pair_op.__dict__["adapter"] = "pair"  # marks an op, see adapters.twin
    return with_constants(pair_op, constants, "from_pair")


def _order(backward: Callable[..., Any], order: Sequence[str] | None) -> tuple[str, ...]:
    """Which of the two comes first: as said, else as the names of the parameters say."""
    if order is not None:
        if not isinstance(order, list | tuple) or sorted(order) != sorted(_USUAL):
            raise UsageError(f'from_pair: order is {repeated(order)}; write ("saved", "dy") or ("dy", "saved")')
        return tuple(order)
    names = [name.lower().strip("_") for name in positional_names(backward)[:2]]
    if len(names) < 2 or re.fullmatch(_SAVED, names[0]) or re.fullmatch(_COTANGENT, names[1]):
        return _USUAL
    turned = re.fullmatch(_COTANGENT, names[0]) or re.fullmatch(_SAVED, names[1])
    return _USUAL[::-1] if turned else _USUAL
