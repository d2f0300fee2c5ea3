"""The loss of the angle between two vectors, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray, FloatScalar, IntegerArray
from .._validation import cotangent, finite_number, float_inputs
from ._reduction import check_reduction, of_each_loss, reduced
from ._targets import signs

SQUARED_LENGTH_ADDED = (
    1e-12  # PyTorch's, which keeps the angle of a vector of zeros a number; there it is rounded to float32
)


@signature("(n,d),(n,d),(n)->()")
def cosine_embedding_loss(
    x1: FloatArray, x2: FloatArray, target: IntegerArray, *, margin: float = 0.0, reduction: str = "mean"
) -> tuple[FloatArray | FloatScalar, Callable[[Cotangent], tuple[FloatArray, FloatArray, None]]]:
    """Loss of angles, 1 - cos where target is 1 and max(0, cos - margin) where it is -1.

    Here cos = <x1, x2> / sqrt(|x1|**2 |x2|**2), with 1e-12 added to both squares. Shapes: `x1` and `x2` (n, d)
    or (d,), `target` (n,) or () holds the integers 1 and -1. With `reduction` "mean" or "sum" the cost is a
    scalar; with "none" it is the array of losses.

    Derivation. With r = 1 / sqrt(|x1|**2 |x2|**2), whose differential is -r <x1, dx1> / |x1|**2 and the like
    for x2, dcos = <r x2 - cos x1 / |x1|**2, dx1>, and the same with x1 and x2 exchanged. The loss has the slope
    -1 in cos where target is 1, and where it is -1 the slope 1 as long as cos is above the margin; at the kink
    1 is returned, as by PyTorch. For a mean, dJ is first divided by n. Targets are integers, so theirs is None:
    it does not exist.

    The closure keeps both inputs, and a few numbers for each pair.

    Raises TypeError when `x1` or `x2` is not a floating array, the dtypes differ or `target` is not an integer
    array, and ValueError when the shapes do not fit, a target is neither 1 nor -1, or a mean has no pair; the
    vjp raises ValueError when `dJ` is not shaped like the cost.

    >>> import numpy as np
    >>> J, vjp = cosine_embedding_loss(np.array([[1.0, 0.0]]), np.array([[0.0, 2.0]]), np.array([1]))
    >>> J
    np.float64(1.0)
    >>> dx1, dx2, dtarget = vjp(1.0)
    >>> dx1.round(4), dx2.round(4), dtarget
    (array([[-0., -1.]]), array([[-0.5, -0. ]]), None)
    """
    x1, x2 = float_inputs(cosine_embedding_loss, x1, x2)
    if x1.shape != x2.shape or x1.ndim not in (1, 2):
        raise ValueError(
            f"cosine_embedding_loss: x1 and x2 must have one shape, (n, d) or (d,), but x1 is {x1.shape}, x2 {x2.shape}"
        )
    target = signs(cosine_embedding_loss, target, x1.shape[:-1])
    margin = finite_number(cosine_embedding_loss, "margin", margin)
    check_reduction(cosine_embedding_loss, reduction, target.shape)
    square1 = (x1 * x1).sum(axis=-1, keepdims=True) + SQUARED_LENGTH_ADDED
    square2 = (x2 * x2).sum(axis=-1, keepdims=True) + SQUARED_LENGTH_ADDED
    r = 1.0 / np.sqrt(square1 * square2)
    cos = (x1 * x2).sum(axis=-1, keepdims=True) * r
    alike = target[..., None] == 1
    losses = alike * (1.0 - cos) + ~alike * np.maximum(cos - margin, 0.0)
    J = reduced(np.asarray(losses[..., 0]), reduction)
    slope = np.where(alike, -1, (cos >= margin).astype(np.int8)).astype(x1.dtype)

    def cosine_embedding_loss_vjp(dJ: Cotangent) -> tuple[FloatArray, FloatArray, None]:
        dJ = cotangent(cosine_embedding_loss, dJ, np.shape(J), x1.dtype)
        dcos = of_each_loss(dJ, reduction, target.size)[..., None] * slope
        dx1 = dcos * (r * x2 - cos / square1 * x1)
        dx2 = dcos * (r * x1 - cos / square2 * x2)
        return dx1, dx2, None

    return J, cosine_embedding_loss_vjp
