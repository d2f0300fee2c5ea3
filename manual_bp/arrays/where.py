"""A choice between two arrays, entry by entry, and the backward pass."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from .._broadcasting import broadcast_shape, summed_to
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_arrays


@signature("(m,n),(m,n),(m,n)->(m,n)")
def where(
    condition: npt.NDArray[np.bool_], x: FloatArray, other: FloatArray
) -> tuple[FloatArray, Callable[[Cotangent], tuple[None, FloatArray, FloatArray]]]:
    """x where the condition holds and other elsewhere, entry by entry; the three shapes broadcast.

    Derivation. Every y is a copy of one of the two, so its gradient goes to that one, and the other gets 0. An
    input that was repeated gathers the gradients of its copies. The gradient of the condition is None: it does
    not exist.

    The closure keeps the condition.

    Raises TypeError when `condition` is not an array of truth values, `x` or `other` not a floating array, or
    their dtypes differ, and ValueError when the shapes do not broadcast; the vjp raises ValueError when `dy` is
    not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = where(np.array([True, False]), np.array([1.0, 2.0]), np.array([10.0, 20.0]))
    >>> y
    array([ 1., 20.])
    >>> vjp(np.array([3.0, 4.0]))
    (None, array([3., 0.]), array([0., 4.]))
    """
    x, other = float_arrays(where, x=x, other=other)
    if not isinstance(condition, np.ndarray | np.bool_) or condition.dtype != bool:
        kind = getattr(condition, "dtype", type(condition).__name__)
        raise TypeError(f"where: condition must be an array of truth values, but it is one of {kind}")
    broadcast_shape(where, condition=condition, x=x, other=other)
    y = np.asarray(np.where(condition, x, other))
    x_shape, other_shape, shape, dtype = x.shape, other.shape, y.shape, y.dtype

    def where_vjp(dy: Cotangent) -> tuple[None, FloatArray, FloatArray]:
        dy = cotangent(where, dy, shape, dtype)
        dx = np.where(condition, dy, 0.0)
        dother = np.where(condition, 0.0, dy)
        return None, summed_to(dx, x_shape), summed_to(dother, other_shape)

    return y, where_vjp
