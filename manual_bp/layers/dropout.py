"""Dropout with a given mask and its backward pass."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array, non_negative
from ._checks import boolean_array, of_shape


@signature("(m,n),(m,n)->(m,n)")
def dropout(
    x: FloatArray, mask: npt.NDArray[np.bool_], *, p: float = 0.5
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, None]]]:
    """Dropout, y = x / (1 - p) where `mask` is True and 0 elsewhere; `p` is the probability of False.

    Shapes: `x` any, `mask` boolean and `y` alike. The mask is given, so that the op is a function of its inputs:
    `rng.random(x.shape) >= p` makes one of a generator. Where p is 1, y is 0.

    Derivation. Entry by entry y = f x with a factor f, 1 / (1 - p) or 0, that does not depend on x: dx = f dy. The
    mask holds no numbers, so its gradient is None.

    The closure keeps the factors alone.

    Raises TypeError when `x` is not a floating array or `mask` not a boolean one, and ValueError when their shapes
    differ or `p` is not between 0 and 1; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = dropout(np.array([1.0, 2.0, 3.0]), np.array([True, False, True]), p=0.5)
    >>> y
    array([2., 0., 6.])
    >>> dx, dmask = vjp(np.array([1.0, 1.0, -1.0]))
    >>> dx
    array([ 2.,  0., -2.])
    >>> dmask is None
    True
    """
    x = float_array(dropout, x)
    mask = boolean_array(dropout, "mask", mask)
    of_shape(dropout, "mask", mask, x.shape, "that of x")
    if non_negative(dropout, "p", p) > 1:
        raise ValueError(f"dropout: p must be at most 1, but it is {p!r}")
    scale = 1.0 / (1.0 - p) if p < 1 else 0.0
    factors = np.multiply(mask, scale, dtype=x.dtype)

    def dropout_vjp(dy: Cotangent) -> tuple[FloatArray, None]:
        dy = cotangent(dropout, dy, factors.shape, factors.dtype)
        return np.asarray(dy * factors), None

    return np.asarray(x * factors), dropout_vjp
