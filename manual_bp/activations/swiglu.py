"""The gate of SiLU that language models put between two linear layers, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_inputs
from ..activations.sigmoid import logistic


@signature("(n,c),(n,c)->(n,c)")
def swiglu(gate: FloatArray, up: FloatArray) -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray, FloatArray]]]:
    """SwiGLU, y = silu(gate) * up with silu(g) = g * sigmoid(g); `gate` and `up` have one shape, any.

    They are two linear maps of one input. (PyTorch has no function of this name.)

    Derivation. With s = sigmoid(gate) and h = gate * s, the product rule gives up dh + h dup, and dh = s (1 +
    gate (1 - s)) dgate. So the gradient with respect to up is dy * h, the one with respect to gate is dy * up *
    s * (1 + gate (1 - s)).

    The closure keeps both inputs and s.

    Source: Shazeer, GLU variants improve transformer, 2020, equation 5 (without the linear maps).

    Raises TypeError when an input is not a floating array or the dtypes differ, and ValueError when the shapes
    differ; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = swiglu(np.array([[0.0, 1.0]]), np.array([[2.0, 3.0]]))
    >>> y.round(4)
    array([[0.    , 2.1932]])
    >>> dgate, dup = vjp(np.array([[1.0, 1.0]]))
    >>> dgate.round(4)
    array([[1.   , 2.783]])
    >>> dup.round(4)
    array([[0.    , 0.7311]])
    """
    gate, up = float_inputs(swiglu, gate, up)
    if gate.shape != up.shape:
        raise ValueError(f"swiglu: gate and up must have one shape, but gate is {gate.shape} and up is {up.shape}")
    s = logistic(gate)
    h = gate * s
    y = np.asarray(h * up)
    y_shape, dtype = y.shape, y.dtype

    def swiglu_vjp(dy: Cotangent) -> tuple[FloatArray, FloatArray]:
        dy = cotangent(swiglu, dy, y_shape, dtype)
        dgate = np.asarray(dy * up * s * (1.0 + gate * (1.0 - s)))
        dup = np.asarray(dy * h)
        return dgate, dup

    return y, swiglu_vjp
