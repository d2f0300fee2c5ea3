"""Einstein's sums of two operands, and their backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs
from ._equations import axis_sizes, diagonal, read_equation, unique


@signature("(i,j),(j,k)->(i,k)")
def einsum(
    x: FloatArray, other: FloatArray, *, equation: str = "ij,jk->ik"
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """Sum of products of two arrays, as `equation` says: "ij,jk->ik" is that of matrices, "i,j->ij" the outer one.

    A letter names an axis, and equal letters have equal sizes. What stands left of the arrow and not right of
    it is summed over; without an arrow the letters that occur once are kept, in alphabetical order. A letter
    twice in one operand is its diagonal. "..." stands for the remaining axes in front, which broadcast.

    Derivation. y is linear in each operand: y[out] = sum of x[a] other[b]. x[a] meets other[b] in every y[out]
    that shares its letters, so its gradient is the sum of dy[out] other[b] over the letters that are not x's:
    again an Einstein sum, "out,b->a". A letter that only x has was summed over, so dy other is repeated along
    it. A diagonal has its gradient on the diagonal, and an axis that was broadcast gathers the gradients of its
    copies.

    The closure keeps both operands.

    Raises TypeError when an input is not a floating array, the dtypes differ or `equation` is not a string, and
    ValueError when it cannot be read or does not fit the shapes; the vjp raises ValueError when `dy` is not
    shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = einsum(np.array([1.0, 2.0]), np.array([3.0, 4.0]), equation="i,j->ij")
    >>> y
    array([[3., 4.],
           [6., 8.]])
    >>> vjp(np.array([[1.0, 0.0], [0.0, 1.0]]))
    (array([3., 4.]), array([1., 2.]))
    """
    x, other = float_inputs(einsum, x, other)
    left, right, out = read_equation(einsum, equation, x, other)
    sizes = axis_sizes(einsum, (left, right), (x, other))
    a, b = diagonal(x, left), diagonal(other, right)
    y = np.asarray(np.einsum(f"{unique(left)},{unique(right)}->{out}", a, b, optimize=True))
    y_shape, dtype = y.shape, y.dtype

    def einsum_vjp(dy: Cotangent) -> tuple[FloatArray, FloatArray]:
        dy = cotangent(einsum, dy, y_shape, dtype)
        dx = _of_operand(dy, out, b, unique(right), x, left, sizes)
        dother = _of_operand(dy, out, a, unique(left), other, right, sizes)
        return dx, dother

    return y, einsum_vjp


def _of_operand(
    dy: FloatArray, out: str, partner: FloatArray, letters: str, x: FloatArray, own: str, sizes: dict[str, int]
) -> FloatArray:
    """The gradient of the operand `x` with the letters `own`, beside its partner."""
    shape = diagonal(x, own).shape
    axes = unique(own)
    met = "".join(
        letter
        for letter, size in zip(axes, shape, strict=True)
        if letter in out + letters and size == sizes[letter]  # else it was broadcast, and is summed over
    )
    found = np.einsum(f"{out},{letters}->{met}", dy, partner, optimize=True)
    found = found.reshape([sizes[letter] if letter in met else 1 for letter in axes])
    dx = np.zeros(x.shape, x.dtype)
    np.copyto(diagonal(dx, own), np.broadcast_to(found, shape))
    return dx
