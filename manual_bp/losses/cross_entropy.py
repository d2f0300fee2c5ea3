"""The cross-entropy of logits against integer labels, and its backward pass."""

from collections.abc import Callable

import numpy as np

from .._signature import signature
from .._typing import Cotangent, FloatArray, FloatScalar, IntegerArray
from .._validation import at_least_one_sample, cotangent, float_arrays, integer_array, matching_shapes


@signature("(n,c),(n)->()")
def cross_entropy(
    logits: FloatArray, labels: IntegerArray
) -> tuple[FloatScalar, Callable[[Cotangent], tuple[FloatArray, None]]]:
    """Cross-entropy, J = mean over n of -log softmax(logits)[n, labels[n]].

    Shapes: `logits` (n, c), `labels` (n,) with integers from 0 to c - 1.

    Per sample -log softmax is logsumexp(logits) - logits[label]. The largest logit is subtracted from both
    terms first, which leaves their difference as it is and keeps every exponent at most 0.

    Derivation. The differential of logsumexp is sum over k of p[k] dlogits[k], with p the softmax of the
    logits; that of the second term is dlogits[label]. Over n samples, the gradient is
    dJ / n * (p - onehot(labels)). Labels are integers, so theirs is None: it does not exist.

    The closure keeps p, which the forward has computed anyway, and `labels`.

    Raises TypeError when `logits` is not a floating array or `labels` not an integer one, and ValueError
    when the shapes do not fit, a label lies outside [0, c), or there is no sample; the vjp raises
    ValueError when `dJ` is not a scalar.

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
    (logits,) = float_arrays(cross_entropy, logits=logits)
    labels = integer_array(cross_entropy, "labels", labels)
    matching_shapes(cross_entropy, logits=logits, labels=labels)
    at_least_one_sample(cross_entropy, "logits", logits, axis=0)
    n, c = logits.shape
    _check_labels(labels, c)

    rows = np.arange(n)
    shifted = logits - logits.max(axis=1, keepdims=True)
    e = np.exp(shifted)
    total = e.sum(axis=1, keepdims=True)
    J: FloatScalar = np.sum(np.log(total[:, 0]) - shifted[rows, labels]) / n
    p = e / total

    def cross_entropy_vjp(dJ: Cotangent) -> tuple[FloatArray, None]:
        dJ = cotangent(cross_entropy, dJ, (), p.dtype)
        p_minus_onehot = p.copy()
        p_minus_onehot[rows, labels] -= 1.0
        dlogits = dJ / n * p_minus_onehot
        return dlogits, None

    return J, cross_entropy_vjp


def _check_labels(labels: IntegerArray, c: int) -> None:
    outside = np.flatnonzero((labels < 0) | (labels >= c))
    if outside.size:
        place = outside[0]
        raise ValueError(
            f"cross_entropy: labels must lie in [0, {c}), since logits has {c} columns, "
            f"but labels[{place}] is {labels[place]}"
        )
