"""A classifier of sequences: a long short-term memory, and a linear layer on its last state."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from .._typing import Cotangent, FloatArray
from .._validation import float_array, integer_at_least
from ..layers.linear import linear
from ..recurrent.lstm import lstm
from .drawing import glorot, random_of
from .structure import entries, parts

OF_A_LAYER = 4  # arrays of one layer of the lstm: w_ih, w_hh, b_ih, b_hh


def lstm_classifier(
    parameters: dict[str, Any], x: FloatArray
) -> tuple[FloatArray, Callable[[Cotangent], tuple[Any, FloatArray]]]:
    """Classifier of sequences, y = linear(the last state of lstm(x)), which begins with states of zero.

    `parameters`, as `lstm_classifier_parameters` makes them, is a dict of `lstm`, a sequence of w_ih (4 h, i), w_hh
    (4 h, h), b_ih (4 h,) and b_hh (4 h,) for each layer as `lstm` takes them, and `out`, a dict with `weight`
    (classes, h) and `bias` (classes,). `x` is (t, n, i), n sequences of t entries; `y` is (n, classes).

    Derivation. y depends on the last layer's state after the last step alone, which stands last in h_n. So the
    cotangent of h_n is zero but for its last entry, which is the linear layer's gradient of its input; those of the
    output and of the cells are zero. The rest is back-propagation through time, derived at `lstm`.

    Raises TypeError or ValueError when the parameters are not built like that, shapes do not fit or dtypes differ; the
    vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> parameters = lstm_classifier_parameters(inputs=2, hidden=3, classes=4, seed=0)
    >>> y, vjp = lstm_classifier(parameters, np.ones((6, 5, 2)))
    >>> y.shape
    (5, 4)
    >>> dparameters, dx = vjp(np.ones((5, 4)))
    >>> [weight.shape for weight in dparameters["lstm"]], dx.shape
    ([(12, 2), (12, 3), (12,), (12,)], (6, 5, 2))
    """
    weights, out = entries(lstm_classifier, "parameters", parameters, ("lstm", "out"))
    out_weight, out_bias = entries(lstm_classifier, "parameters['out']", out, ("weight", "bias"))
    kind: Any = type(parts(lstm_classifier, "parameters['lstm']", weights))  # of which the gradient is too
    x = float_array(lstm_classifier, x)
    if x.ndim != 3:
        raise ValueError(f"lstm_classifier: x must be (t, n, i), but its shape is {x.shape}")
    hidden = np.shape(weights[1])[-1] if len(weights) > 1 and np.ndim(weights[1]) == 2 else 0
    start = np.zeros((max(1, len(weights) // OF_A_LAYER), x.shape[1], hidden), x.dtype)

    (output, h_n, c_n), lstm_vjp = lstm(x, start, start, *weights)
    y, out_vjp = linear(h_n[-1], out_weight, out_bias)

    def lstm_classifier_vjp(dy: Cotangent) -> tuple[Any, FloatArray]:
        dlast, dout_weight, dout_bias = out_vjp(dy)
        dh_n = np.zeros_like(h_n)
        dh_n[-1] = dlast
        dx, _, _, *dweights = lstm_vjp((np.zeros_like(output), dh_n, np.zeros_like(c_n)))
        return {"lstm": kind(dweights), "out": {"weight": dout_weight, "bias": dout_bias}}, dx

    return y, lstm_classifier_vjp


def lstm_classifier_parameters(
    *, inputs: int, hidden: int, classes: int, layers: int = 1, seed: int, dtype: npt.DTypeLike = np.float64
) -> dict[str, Any]:
    """Parameters of an `lstm_classifier` whose cells have `hidden` units.

    Weights are uniform between plus and minus sqrt(6 / (inputs + outputs)) of their layer, as in `initial_parameters`;
    biases are zero but for 1 at the forget gate, so that a cell remembers before it has learned to.

    Source of the 1: Jozefowicz, Zaremba and Sutskever, An empirical exploration of recurrent network architectures,
    ICML 2015.

    Raises TypeError or ValueError when a number is no integer of at least 1, or `dtype` is neither float32 nor float64.

    >>> parameters = lstm_classifier_parameters(inputs=2, hidden=3, classes=4, layers=2, seed=0)
    >>> len(parameters["lstm"]), parameters["lstm"][2]
    (8, array([0., 0., 0., 1., 1., 1., 0., 0., 0., 0., 0., 0.]))
    """
    op = lstm_classifier_parameters
    random, kind = random_of(op, seed, dtype)
    inputs = integer_at_least(op, "inputs", inputs, 1)
    hidden = integer_at_least(op, "hidden", hidden, 1)
    classes = integer_at_least(op, "classes", classes, 1)
    weights: list[FloatArray] = []
    for layer in range(integer_at_least(op, "layers", layers, 1)):
        below = hidden if layer else inputs
        weights.append(glorot(random, (4 * hidden, below), below, hidden, kind))
        weights.append(glorot(random, (4 * hidden, hidden), hidden, hidden, kind))
        b_ih = np.zeros(4 * hidden, kind)
        b_ih[hidden : 2 * hidden] = 1  # gates: input, forget, cell, output
        weights += [b_ih, np.zeros(4 * hidden, kind)]
    out = {"weight": glorot(random, (classes, hidden), hidden, classes, kind), "bias": np.zeros(classes, kind)}
    return {"lstm": tuple(weights), "out": out}
