"""One step of a long short-term memory and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent
from ..activations.sigmoid import logistic
from ..layers.linear import linear
from ._cells import cell_inputs
from ._step import Pullback, State


@signature("(n,i),(n,h),(n,h),(4*h,i),(4*h,h),(4*h),(4*h)->(n,h),(n,h)")
def lstm_cell(
    x: FloatArray,
    h: FloatArray,
    c: FloatArray,
    w_ih: FloatArray,
    w_hh: FloatArray,
    b_ih: FloatArray | None = None,
    b_hh: FloatArray | None = None,
) -> tuple[tuple[FloatArray, FloatArray], Callable[[tuple[Cotangent, Cotangent]], tuple[FloatArray, ...]]]:
    """One step of a long short-term memory: the next state and the next cell.

    (zi, zf, zg, zo) = x w_ih.T + b_ih + h w_hh.T + b_hh
    i, f, g, o = sigmoid(zi), sigmoid(zf), tanh(zg), sigmoid(zo)
    c' = f c + i g,  h' = o tanh(c')

    Shapes: `x` (n, i), `h`, `c` and both values (n, h), `w_ih` (4 h, i), `w_hh` (4 h, h), `b_ih` and `b_hh` (4 h,),
    both or neither left out; the four blocks of rows are i, f, g, o.

    Derivation. c' reaches the cost by itself and through h': let e = dc' + dh' o (1 - tanh(c')^2). Each factor of a
    product meets the other: di = e g, df = e c, dg = e i, do = dh' tanh(c'), dc = e f. The gates' slopes are
    functions of their values, dzi = di i (1 - i), dzf and dzo alike, dzg = dg (1 - g^2). z is the sum of two linear
    layers and hands dz to both (`linear`).

    The closure keeps the gates, `c`, tanh(c'), and what the linear layers keep: inputs and weights.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when shapes do not
    fit; the vjp raises ValueError when the cotangents are not shaped like the values.

    >>> import numpy as np
    >>> x, one, weight = np.zeros((1, 1)), np.ones((1, 1)), np.zeros((4, 1))
    >>> (h, c), vjp = lstm_cell(x, one, one, weight, weight)
    >>> c
    array([[0.5]])
    >>> dx, dh, dc, dw_ih, dw_hh = vjp((np.zeros((1, 1)), one))
    >>> dw_hh.T
    array([[0.  , 0.25, 0.5 , 0.  ]])
    """
    weights = w_ih, w_hh, b_ih, b_hh
    x, (h, c), (w_ih, w_hh, b_ih, b_hh) = cell_inputs(lstm_cell, x, {"h": h, "c": c}, weights, gates=4)
    from_x, x_vjp = linear(x, w_ih, b_ih)
    from_h, h_vjp = linear(h, w_hh, b_hh)
    (next_h, next_c), step_vjp = lstm_step(from_x, from_h, (h, c))
    shape, dtype = next_h.shape, next_h.dtype

    def lstm_cell_vjp(dstates: tuple[Cotangent, Cotangent]) -> tuple[FloatArray, ...]:
        dnext_h, dnext_c = (cotangent(lstm_cell, dstate, shape, dtype) for dstate in dstates)
        dfrom_x, dfrom_h, (_, dc) = step_vjp((dnext_h, dnext_c))
        dx, dw_ih, *db_ih = x_vjp(dfrom_x)
        dh, dw_hh, *db_hh = h_vjp(dfrom_h)
        return dx, dh, dc, dw_ih, dw_hh, *db_ih, *db_hh

    return (next_h, next_c), lstm_cell_vjp


def lstm_step(from_x: FloatArray, from_h: FloatArray, state: State) -> tuple[State, Pullback]:
    """The part of a step behind the two linear layers."""
    _, c = state
    size = c.shape[1]
    z = from_x + from_h
    i, f, o = logistic(z[:, :size]), logistic(z[:, size : 2 * size]), logistic(z[:, 3 * size :])
    g = np.tanh(z[:, 2 * size : 3 * size])
    next_c = f * c + i * g
    squashed = np.tanh(next_c)
    next_h = o * squashed

    def lstm_step_vjp(dstate: State) -> tuple[FloatArray, FloatArray, State]:
        dnext_h, dnext_c = dstate
        e = dnext_c + dnext_h * o * (1.0 - squashed * squashed)
        dz = np.empty((c.shape[0], 4 * size), c.dtype)
        dz[:, :size] = e * g * i * (1.0 - i)
        dz[:, size : 2 * size] = e * c * f * (1.0 - f)
        dz[:, 2 * size : 3 * size] = e * i * (1.0 - g * g)
        dz[:, 3 * size :] = dnext_h * squashed * o * (1.0 - o)
        return dz, dz, (np.zeros((), e.dtype), e * f)

    return (next_h, next_c), lstm_step_vjp
