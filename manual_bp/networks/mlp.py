"""A multi-layer perceptron of any depth in PyTorch's layout (samples are rows), and its backward pass."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from .._sums import summed
from .._typing import Cotangent, FloatArray
from .._validation import FLOAT32, FLOAT64, cotangent
from ..layers.linear import linear, linear_of_rows
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

    Derivation. Each layer is an op whose derivation stands there; layer k sees the cost through layer k + 1 alone. So
    the backward asks the vjps in reverse order, and what one gives for its input is the cotangent of the one before.

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
    last = len(parts(mlp, "parameters", parameters)) - 1
    kind: Any = type(parameters)  # of which the gradient is too
    layers = _plain(parameters, x)
    # What was looked at here needs no second look in each layer; what is not plain gets the layer's own sentence.
    layer_op: Any = linear_of_rows if layers else linear
    y = x
    pulls: list[Any] = []
    for place, (weight, bias) in enumerate(layers or _entries(parameters)):
        z, linear_vjp = layer_op(y, weight, bias)
        y, activation_vjp = activate(z) if place < last else (z, None)
        pulls.append((linear_vjp, activation_vjp))
    shape, dtype = y.shape, y.dtype

    def mlp_vjp(dy: Cotangent) -> tuple[Any, FloatArray | None]:
        dlayers: list[Layer] = []
        dx = cotangent(mlp, dy, shape, dtype)
        for linear_vjp, activation_vjp in reversed(pulls[0 if data_gradients else 1 :]):
            if activation_vjp is not None:
                (dx,) = activation_vjp(dx)
            dx, dweight, dbias = linear_vjp(dx)
            dlayers.append({"weight": dweight, "bias": dbias})
        if data_gradients:
            return kind(reversed(dlayers)), dx
        # The first layer without its dx, see `linear`.
        if pulls[0][1] is not None:
            (dx,) = pulls[0][1](dx)
        dlayers.append({"weight": dx.T.dot(x), "bias": summed(dx, (0,))})
        return kind(reversed(dlayers)), None

    return y, mlp_vjp


def _plain(parameters: Sequence[Layer], x: FloatArray) -> list[tuple[FloatArray, FloatArray]] | None:
    """Weight and bias of each layer; None unless all are plain arrays of one dtype, and fit each other and x (n, i)."""
    if type(x) is not np.ndarray or x.ndim != 2:
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


def _entries(parameters: Sequence[Layer]) -> Iterator[Any]:
    for place, layer in enumerate(parameters):
        yield entries(mlp, f"parameters[{place}]", layer, ("weight", "bias"))


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
