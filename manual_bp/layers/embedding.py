"""Rows of a table, looked up by their numbers, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._sums import SHORT
from .._typing import Cotangent, FloatArray, IntegerArray
from .._validation import cotangent, float_array, integer_array
from ._checks import with_axes


@signature("(n),(v,d)->(n,d)")
def embedding(
    x: IntegerArray, weight: FloatArray, *, padding_idx: int | None = None
) -> tuple[FloatArray, Callable[[Cotangent], tuple[None, FloatArray]]]:
    """Embedding, y[..., :] = weight[x[...], :].

    Shapes: `x` any, with integers from 0 to v - 1; `weight` (v, d); `y` (..., d).

    Derivation. Every row of y is a copy of a row of weight. A change of weight[v] reaches all places where x is v:
    dweight[v] = sum of dy over them, and 0 where there are none. The numbers of rows are integers, so their gradient
    is None.

    `padding_idx`, which may count from the end, names a row that is to stay as it is: its gradient is 0, which is not
    the derivative and is not meant to be; y does hold the row.

    The closure keeps `x` and the shape of `weight`.

    Raises TypeError when `x` is not an array of integers or `weight` not a floating one, and ValueError when `weight`
    is not (v, d), a number lies outside it or `padding_idx` does; the vjp raises ValueError when `dy` is not shaped
    like `y`.

    >>> import numpy as np
    >>> y, vjp = embedding(np.array([2, 0, 2]), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    >>> y
    array([[5., 6.],
           [1., 2.],
           [5., 6.]])
    >>> dx, dweight = vjp(np.array([[1.0, 0.0], [1.0, 1.0], [2.0, -1.0]]))
    >>> dweight
    array([[ 1.,  1.],
           [ 0.,  0.],
           [ 3., -1.]])
    >>> dx is None
    True
    """
    weight = float_array(embedding, weight, "weight")
    x = integer_array(embedding, "x", x)
    with_axes(embedding, "weight", weight, "(v, d)")
    table = weight.shape
    rows = x.ravel()
    _check_rows(rows, table, padding_idx)
    shape, dtype = (*x.shape, table[1]), weight.dtype

    def embedding_vjp(dy: Cotangent) -> tuple[None, FloatArray]:
        dy = cotangent(embedding, dy, shape, dtype).reshape(rows.size, table[1])
        dweight = np.zeros(table, dtype)
        if rows.size <= SHORT:
            np.add.at(dweight, rows, dy)  # so few that the order does not count
        else:
            found, sums = _summed_by_row(rows, dy)
            dweight[found] = sums
        if padding_idx is not None:
            dweight[padding_idx] = 0.0
        return None, dweight

    return weight[x], embedding_vjp


def _summed_by_row(rows: IntegerArray, dy: FloatArray) -> tuple[IntegerArray, FloatArray]:
    """The numbers in `rows`, each once, and for each the sum of `dy` where it stands.

    Equal numbers are sorted next to one another; then every second of them is added to the one before it and dropped,
    until each stands there once. Whole arrays are added this way, and rounding grows with the logarithm of the count.
    """
    order = np.argsort(rows, kind="stable")
    rows, sums = rows[order], dy[order]
    while True:
        place = np.arange(rows.size)
        starts = np.concatenate((np.ones(min(1, rows.size), np.bool_), rows[1:] != rows[:-1]))
        second = (place - np.maximum.accumulate(np.where(starts, place, 0))) % 2 == 1
        if not second.any():
            return rows, sums
        partners = np.flatnonzero(second)
        sums[partners - 1] += sums[partners]
        rows, sums = rows[~second], sums[~second]


def _check_rows(rows: IntegerArray, table: tuple[int, ...], padding_idx: int | None) -> None:
    if rows.size and (rows.min() < 0 or rows.max() >= table[0]):
        bad = rows[(rows < 0) | (rows >= table[0])][0]
        raise ValueError(f"embedding: x must lie in [0, {table[0]}), since weight has {table[0]} rows, but holds {bad}")
    if padding_idx is not None and not -table[0] <= padding_idx < table[0]:
        raise ValueError(f"embedding: weight has {table[0]} rows, so padding_idx cannot be {padding_idx!r}")
