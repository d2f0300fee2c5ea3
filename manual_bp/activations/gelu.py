"""The Gaussian error linear unit, exact and by tanh, and its backward pass."""

import math
from collections.abc import Callable

import numpy as np

from .._normal import normal_cdf
from .._signature import signature
from .._typing import Cotangent, FloatArray
from .._validation import cotangent, float_array, one_of


@signature("(m,n)->(m,n)")
def gelu(x: FloatArray, *, approximate: str = "none") -> tuple[FloatArray, Callable[[Cotangent], tuple[FloatArray]]]:
    """Gaussian error linear unit, y = x * Phi(x), for `x` of any shape; Phi is the normal distribution function.

    With `approximate="tanh"`, Phi(x) is replaced by (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715
    x**3).

    Derivation. By the product rule the differential is Phi(x) dx + x Phi'(x) dx, so the gradient with respect
    to x is dy * (Phi + x Phi'). The slope of Phi is the density exp(-x**2 / 2) / sqrt(2 pi); that of its
    replacement is (1 - tanh(u)**2) / 2 times u' = sqrt(2 / pi) (1 + 3 * 0.044715 x**2).

    The closure keeps Phi + x Phi': Phi and its density have the exponential in common.

    Raises TypeError when `x` is not a floating array, and ValueError when `approximate` is neither "none" nor
    "tanh"; the vjp raises ValueError when `dy` is not shaped like `y`.

    >>> import numpy as np
    >>> y, vjp = gelu(np.array([-1.0, 0.0, 1.0]))
    >>> y.round(4)
    array([-0.1587,  0.    ,  0.8413])
    >>> (dx,) = vjp(np.array([1.0, 1.0, -2.0]))
    >>> dx.round(4)
    array([-0.0833,  0.5   , -2.1666])
    >>> gelu(np.array([1.0]), approximate="tanh")[0].round(4)
    array([0.8412])
    """
    x = float_array(gelu, x)
    one_of(gelu, "approximate", approximate, ("none", "tanh"))
    Phi, dPhi = normal_cdf(x) if approximate == "none" else _by_tanh(x)
    y = np.asarray(x * Phi)
    slope = np.asarray(x * dPhi)
    slope += Phi
    shape, dtype = y.shape, y.dtype

    def gelu_vjp(dy: Cotangent) -> tuple[FloatArray]:
        dy = cotangent(gelu, dy, shape, dtype)
        return (np.asarray(dy * slope),)

    return y, gelu_vjp


def _by_tanh(x: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(1 + tanh(u)) / 2 with u = rate x (1 + c x**2), and its slope (1 - tanh(u)**2) / 2 * rate (1 + 3 c x**2).

    In place, since a pass over fresh memory takes longer than the arithmetic; `out` keeps arrays of shape () arrays.
    """
    rate, c = math.sqrt(2.0 / math.pi), 0.044715
    square = np.multiply(x, x, out=np.empty_like(x))
    t = np.multiply(square, c, out=np.empty_like(x))
    t += 1.0
    t *= x
    t *= rate
    np.tanh(t, out=t)

    slope = np.multiply(t, t, out=np.empty_like(x))
    np.subtract(1.0, slope, out=slope)
    square *= 3 * c
    square += 1.0
    slope *= square
    slope *= 0.5 * rate
    t += 1.0
    t *= 0.5
    return t, slope
