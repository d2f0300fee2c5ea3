"""One step of a plain recurrent network and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent
from ..layers.linear import linear
from ._cells import cell_inputs
from ._step import Pullback, State, Step


@signature("(n,i),(n,h),(h,i),(h,h),(h),(h)->(n,h)")
def rnn_cell(
    x: FloatArray,
    h: FloatArray,
    w_ih: FloatArray,
    w_hh: FloatArray,
    b_ih: FloatArray | None = None,
    b_hh: FloatArray | None = None,
    *,
    nonlinearity: str = "tanh",
) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, ...]]]:
    """One step, y = tanh(x w_ih.T + b_ih + h w_hh.T + b_hh), or relu in place of tanh (`nonlinearity`).

    Shapes: `x` (n, i), the state `h` and `y` (n, h), `w_ih` (h, i), `w_hh` (h, h), `b_ih` and `b_hh` (h,), both or
    neither left out.

    Derivation. With z the argument and y = tanh z, dz = dy (1 - y^2), since tanh' = 1 - tanh^2; with relu dz = dy
    where y > 0 and 0 elsewhere, the subgradient 0 at the kink. z is the sum of two linear layers, of x and of h,
    and hands dz to both (`linear`).

    The closure keeps `y`, and what the linear layers keep: inputs and weights.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when shapes do not
    fit or `nonlinearity` is neither "tanh" nor "relu"; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> x, h, weight = np.array([[2.0]]), np.array([[3.0]]), np.array([[1.0]])
    >>> y, vjp = rnn_cell(x, h, weight, weight, nonlinearity="relu")
    >>> y
    array([[5.]])
    >>> dx, dh, dw_ih, dw_hh = vjp(np.array([[10.0]]))
    >>> dw_ih, dw_hh
    (array([[20.]]), array([[30.]]))
    """
    x, (h,), (w_ih, w_hh, b_ih, b_hh) = cell_inputs(rnn_cell, x, {"h": h}, (w_ih, w_hh, b_ih, b_hh), gates=1)
    step = rnn_step(rnn_cell, nonlinearity)
    from_x, x_vjp = linear(x, w_ih, b_ih)
    from_h, h_vjp = linear(h, w_hh, b_hh)
    (y,), step_vjp = step(from_x, from_h, (h,))
    shape, dtype = y.shape, y.dtype

    def rnn_cell_vjp(dy: Cotangent) -> tuple[FloatArray, ...]:
        dy = cotangent(rnn_cell, dy, shape, dtype)
        dfrom_x, dfrom_h, _ = step_vjp((dy,))
        dx, dw_ih, *db_ih = x_vjp(dfrom_x)
        dh, dw_hh, *db_hh = h_vjp(dfrom_h)
        return dx, dh, dw_ih, dw_hh, *db_ih, *db_hh

    return y, rnn_cell_vjp


def rnn_step(op: Callable[..., object], nonlinearity: str) -> Step:
    """The part of a step behind the two linear layers, for this nonlinearity."""
    if nonlinearity not in ("tanh", "relu"):
        raise ValueError(f'{op.__name__}: nonlinearity must be "tanh" or "relu", but it is {nonlinearity!r}')
    return _tanh_step if nonlinearity == "tanh" else _relu_step


def _tanh_step(from_x: FloatArray, from_h: FloatArray, _: State) -> tuple[State, Pullback]:
    y = np.tanh(from_x + from_h)

    def tanh_step_vjp(dstate: State) -> tuple[FloatArray, FloatArray, State]:
        dz = dstate[0] * (1.0 - y * y)
        return dz, dz, (np.zeros((), dz.dtype),)

    return (y,), tanh_step_vjp


def _relu_step(from_x: FloatArray, from_h: FloatArray, _: State) -> tuple[State, Pullback]:
    y = np.maximum(from_x + from_h, 0.0)

    def relu_step_vjp(dstate: State) -> tuple[FloatArray, FloatArray, State]:
        dz = np.where(y > 0, dstate[0], 0.0)
        return dz, dz, (np.zeros((), dz.dtype),)

    return (y,), relu_step_vjp
