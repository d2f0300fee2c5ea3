"""A function and its gradient as scipy.optimize takes them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Literal

import numpy as np

from gradcheck.errors import ConventionError, UsageError


def from_value_and_grad(
    fun: Callable[..., Any], grad: Callable[..., Any] | Literal[True], args: tuple[Any, ...] = ()
) -> Callable[..., Any]:
    """Make an op of ``fun(x, *args, **options) -> float`` and ``grad(x, *args, **options) -> array`` shaped like x.

    ``x`` may be a dict, list or tuple of arrays (nested, too); its gradient then has the same structure.

    ``grad=True`` says that ``fun`` returns ``(value, gradient)``, as ``jac=True`` does in ``scipy.optimize.minimize``;
    ``args`` has the same meaning as there. Further parameters may be passed as options, by name. The gradient is
    judged as it comes: nothing reshapes or casts it first, as scipy would.

    >>> import numpy as np
    >>> op = from_value_and_grad(lambda x: float(x @ x), lambda x: 2 * x)
    >>> y, vjp = op(np.array([1.0, 2.0]))
    >>> vjp(1.0)
    (array([2., 4.]),)
    """
    name = getattr(fun, "__name__", type(fun).__name__)
    if grad is not True and not callable(grad):
        raise UsageError(
            f"from_value_and_grad: grad is {grad!r}; pass the function that computes the gradient of `{name}`, "
            "or True where it returns (value, gradient)"
        )
    if not isinstance(args, tuple):
        raise UsageError(f"from_value_and_grad: args is a {type(args).__name__}; write a tuple, such as (value,)")

    @wraps(fun)
    def value_and_grad_op(x: Any, **options: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        value, gradient = fun(x, *args, **options), None
        if grad is True:
            if not (isinstance(value, tuple) and len(value) == 2):
                raise ConventionError(
                    f"`{name}` returned a {type(value).__name__}; with grad=True it returns (value, gradient)"
                )
            value, gradient = value

        def value_and_grad_vjp(dy: Any) -> tuple[Any, ...]:
            return (_times(gradient if grad is True else grad(x, *args, **options), dy),)

        return _scalar(name, value), value_and_grad_vjp

    value_and_grad_op.__dict__.update(adapter="value_and_grad", __signature__=_signature(fun, len(args)))
    return value_and_grad_op


def _scalar(name: str, value: Any) -> Any:
    """The value as scipy reads it: a number, or an array of one entry."""
    if np.size(value) != 1 and isinstance(value, np.ndarray | list | tuple):
        raise ConventionError(
            f"`{name}` returned {np.size(value)} values; from_value_and_grad needs a scalar function; for several "
            "outputs write an op that returns (y, vjp)"
        )
    return value.reshape(()) if isinstance(value, np.ndarray) else value


def _times(gradient: Any, dy: Any) -> Any:
    """The gradient times the cotangent, each array in it; what is no array of floats goes to the laws as it is."""
    factor = np.asarray(dy).item()  # a plain number: it leaves the dtype of the gradient alone
    if not isinstance(gradient, dict | list | tuple):
        return _leaf_times(gradient, factor)
    import optree

    return optree.tree_map(lambda leaf: _leaf_times(leaf, factor), gradient, none_is_leaf=True)  # type: ignore[arg-type]


def _leaf_times(gradient: Any, factor: Any) -> Any:
    if not isinstance(gradient, np.ndarray | np.generic | float) or np.asarray(gradient).dtype.kind not in "fc":
        return gradient
    return gradient * factor


def _signature(fun: Callable[..., Any], bound: int) -> inspect.Signature:
    """``(x, *, ...)``: the first parameter of ``fun`` is the input, the ones after ``args`` are options."""
    fallback = [inspect.Parameter("x", inspect.Parameter.POSITIONAL_ONLY)]
    try:
        parameters = list(inspect.signature(fun).parameters.values())
    except (TypeError, ValueError):  # builtins and C extensions have no readable parameters
        return inspect.Signature([*fallback, inspect.Parameter("options", inspect.Parameter.VAR_KEYWORD)])
    named = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    keywords = [p.replace(kind=p.KEYWORD_ONLY) for p in named[1 + bound :] if p.kind is p.POSITIONAL_OR_KEYWORD]
    rest = [p for p in parameters if p.kind in (p.KEYWORD_ONLY, p.VAR_KEYWORD)]
    first = [p.replace(kind=p.POSITIONAL_ONLY, default=p.empty) for p in named[:1]] or fallback
    return inspect.Signature([*first, *keywords, *rest])
