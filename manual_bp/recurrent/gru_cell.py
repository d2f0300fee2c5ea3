"""One step of a gated recurrent unit and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent
from ..activations.sigmoid import logistic
from ..layers.linear import linear
from ._cells import cell_inputs
from ._step import Pullback, State


@signature("(n,i),(n,h),(3*h,i),(3*h,h),(3*h),(3*h)->(n,h)")
def gru_cell(
    x: FloatArray,
    h: FloatArray,
    w_ih: FloatArray,
    w_hh: FloatArray,
    b_ih: FloatArray | None = None,
    b_hh: FloatArray | None = None,
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, ...]]]:
    """One step of a gated recurrent unit.

    (ar, az, an) = x w_ih.T + b_ih,  (br, bz, bn) = h w_hh.T + b_hh
    r, z, n = sigmoid(ar + br), sigmoid(az + bz), tanh(an + r bn)
    y = (1 - z) n + z h

    Shapes: `x` (n, i), the state `h` and `y` (n, h), `w_ih` (3 h, i), `w_hh` (3 h, h), `b_ih` and `b_hh` (3 h,),
    both or neither left out; the three blocks of rows are r, z, n. As in PyTorch, r scales the linear layer of the
    state, not the state.

    Derivation. From y: dn = dy (1 - z), dz = dy (h - n), and h enters directly with dy z. The slopes are functions
    of the values: dan = dn (1 - n^2), daz = dbz = dz z (1 - z). Behind tanh stands an + r bn, hence dbn = dan r and
    dr = dan bn, dar = dbr = dr r (1 - r). The two linear layers take da and db (`linear`); what comes back through
    the second is added to dy z.

    The closure keeps r, z, n, bn, `h`, and what the linear layers keep: inputs and weights.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when shapes do not
    fit; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> x, h, weight = np.ones((1, 1)), np.full((1, 1), 2.0), np.zeros((3, 1))
    >>> y, vjp = gru_cell(x, h, weight, weight)
    >>> y
    array([[1.]])
    >>> dx, dh, dw_ih, dw_hh = vjp(np.ones((1, 1)))
    >>> dw_ih.T
    array([[0. , 0.5, 0.5]])
    """
    x, (h,), (w_ih, w_hh, b_ih, b_hh) = cell_inputs(gru_cell, x, {"h": h}, (w_ih, w_hh, b_ih, b_hh), gates=3)
    from_x, x_vjp = linear(x, w_ih, b_ih)
    from_h, h_vjp = linear(h, w_hh, b_hh)
    (y,), step_vjp = gru_step(from_x, from_h, (h,))
    shape, dtype = y.shape, y.dtype

    def gru_cell_vjp(dy: Cotangent) -> tuple[FloatArray, ...]:
        dy = cotangent(gru_cell, dy, shape, dtype)
        dfrom_x, dfrom_h, (direct,) = step_vjp((dy,))
        dx, dw_ih, *db_ih = x_vjp(dfrom_x)
        dh, dw_hh, *db_hh = h_vjp(dfrom_h)
        return dx, dh + direct, dw_ih, dw_hh, *db_ih, *db_hh

    return y, gru_cell_vjp


def gru_step(from_x: FloatArray, from_h: FloatArray, state: State) -> tuple[State, Pullback]:
    """The part of a step behind the two linear layers."""
    (h,) = state
    size = h.shape[1]
    gates = logistic(from_x[:, : 2 * size] + from_h[:, : 2 * size])
    r, z = gates[:, :size], gates[:, size:]
    bn = from_h[:, 2 * size :]
    n = np.tanh(from_x[:, 2 * size :] + r * bn)
    y = n + z * (h - n)

    def gru_step_vjp(dstate: State) -> tuple[FloatArray, FloatArray, State]:
        (dy,) = dstate
        da = np.empty((h.shape[0], 3 * size), h.dtype)
        da[:, 2 * size :] = dan = dy * (1.0 - z) * (1.0 - n * n)
        da[:, size : 2 * size] = dy * (h - n) * z * (1.0 - z)
        da[:, :size] = dan * bn * r * (1.0 - r)
        db = da.copy()
        db[:, 2 * size :] *= r
        return da, db, (dy * z,)

    return (y,), gru_step_vjp
