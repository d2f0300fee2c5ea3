"""The cross-entropy of logits against labels or probabilities, and its backward pass."""

from collections.abc import Callable
from typing import TypeAlias, cast

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray, FloatScalar, IntegerArray
from .._validation import cotangent, finite_number, float_array
from ._probabilities import cross_entropy_of_probabilities
from ._reduction import check_reduction
from ._targets import class_indices, class_weights

Answer: TypeAlias = tuple[FloatArray | FloatScalar, Callable[[Cotangent], tuple[FloatArray, FloatArray | None]]]


@signature("(n,c),(n)->()")
def cross_entropy(
    logits: FloatArray,
    labels: IntegerArray | FloatArray,
    *,
    weight: FloatArray | None = None,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Answer:
    """Cross-entropy, J = mean over n of -log softmax(logits)[n, labels[n]].

    Shapes: `logits` (n, c), (c,) or (n, c, ...), and `labels` the same without the classes c, with integers
    from 0 to c - 1. `weight` (c,) are factors of the losses by their class; a mean divides by the sum of the
    factors that it met. A sample whose label is `ignore_index` counts nowhere. With `label_smoothing` s every
    sample has the label 1 - s times, and each class s / c times besides. `reduction` is "mean", "sum", or
    "none" for the losses themselves. Where every sample is ignored the mean is 0 / 0, which is NaN, and its
    gradient 0, as by PyTorch. `weight` is no input: it has no gradient, there as here.

    Labels that are floating numbers of the shape of `logits` are probabilities of the classes: then J is the
    mean over n of -sum over c of weight[c] labels[n, c] log softmax(logits)[n, c], and labels have a gradient
    too.

    Per sample -log softmax is logsumexp(logits) - logits[label]. The largest logit is subtracted from both
    terms first, which leaves their difference as it is and keeps every exponent at most 0.

    Derivation. Let q[c] be how often a sample has class c, weights included, and Q their sum; its loss is Q
    logsumexp(logits) - sum over c of q[c] logits[c]. The differential of logsumexp is sum over k of p[k]
    dlogits[k], with p the softmax of the logits, so the gradient is dJ (Q p - q); for a mean, dJ is first
    divided by the sum of the factors, which is n without weights. Labels that are integers have no gradient:
    theirs is None.

    The closure keeps p, which the forward has computed anyway, and the labels.

    Raises TypeError when `logits` is not a floating array, `labels` not an integer one or of another floating
    dtype, or an option not of its kind; ValueError when the shapes do not fit, a label lies outside [0, c),
    there is no sample for a mean, or an option is out of its range; the vjp raises ValueError when `dJ` is not
    shaped like J.

    >>> import numpy as np
    >>> logits = np.log(np.array([[1.0, 3.0], [1.0, 1.0]]))
    >>> J, vjp = cross_entropy(logits, np.array([0, 1]))
    >>> J.round(4)
    np.float64(1.0397)
    >>> dlogits, dlabels = vjp(1.0)
    >>> dlogits
    array([[-0.375,  0.375],
           [ 0.25 , -0.25 ]])
    >>> dlabels is None
    True
    """
    logits = float_array(cross_entropy, logits, "logits")
    if logits.ndim == 0:
        raise ValueError("cross_entropy: logits must have an axis of classes, but its shape is ()")
    axis = 0 if logits.ndim == 1 else 1
    c = logits.shape[axis]
    shape = logits.shape[:axis] + logits.shape[axis + 1 :]
    smoothing = finite_number(cross_entropy, "label_smoothing", label_smoothing)
    if not 0 <= smoothing <= 1:
        raise ValueError(f"cross_entropy: label_smoothing must lie in [0, 1], but it is {smoothing}")
    check_reduction(cross_entropy, reduction, logits.shape)
    weight = class_weights(cross_entropy, weight, c, logits.dtype)
    if isinstance(labels, np.ndarray) and labels.dtype.kind == "f":
        if ignore_index >= 0:
            raise ValueError("cross_entropy: ignore_index names no label where labels are probabilities")
        target = cast(FloatArray, labels)
        return cross_entropy_of_probabilities(cross_entropy, logits, target, axis, weight, reduction, smoothing)
    labels = class_indices(cross_entropy, "labels", labels, shape, c, ignore_index)

    # One row a sample; what further axes there are, are samples too.
    x = np.moveaxis(logits, axis, -1).reshape(-1, c)
    counts = labels.reshape(-1) != ignore_index
    label = np.where(counts, labels.reshape(-1), 0)
    rows = np.arange(len(x))
    factor = (np.ones(c, x.dtype) if weight is None else weight)[label] * counts
    spread = smoothing / c * (np.ones(c, x.dtype) if weight is None else weight)

    shifted = x - x.max(axis=1, keepdims=True)
    p = np.exp(shifted)
    total = p.sum(axis=1, keepdims=True)
    p /= total
    log_total = np.log(total[:, 0])
    losses = (1.0 - smoothing) * factor * (log_total - shifted[rows, label])
    if smoothing:
        losses += counts * (spread.sum() * log_total - shifted @ spread)
    J: FloatArray | FloatScalar = losses.reshape(shape) if reduction == "none" else losses.sum()
    divisor = factor.sum() if reduction == "mean" else 1.0
    if reduction == "mean":
        J = J / divisor

    def cross_entropy_vjp(dJ: Cotangent) -> tuple[FloatArray, None]:
        dJ = cotangent(cross_entropy, dJ, np.shape(J), p.dtype)
        dloss = np.where(counts[:, None], dJ.reshape(-1, 1) / divisor, 0.0)  # 0 / 0 as well, where no sample counts
        own = (1.0 - smoothing) * factor[:, None]
        dx = dloss * (own + spread.sum()) * p
        dx[rows, label] -= (dloss * own)[:, 0]
        if smoothing:
            dx -= dloss * spread
        dlogits = np.moveaxis(dx.reshape(*shape[:axis], *shape[axis:], c), -1, axis)
        return dlogits, None

    return J, cross_entropy_vjp
