"""What the cells and the sequences check of their inputs."""

from collections.abc import Callable

from .._typing import FloatArray
from .._validation import float_arrays
from ..layers._checks import of_shape, optional_float_array, with_axes

Weights = tuple[FloatArray, FloatArray, FloatArray | None, FloatArray | None]


def cell_inputs(
    op: Callable[..., object],
    x: FloatArray,
    states: dict[str, FloatArray],
    weights: tuple[FloatArray, FloatArray, FloatArray | None, FloatArray | None],
    gates: int,
) -> tuple[FloatArray, tuple[FloatArray, ...], Weights]:
    """The inputs of a cell as plain arrays; a sentence where states or weights do not fit `x` (n, i)."""
    w_ih, w_hh, b_ih, b_hh = weights
    x, w_ih, w_hh, *hidden = float_arrays(op, x=x, w_ih=w_ih, w_hh=w_hh, **states)
    b_ih, b_hh = (optional_float_array(op, name, b, x.dtype) for name, b in (("b_ih", b_ih), ("b_hh", b_hh)))
    with_axes(op, "x", x, "(n, i)")
    with_axes(op, "w_hh", w_hh, f"({_times(gates)}h, h)")
    n, i, h = x.shape[0], x.shape[1], w_hh.shape[1]
    for name, state in zip(states, hidden, strict=True):
        of_shape(op, name, state, (n, h), "a row for each of x and an entry for each column of w_hh")
    rows = f"{_times(gates)}{h} rows, as w_hh has {h} columns"
    check_weights(op, ("w_ih", "w_hh", "b_ih", "b_hh"), (w_ih, w_hh, b_ih, b_hh), (gates * h, i, h), rows)
    return x, tuple(hidden), (w_ih, w_hh, b_ih, b_hh)


def check_weights(
    op: Callable[..., object], names: tuple[str, ...], weights: Weights, sizes: tuple[int, int, int], rows: str
) -> None:
    """ValueError unless the weights of a cell have these sizes: rows, entries of the input, entries of the state."""
    w_ih, w_hh, b_ih, b_hh = weights
    total, i, h = sizes
    of_shape(op, names[0], w_ih, (total, i), f"{rows}, a column for each entry of its input")
    of_shape(op, names[1], w_hh, (total, h), rows)
    if (b_ih is None) != (b_hh is None):
        raise ValueError(f"{op.__name__}: give both {names[2]} and {names[3]}, or neither")
    of_shape(op, names[2], b_ih, (total,), "one entry for each row of the weights")
    of_shape(op, names[3], b_hh, (total,), "one entry for each row of the weights")


def _times(gates: int) -> str:
    return "" if gates == 1 else f"{gates} "
