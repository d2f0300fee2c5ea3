"""Whole sequences: the steps of a cell one after the other, several layers, both directions; and the way back."""

from collections.abc import Callable, Sequence

import numpy as np

from .._sums import sum_of_rows
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_arrays
from ..layers._checks import of_shape, with_axes
from ..layers.linear import linear
from ._cells import Weights, check_weights
from ._step import State, Step

Pulled = tuple[FloatArray, State, tuple[FloatArray, ...]]


def run_direction(
    step: Step, x: FloatArray, start: State, weights: Weights
) -> tuple[FloatArray, State, Callable[[FloatArray, State], Pulled]]:
    """Every state h, and the last states, of a cell that runs over `x` (t, n, i) from the states `start` on.

    Derivation (back-propagation through time). The cost sees the state of time t in the output, and through the
    next step: in its linear layer of the state and, in some cells, directly. So going back from the last step, dh
    of time t is doutput[t] + dfrom_h[t + 1] w_hh + what enters directly. The linear layers are the same at every
    time; what they take in is linear in dfrom_x and dfrom_h, so their gradients are those of all times put below
    one another.

    The pullback keeps every step's, and the states.
    """
    w_ih, w_hh, b_ih, b_hh = weights
    from_x, x_vjp = linear(x, w_ih, b_ih)
    states, step_vjps = [start], []
    for t in range(x.shape[0]):
        from_h = states[-1][0] @ w_hh.T
        if b_hh is not None:
            from_h += b_hh
        state, step_vjp = step(from_x[t], from_h, states[-1])
        states.append(state)
        step_vjps.append(step_vjp)
    hidden = np.stack([state[0] for state in states])  # (t + 1, n, h)

    def direction_vjp(doutput: FloatArray, dlast: State) -> Pulled:
        dfrom_x = np.empty(from_x.shape, x.dtype)
        dfrom_h = np.empty(from_x.shape, x.dtype)
        dh, *dcell = dlast
        for t in reversed(range(x.shape[0])):
            dfrom_x[t], dfrom_h[t], (direct, *dcell) = step_vjps[t]((dh + doutput[t], *dcell))
            dh = dfrom_h[t] @ w_hh + direct
        dx, dw_ih, *db_ih = x_vjp(dfrom_x)
        steps = x.shape[0] * x.shape[1]
        rows = dfrom_h.reshape(steps, w_hh.shape[0])
        dw_hh = rows.T @ hidden[:-1].reshape(steps, w_hh.shape[1])
        db_hh = () if b_hh is None else (sum_of_rows(rows),)
        return dx, (dh, *dcell), (dw_ih, dw_hh, *db_ih, *db_hh)

    return hidden[1:], states[-1], direction_vjp


def run_layers(
    op: Callable[..., object],
    step: Step,
    gates: int,
    x: FloatArray,
    starts: dict[str, FloatArray],
    weights: Sequence[FloatArray],
    *,
    bias: bool,
    bidirectional: bool,
    batch_first: bool,
) -> tuple[tuple[FloatArray, ...], Callable[[Sequence[Cotangent]], tuple[FloatArray, ...]]]:
    """Layers of cells, each on the output of the one before, in one direction or both; and the way back.

    The values are the output and, for each of `starts`, the last states, stacked as `starts` are: layer by layer,
    the direction from the end last.
    """
    names = _weight_names(op, len(weights), bias, bidirectional)
    x, *arrays = float_arrays(op, x=x, **starts, **dict(zip(names, weights, strict=True)))
    directions, per = 2 if bidirectional else 1, 4 if bias else 2
    states, flat = arrays[: len(starts)], arrays[len(starts) :]
    with_axes(op, "x", x, "(n, t, i)" if batch_first else "(t, n, i)")
    if batch_first:
        x = x.swapaxes(0, 1)
    cells = [_cell(flat[first : first + per]) for first in range(0, len(flat), per)]
    size = _check_sizes(op, gates, x, dict(zip(starts, states, strict=True)), cells, names, directions)

    layers = []
    for first in range(0, len(cells), directions):
        runs = [
            run_direction(
                step, _turned(x, number), tuple(state[first + number] for state in states), cells[first + number]
            )
            for number in range(directions)
        ]
        layers.append(runs)
        x = np.concatenate([_turned(output, number) for number, (output, _, _) in enumerate(runs)], axis=2)
    last = [np.stack([run[1][place] for runs in layers for run in runs]) for place in range(len(starts))]
    values = (x.swapaxes(0, 1) if batch_first else x, *last)
    shapes, dtype = [value.shape for value in values], x.dtype

    def layers_vjp(cotangents: Sequence[Cotangent]) -> tuple[FloatArray, ...]:
        dx, *dlast = (cotangent(op, own, shape, dtype) for own, shape in zip(cotangents, shapes, strict=True))
        if batch_first:
            dx = dx.swapaxes(0, 1)
        dstarts: list[State] = []
        dweights: list[FloatArray] = []
        for first in reversed(range(0, len(cells), directions)):
            shares = []
            for number in reversed(range(directions)):
                doutput = _turned(dx[:, :, number * size : (number + 1) * size], number)
                vjp = layers[first // directions][number][2]
                share, dstart, own = vjp(doutput, tuple(d[first + number] for d in dlast))
                shares.append(_turned(share, number))
                dstarts.insert(0, dstart)
                dweights[:0] = own
            dx = sum(shares[1:], start=shares[0])
        if batch_first:
            dx = dx.swapaxes(0, 1)
        return np.ascontiguousarray(dx), *map(np.stack, zip(*dstarts, strict=True)), *dweights

    return values, layers_vjp


def _turned(x: FloatArray, number: int) -> FloatArray:
    """`x` as the direction of this number sees it: the second from its end."""
    return x[::-1] if number else x


def _cell(weights: list[FloatArray]) -> Weights:
    if len(weights) == 2:
        return weights[0], weights[1], None, None
    return weights[0], weights[1], weights[2], weights[3]


def _weight_names(op: Callable[..., object], count: int, bias: bool, bidirectional: bool) -> list[str]:
    """PyTorch's names of the weights, w_ih_l0, w_hh_l0, b_ih_l0, b_hh_l0, w_ih_l0_reverse and so on."""
    kinds = ("w_ih", "w_hh", "b_ih", "b_hh") if bias else ("w_ih", "w_hh")
    ends = ("", "_reverse") if bidirectional else ("",)
    each = len(kinds) * len(ends)
    if count == 0 or count % each:
        raise ValueError(
            f"{op.__name__}: needs {each} weights for each layer with bias={bias} and bidirectional={bidirectional}, "
            f"but there are {count}"
        )
    return [f"{kind}_l{layer}{end}" for layer in range(count // each) for end in ends for kind in kinds]


def _check_sizes(
    op: Callable[..., object],
    gates: int,
    x: FloatArray,
    starts: dict[str, FloatArray],
    cells: list[Weights],
    names: list[str],
    directions: int,
) -> int:
    """The size of a state; a sentence where weights or states do not fit `x` (t, n, i) or one another."""
    with_axes(op, names[1], cells[0][1], f"({gates} h, h)")
    size: int = cells[0][1].shape[1]
    for name, state in starts.items():
        of_shape(op, name, state, (len(cells), x.shape[1], size), "cells, samples, columns of the weights")
    each = len(names) // len(cells)
    for number, cell in enumerate(cells):
        inputs = x.shape[2] if number < directions else directions * size
        own = (*names[number * each : (number + 1) * each], "b_ih", "b_hh")[:4]
        check_weights(
            op, own, cell, (gates * size, inputs, size), f"{gates * size} rows, as states have {size} entries"
        )
    return size
