"""The Hessian of a scalar function, or its products with vectors, as the derivative of the backward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradcheck.errors import ConventionError

from .linear import product

GradientAt = Callable[[Any, dict[str, Any]], Any]


def second_of(
    gradient_at: GradientAt,
    hess: Callable[..., Any] | None,
    hessp: Callable[..., Any] | None,
    args: tuple[Any, ...],
) -> Callable[..., Any]:
    """The gradient times ``dy`` as an op of ``(x, dy)``, whose vjp and jvp multiply by the Hessian.

    The one uses ``hess`` and the other ``hessp`` where there are both: that they are adjoint (GC402) then says that
    both are one symmetric matrix. Where there is one of them, it says that it is symmetric.
    """

    def by_matrix(x: Any, p: Any, options: dict[str, Any]) -> Any:
        assert hess is not None
        return product(hess(x, *args, **options), p)

    def by_products(x: Any, p: Any, options: dict[str, Any]) -> Any:
        assert hessp is not None
        return np.asarray(hessp(x, p, *args, **options))

    back = by_products if hess is None else by_matrix
    forth = by_matrix if hessp is None else by_products

    def gradient_op(x: Any, dy: Any, **options: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
        gradient = _one_array(x, gradient_at(x, options))

        def gradient_vjp(du: Any) -> tuple[Any, ...]:
            return back(x, du, options) * dy, np.asarray(np.sum(gradient * du))

        return gradient * dy, gradient_vjp

    def gradient_jvp(inputs: tuple[Any, ...], tangents: tuple[Any, ...], **options: Any) -> tuple[Any, Any]:
        (x, dy), (p, ddy) = inputs, tangents
        gradient = _one_array(x, gradient_at(x, options))
        moved = np.zeros_like(gradient) if p is None else forth(x, p, options) * dy
        return gradient * dy, moved if ddy is None else moved + gradient * ddy

    names = ("hessp" if hess is None else "hess", "hess" if hessp is None else "hessp")
    gradient_jvp.__dict__.update(
        of=names,
        cause="`hess` and `hessp` are not products with one and the same symmetric matrix"
        if names[0] != names[1]
        else f"the matrix of `{names[0]}` is not symmetric, as a Hessian is",
    )
    gradient_op.__dict__["jvp"] = gradient_jvp
    return gradient_op


def _one_array(x: Any, gradient: Any) -> Any:
    if not isinstance(x, np.ndarray | np.generic | float):
        raise ConventionError(
            f"from_value_and_grad: hess and hessp are judged where x is one array, not a {type(x).__name__}; "
            "leave them out, or flatten x"
        )
    return np.asarray(gradient)
