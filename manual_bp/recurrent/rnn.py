"""Plain recurrent network over whole sequences, and back-propagation through time."""

from collections.abc import Callable

from .._signature import signature
from .._typing import Cotangent, FloatArray
from ._sequence import run_layers
from .rnn_cell import rnn_step


@signature("(t,n,i),(1,n,h),(h,i),(h,h),(h),(h)->(t,n,h),(1,n,h)")
def rnn(
    x: FloatArray,
    h0: FloatArray,
    *weights: FloatArray,
    nonlinearity: str = "tanh",
    bias: bool = True,
    bidirectional: bool = False,
    batch_first: bool = False,
) -> tuple[tuple[FloatArray, FloatArray], Callable[[tuple[Cotangent, Cotangent]], tuple[FloatArray, ...]]]:
    """A plain recurrent network over whole sequences.

    Shapes: `x` (t, n, i), or (n, t, i) with `batch_first`; `h0` (layers directions, n, h); `weights` one after the
    other as PyTorch keeps them, for each layer w_ih (h, i), w_hh (h, h), b_ih (h,), b_hh (h,), with `bias=False`
    the first two alone, with `bidirectional` another set of them for the direction from the end. Layers behind the
    first take in h entries for each direction. The values are `output` (t, n, directions h), every state of the
    last layer, and `h_n`, shaped like `h0`: the states in which each cell ends.

    Derivation: back-propagation through time. A state reaches the cost through the output and through the next
    step, so going back from the end, dh[t] = doutput[t] + what the step at t + 1 hands back. The weights are the
    same at every step, and collect the sum over all. Each step is `rnn_cell`, derived there; `_sequence.py` chains
    them, the two directions (whose gradients with respect to `x` add up) and the layers.

    The closure keeps what every step keeps, and all states.

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when the number of
    weights or their shapes do not fit or `nonlinearity` is neither "tanh" nor "relu"; the vjp raises ValueError
    when the cotangents are not shaped like the values.

    >>> import numpy as np
    >>> x, h0, one = np.array([[[1.0]], [[2.0]]]), np.zeros((1, 1, 1)), np.ones((1, 1))
    >>> (output, h_n), vjp = rnn(x, h0, one, one, bias=False, nonlinearity="relu")
    >>> output.ravel(), h_n.ravel()
    (array([1., 3.]), array([3.]))
    >>> dx, dh0, dw_ih, dw_hh = vjp((np.ones((2, 1, 1)), np.zeros((1, 1, 1))))
    >>> dx.ravel()
    array([2., 1.])
    >>> dw_hh
    array([[1.]])
    """
    options = {"bias": bias, "bidirectional": bidirectional, "batch_first": batch_first}
    (output, h_n), layers_vjp = run_layers(rnn, rnn_step(rnn, nonlinearity), 1, x, {"h0": h0}, weights, **options)

    def rnn_vjp(cotangents: tuple[Cotangent, Cotangent]) -> tuple[FloatArray, ...]:
        return layers_vjp(cotangents)

    return (output, h_n), rnn_vjp
