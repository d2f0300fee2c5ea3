"""A small convolutional network for images, and its backward pass."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from .._typing import Cotangent, FloatArray
from .._validation import integer_at_least
from ..layers.conv2d import conv2d
from ..layers.linear import linear
from ..layers.max_pool2d import max_pool2d
from .activation import activation_named
from .drawing import checked_sizes, glorot, random_of
from .structure import entries, parts

POOL = 2  # entries of a window along each axis: every stage halves the image


def conv_net(
    parameters: dict[str, Any], x: FloatArray, *, activation: str = "relu"
) -> tuple[FloatArray, Callable[[Cotangent], tuple[Any, FloatArray]]]:
    """Convolutional network: stages of convolution, activation and 2 x 2 max-pooling, then one linear layer.

    `parameters`, as `conv_net_parameters` makes them, is a dict of `stages`, a sequence of dicts with `weight`
    (o, c, k, k), k odd, and `bias` (o,), the c of a stage being the o of the one before; and `out`, a dict with
    `weight` (classes, features) and `bias` (classes,). Each convolution has a border of k // 2 zeros, so that it keeps
    the size of the image, and each pooling halves it, rounding down. `x` is (n, c, height, width), `y` (n, classes);
    features is what is left of an image, all channels one after the other.

    Derivation. Each link is an op whose derivation stands there; between the last pooling and the linear layer lies a
    reshape, whose backward is the reshape back. The backward asks the vjps in reverse order, and what one gives for its
    input is the cotangent of the one before.

    Raises TypeError or ValueError when the parameters are not built like that, shapes do not fit, dtypes differ, or
    there is no activation of this name; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> parameters = conv_net_parameters(channels=(1, 2), classes=3, image=(4, 6), seed=0)
    >>> y, vjp = conv_net(parameters, np.ones((5, 1, 4, 6)))
    >>> y.shape
    (5, 3)
    >>> dparameters, dx = vjp(np.ones((5, 3)))
    >>> dparameters["stages"][0]["weight"].shape, dparameters["out"]["bias"], dx.shape
    ((2, 1, 3, 3), array([5., 5., 5.]), (5, 1, 4, 6))
    """
    activate = activation_named(conv_net, activation)
    stages, out = entries(conv_net, "parameters", parameters, ("stages", "out"))
    out_weight, out_bias = entries(conv_net, "parameters['out']", out, ("weight", "bias"))
    kind: Any = type(parts(conv_net, "parameters['stages']", stages))  # of which the gradient is too

    pulls: list[Any] = []
    image = x
    for place, stage in enumerate(stages):
        weight, bias = entries(conv_net, f"parameters['stages'][{place}]", stage, ("weight", "bias"))
        z, conv_vjp = conv2d(image, weight, bias, padding=np.shape(weight)[-1] // 2)
        a, activation_vjp = activate(z)
        image, pool_vjp = max_pool2d(a, kernel_size=POOL)
        pulls.append((conv_vjp, activation_vjp, pool_vjp))
    features = image.reshape(len(image), -1)
    y, out_vjp = linear(features, out_weight, out_bias)

    def conv_net_vjp(dy: Cotangent) -> tuple[Any, FloatArray]:
        dfeatures, dout_weight, dout_bias = out_vjp(dy)
        dimage = dfeatures.reshape(image.shape)
        dstages = []
        for conv_vjp, activation_vjp, pool_vjp in reversed(pulls):
            (da,) = pool_vjp(dimage)
            (dz,) = activation_vjp(da)
            dimage, dweight, dbias = conv_vjp(dz)
            dstages.append({"weight": dweight, "bias": dbias})
        dout = {"weight": dout_weight, "bias": dout_bias}
        return {"stages": kind(reversed(dstages)), "out": dout}, dimage

    return y, conv_net_vjp


def conv_net_parameters(
    *,
    channels: Sequence[int],
    classes: int,
    image: tuple[int, int],
    kernel_size: int = 3,
    seed: int,
    dtype: npt.DTypeLike = np.float64,
) -> dict[str, Any]:
    """Parameters of a `conv_net` for images of (height, width) entries, from the channels of the image on.

    Weights are uniform between plus and minus sqrt(6 / (inputs + outputs)) of their layer, as in `initial_parameters`,
    where an input or output of a convolution is one place of its kernel; biases are zero.

    Raises TypeError or ValueError when a number is no integer of at least 1, there are fewer than two numbers of
    channels, `kernel_size` is even, an image is too small to be halved so often, or `dtype` is neither float32 nor
    float64.

    >>> parameters = conv_net_parameters(channels=(1, 8, 16), classes=10, image=(8, 8), seed=0)
    >>> [stage["weight"].shape for stage in parameters["stages"]], parameters["out"]["weight"].shape
    ([(8, 1, 3, 3), (16, 8, 3, 3)], (10, 64))
    """
    op = conv_net_parameters
    random, kind = random_of(op, seed, dtype)
    channels = checked_sizes(op, channels)
    classes = integer_at_least(op, "classes", classes, 1)
    k = integer_at_least(op, "kernel_size", kernel_size, 1)
    if k % 2 == 0:
        raise ValueError(f"conv_net_parameters: kernel_size must be odd, so that it has a middle, but it is {k}")
    height, width = (integer_at_least(op, f"image[{axis}]", image[axis], 1) for axis in (0, 1))
    for _ in channels[1:]:
        height, width = height // POOL, width // POOL
    if height * width == 0:
        raise ValueError(
            f"conv_net_parameters: image must be at least {POOL ** (len(channels) - 1)} entries high and wide to be "
            f"halved {len(channels) - 1} times, but it is {tuple(image)}"
        )
    stages = tuple(
        {"weight": glorot(random, (o, c, k, k), c * k * k, o * k * k, kind), "bias": np.zeros(o, kind)}
        for c, o in pairwise(channels)
    )
    features = channels[-1] * height * width
    out = {
        "weight": glorot(random, (classes, features), features, classes, kind),
        "bias": np.zeros(classes, kind),
    }
    return {"stages": stages, "out": out}
