"""Long short-term memory over whole sequences, and back-propagation through time."""

from collections.abc import Callable

from .._signature import signature
from .._typing import Cotangent, FloatArray
from ._sequence import run_layers
from .lstm_cell import lstm_step


@signature("(t,n,i),(1,n,h),(1,n,h),(4*h,i),(4*h,h),(4*h),(4*h)->(t,n,h),(1,n,h),(1,n,h)")
def lstm(
    x: FloatArray,
    h0: FloatArray,
    c0: FloatArray,
    *weights: FloatArray,
    bias: bool = True,
    bidirectional: bool = False,
    batch_first: bool = False,
) -> tuple[
    tuple[FloatArray, FloatArray, FloatArray],
    Callable[[tuple[Cotangent, Cotangent, Cotangent]], tuple[FloatArray, ...]],
]:
    """A long short-term memory over whole sequences.

    Shapes: `x` (t, n, i), or (n, t, i) with `batch_first`; `h0` and `c0` (layers directions, n, h); `weights` one
    after the other as PyTorch keeps them, for each layer w_ih (4 h, i), w_hh (4 h, h), b_ih (4 h,), b_hh (4 h,),
    with `bias=False` the first two alone, with `bidirectional` another set of them for the direction from the end.
    Layers behind the first take in h entries for each direction. The values are `output` (t, n, directions h),
    every state of the last layer, and `h_n` and `c_n`, shaped like `h0` and `c0`: the states in which each cell
    ends.

    Derivation: back-propagation through time. A state reaches the cost through the output and through the next
    step, so going back from the end, dh[t] = doutput[t] + what the step at t + 1 hands back. The weights are the
    same at every step, and collect the sum over all. Each step is `lstm_cell`, derived there; `_sequence.py` chains
    them, the two directions (whose gradients with respect to `x` add up) and the layers.

    The closure keeps what every step keeps, and all states.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when the number of
    weights or their shapes do not fit; the vjp raises ValueError when the cotangents are not shaped like the
    values.

    >>> import numpy as np
    >>> x, state, weight = np.zeros((2, 1, 1)), np.ones((1, 1, 1)), np.zeros((4, 1))
    >>> (output, h_n, c_n), vjp = lstm(x, state, state, weight, weight, bias=False)
    >>> c_n.ravel()
    array([0.25])
    >>> dx, dh0, dc0, dw_ih, dw_hh = vjp((np.zeros((2, 1, 1)), np.zeros((1, 1, 1)), np.ones((1, 1, 1))))
    >>> dc0.ravel()
    array([0.25])
    """
    options = {"bias": bias, "bidirectional": bidirectional, "batch_first": batch_first}
    (output, h_n, c_n), layers_vjp = run_layers(lstm, lstm_step, 4, x, {"h0": h0, "c0": c0}, weights, **options)

    def lstm_vjp(cotangents: tuple[Cotangent, Cotangent, Cotangent]) -> tuple[FloatArray, ...]:
        return layers_vjp(cotangents)

    return (output, h_n, c_n), lstm_vjp
