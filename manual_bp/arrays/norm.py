"""Norms of vectors and their backward pass."""

import math
from collections.abc import Callable

import numpy as np

from .._axes import at_least_one_entry, count_of, kept, several_axes
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import boolean, cotangent, finite_number, float_array


@signature("(m,n)->()")
def norm(
    x: FloatArray, *, p: float = 2.0, dim: int | tuple[int, ...] | None = None, keepdim: bool = False
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Norm of `x` over `dim`, the p-th root of the sum of |x|**p.

    `dim` is an axis, several, or None for all; with `keepdim` they stay in the shape of y with size 1. `p` is
    any number: 1, 2 (Euclid's), infinity for the largest |x|, -infinity for the smallest, 0 for the number of
    entries that are not 0.

    Derivation. With y the norm, y**p = sum of |x|**p gives y**(p - 1) dy = the sum of |x|**(p - 1) sign(x) dx
    (dy for once the change of y). So the gradient with respect to x is dy * sign(x) * (|x| / y)**(p - 1). For p
    = infinity the largest |x| alone counts, and tied ones share dy equally; the number of nonzeros has the
    slope 0. Where x is 0 the subgradient 0 is returned, also of the norm of zeros alone; all of it as by
    PyTorch.

    The closure keeps `x` and `y`.

    Raises TypeError when `x` is not a floating array or an option is not of its kind, and ValueError when `x`
    has no such axis, or for infinite `p` no entry along it; the vjp raises ValueError when `dy` is not shaped
    like `y`.

    >>> import numpy as np
    >>> y, vjp = norm(np.array([3.0, 4.0]))
    >>> y
    array(5.)
    >>> vjp(10.0)
    (array([6., 8.]),)
    """
    x = float_array(norm, x)
    axes = several_axes(norm, dim, x.ndim)
    boolean(norm, "keepdim", keepdim)
    p = _exponent(p)
    if math.isinf(p) or p < 0:
        at_least_one_entry(norm, x, axes)
    if count_of(x.shape, axes) == 1 and p != 0.0:
        p = 1.0  # of one entry all norms are its size, and this one is exact
    size = np.abs(x)
    y = np.asarray(_norm(size, p, axes))
    result = y if keepdim else np.squeeze(y, axes)
    shape, dtype = result.shape, result.dtype

    def norm_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(norm, dy, shape, dtype)
        dy = dy if keepdim else kept(dy, axes)
        if p == 0.0:
            return (np.zeros_like(x),)
        if math.isinf(p):
            tied = size == y
            return (np.asarray(dy * np.sign(x) * tied / tied.sum(axis=axes, keepdims=True, dtype=x.dtype)),)
        if p == 1.0:
            return (np.asarray(dy * np.sign(x)),)
        if p == 2.0:
            return (np.asarray(dy * (x / np.where(y == 0.0, 1.0, y))),)
        part = np.where(size == 0.0, 1.0, size) / np.where(y == 0.0, 1.0, y)
        return (np.asarray(dy * np.sign(x) * part ** (p - 1.0)),)

    return result, norm_vjp


def _exponent(p: float) -> float:
    if p in (math.inf, -math.inf):
        return p
    return finite_number(norm, "p", p)


def _norm(size: FloatArray, p: float, axes: tuple[int, ...]) -> FloatArray:
    """The norm of entries of these sizes, the axes kept."""
    if p == math.inf:
        return np.asarray(size.max(axis=axes, keepdims=True))
    if p == -math.inf:
        return np.asarray(size.min(axis=axes, keepdims=True))
    if p == 0.0:
        return np.asarray(np.count_nonzero(size, axis=axes, keepdims=True).astype(size.dtype))
    if p == 1.0:
        return np.asarray(size.sum(axis=axes, keepdims=True))
    if p == 2.0:
        return np.asarray(np.sqrt((size * size).sum(axis=axes, keepdims=True)))
    with np.errstate(divide="ignore"):  # a zero to a power below 0: the norm is then 0
        return np.asarray((size**p).sum(axis=axes, keepdims=True) ** (1.0 / p))
