"""A multi-layer perceptron of any depth in PyTorch's layout (samples are rows), and its backward pass."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .._sums import sum_of_rows
from .._typing import Cotangent, FloatArray
from .._validation import FLOAT32, FLOAT64, cotangent, float_array, float_arrays
from ..layers.linear import linear
from .activation import activation_named
from .drawing import checked_sizes, glorot, random_of
from .structure import entries, parts

Layer: TypeAlias = dict[str, FloatArray]


def mlp(
    parameters: Sequence[Layer], x: FloatArray, *, activation: str = "relu", data_gradients: bool = True
) -> tuple[FloatArray, Callable[[Cotangent], tuple[Any, FloatArray | None]]]:
    """Multi-layer perceptron, y = linear(... activation(linear(activation(linear(x)))) ...).

    `parameters` is a sequence of layers from the input to the output, as `mlp_parameters` makes them: each a dict with
    `weight` (o, i) and `bias` (o,), the i of a layer being the o of the one before. `x` (n, i) holds n samples, `y` is
    (n, o) of the last layer, which has no activation. `activation` is the name of an op: sigmoid, tanh, relu,
    elu, softplus, silu or gelu.

    Derivation. Layer k sees the cost through layer k + 1 alone. So the backward goes through the layers in reverse
    order, and the gradient of what one was given is the cotangent of the one before: first through the activation, by
    its own vjp, then through y = given @ weight.T + bias, as derived in `linear`:

    - given[n, i] meets weight[o, i] in every output o:  dgiven = dy @ weight
    - weight[o, i] meets given[n, i] in every sample n:  dweight = dy.T @ given
    - bias[o] reaches every sample n unscaled:           dbias = sum of dy over the samples

    With `data_gradients=False` the gradient of `x` is None and the product that it takes is saved: a step of training
    has no use for it.

    Raises TypeError or ValueError when there is no layer, a layer lacks its weight or bias, the shapes do not fit, the
    dtypes differ, or there is no activation of this name; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> hidden = {"weight": np.array([[1.0, -1.0], [2.0, 0.0]]), "bias": np.array([0.0, -1.0])}
    >>> out = {"weight": np.array([[1.0, 3.0]]), "bias": np.array([0.5])}
    >>> y, vjp = mlp((hidden, out), np.array([[1.0, 2.0]]))
    >>> y
    array([[3.5]])
    >>> (dhidden, dout), dx = vjp(np.array([[1.0]]))
    >>> dhidden["weight"]
    array([[0., 0.],
           [3., 6.]])
    >>> dout["weight"], dx
    (array([[0., 1.]]), array([[6., 0.]]))
    """
    activate = activation_named(mlp, activation, over_own=True)
    x = float_array(mlp, x)
    rows = x if x.ndim == 2 else x.reshape(math.prod(x.shape[:-1]), *x.shape[-1:])
    # What is looked at here needs no second look in each layer.
    layers = _plain(parameters, rows) or _examined(parameters, x)
    kind: Any = type(parameters)  # of which the gradient is too

    y = rows
    links: list[Any] = []  # what each layer was given, its weight, and the vjp of the activation behind it
    for weight, bias in layers:
        given = y
        y = given.dot(weight.T)
        y += bias
        activation_vjp: Any = None
        if len(links) < len(layers) - 1:
            y, activation_vjp = activate(y)
        links.append((given, weight, activation_vjp))
    shape, dtype = y.shape if x is rows else (*x.shape[:-1], *y.shape[1:]), y.dtype

    def mlp_vjp(dy: Any) -> tuple[Any, FloatArray | None]:
        # One name for each in turn: what the layer behind gave is let go before the one in front asks for memory.
        dy = cotangent(mlp, dy, shape, dtype).reshape(len(rows), shape[-1])
        dlayers: list[Layer] = []
        for given, weight, activation_vjp in reversed(links):
            if activation_vjp is not None:
                (dy,) = activation_vjp(dy)
            dlayers.append({"weight": dy.T.dot(given), "bias": sum_of_rows(dy)})
            if given is rows and not data_gradients:
                return kind(reversed(dlayers)), None
            dy = dy.dot(weight)
        return kind(reversed(dlayers)), dy.reshape(x.shape)

    return y if x.ndim == 2 else y.reshape(shape), mlp_vjp


def _plain(parameters: Sequence[Layer], x: FloatArray) -> list[tuple[FloatArray, FloatArray]] | None:
    """Weight and bias of each layer; None unless all are plain arrays of one dtype, and fit each other and x (n, i)."""
    if (type(parameters) is not tuple and type(parameters) is not list) or x.ndim != 2:
        return None
    dtype, inputs = x.dtype, x.shape[1]
    if dtype is not FLOAT64 and dtype is not FLOAT32:
        return None
    found = []
    for layer in parameters:
        if type(layer) is not dict or len(layer) != 2:
            return None
        weight, bias = layer.get("weight"), layer.get("bias")
        if type(weight) is not np.ndarray or type(bias) is not np.ndarray:
            return None
        shape = weight.shape
        fits = len(shape) == 2 and shape[1] == inputs and bias.shape == shape[:1]
        if not fits or weight.dtype is not dtype or bias.dtype is not dtype:
            return None
        inputs = shape[0]
        found.append((weight, bias))
    return found


def _examined(parameters: Sequence[Layer], x: FloatArray) -> list[tuple[FloatArray, FloatArray]]:
    """The same of what is not plain; what is wrong gets the sentence of `linear`, which is asked for every layer."""
    found = []
    for place, layer in enumerate(parts(mlp, "parameters", parameters)):
        weight, bias = float_arrays(linear, **_entries(f"parameters[{place}]", layer))
        x, _ = linear(x, weight, bias)
        found.append((weight, bias))
    return found


def _entries(name: str, layer: Layer) -> dict[str, FloatArray]:
    names = ("weight", "bias")
    return dict(zip(names, entries(mlp, name, layer, names), strict=True))


def mlp_parameters(sizes: Sequence[int], *, seed: int, dtype: npt.DTypeLike = np.float64) -> tuple[Layer, ...]:
    """Parameters of an `mlp` whose layers have these sizes, from the input to the output.

    Weights are uniform between plus and minus sqrt(6 / (inputs + outputs)) of their layer, biases are zero; see
    `initial_parameters`, which makes those of the article's networks. The same seed gives the same numbers.

    Raises what `initial_parameters` raises.

    >>> [layer["weight"].shape for layer in mlp_parameters((4, 8, 8, 3), seed=0)]
    [(8, 4), (8, 8), (3, 8)]
    """
    random, kind = random_of(mlp_parameters, seed, dtype)
    return tuple(
        {"weight": glorot(random, (outputs, inputs), inputs, outputs, kind), "bias": np.zeros(outputs, kind)}
        for inputs, outputs in pairwise(checked_sizes(mlp_parameters, sizes))
    )
