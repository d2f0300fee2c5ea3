"""Residuals and their Jacobian as scipy.optimize.least_squares takes them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError, UsageError
from gradcheck.foreign import repeated
from gradcheck.protocol.arguments import op_name

from .calling import demand_callable, demand_no_class
from .data import with_constants
from .linear import shape_of, times_vector, transposed_times
from .starting import as_start
from .value_and_grad import check_args, demand_room, one_input

_ADAPTER = "from_residuals"


def from_residuals(
    residuals: Callable[..., Any],
    jac: Callable[..., Any],
    args: tuple[Any, ...] = (),
    *,
    constants: Sequence[str] = (),
) -> Callable[..., Any]:
    """Make an op of ``residuals(x, *args, **options) -> (m,)`` and ``jac(x, *args, **options) -> (m, n)``.

    The Jacobian may be dense, sparse (scipy.sparse) or a ``LinearOperator``. Its products with vectors from the right
    are judged too, under GC402: those of a LinearOperator are code of their own (``matvec`` beside ``rmatvec``). ``x``
    of shape ``(n,)`` may be a list of numbers or integers. A single residual may be a number, its Jacobian a row.

    >>> import numpy as np
    >>> op = from_residuals(lambda x: x**2 - 2, lambda x: np.diag(2 * x))
    >>> y, vjp = op(np.array([1.0, 3.0]))
    >>> vjp(np.array([1.0, 1.0]))
    (array([2., 6.]),)
    """
    demand_callable(residuals, "residuals", _ADAPTER)
    demand_no_class(jac, "jac", _ADAPTER)
    if not callable(jac):
        raise UsageError(
            f"{_ADAPTER}: jac is {repeated(jac)}; pass the function that computes the Jacobian of "
            f"`{op_name(residuals)}`"
        )
    check_args(args, _ADAPTER)
    for function in (residuals, jac):
        demand_room(function, 1 + len(args), _ADAPTER)

    def values(x: Any, options: dict[str, Any]) -> Any:
        if np.ndim(x) > 1 or not isinstance(x, np.ndarray | np.generic | float):
            kind = f"of shape {np.shape(x)}" if isinstance(x, np.ndarray) else f"a {type(x).__name__}"
            raise ConventionError(f"{_ADAPTER}: x is {kind}; least_squares takes one vector, of shape (n,)")
        found = np.atleast_1d(np.asarray(residuals(x, *args, **options)))
        if found.ndim != 1:
            raise ConventionError(
                f"`{op_name(residuals)}` returned shape {found.shape}; residuals are one vector, of shape (m,)"
            )
        return found

    def matrix(x: Any, count: int, options: dict[str, Any]) -> Any:
        found = jac(x, *args, **options)
        if not hasattr(found, "matvec") and not hasattr(found, "toarray"):
            found = np.atleast_2d(np.asarray(found))
        wanted = (count, max(1, np.size(x)))
        if shape_of(found) != wanted:
            turned = ": it is transposed" if shape_of(found) == wanted[::-1] else ""
            raise ValueError(
                f"the Jacobian has shape {shape_of(found)}, and that of {count} residuals by {wanted[1]} entries of x "
                f"has shape {wanted}{turned}"
            )
        return found

    @wraps(residuals)
    def residuals_op(x: Any, **options: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        found = values(x, options)

        def residuals_vjp(dy: Any) -> tuple[Any, ...]:
            return (np.asarray(transposed_times(matrix(x, found.size, options), dy)).reshape(np.shape(x)),)

        return found, residuals_vjp

    def residuals_jvp(inputs: tuple[Any, ...], tangents: tuple[Any, ...], **options: Any) -> tuple[Any, Any]:
        (x,), (v,) = inputs, tangents
        found = values(x, options)
        return found, np.asarray(times_vector(matrix(x, found.size, options), np.ravel(v)))

    residuals_op.__dict__.update(
        adapter="residuals", __signature__=one_input(residuals, len(args)), reads=as_start, jvp=residuals_jvp
    )
    return with_constants(residuals_op, constants, _ADAPTER)
