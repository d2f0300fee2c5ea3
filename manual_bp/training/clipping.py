"""Gradients that are too large, made smaller before a step."""

import math

import numpy as np

from .._validation import positive_number
from .trees import Tree, arrays_in, rebuilt


def clip_by_norm(gradients: Tree, limit: float) -> tuple[Tree, float]:
    """Gradients whose norm over all their entries is at most `limit`, and the norm that they had.

    Longer ones are all multiplied by limit / (norm + 1e-6), as in `torch.nn.utils.clip_grad_norm_`, so that the
    direction stays; others come back as they are.

    Source: Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, ICML 2013.

    Raises TypeError when a gradient is no floating array, and ValueError when `limit` is not a finite number above 0.

    >>> import numpy as np
    >>> clipped, norm = clip_by_norm([np.array([3.0]), np.array([4.0])], limit=1.0)
    >>> norm, [gradient.round(3).tolist() for gradient in clipped]
    (5.0, [[0.6], [0.8]])
    """
    limit = positive_number(clip_by_norm, "limit", limit)
    arrays = arrays_in(clip_by_norm, "gradients", gradients)
    norm = math.hypot(*(float(np.linalg.norm(array)) for array in arrays))
    factor = limit / (norm + _NEVER_0)
    if factor >= 1:
        return gradients, norm
    return rebuilt(gradients, iter([np.asarray(factor * array) for array in arrays])), norm


_NEVER_0 = 1e-6  # PyTorch's


def clip_by_value(gradients: Tree, limit: float) -> Tree:
    """Gradients with every entry below -limit raised to it and every entry above limit lowered to it.

    The direction changes; `torch.nn.utils.clip_grad_value_` does the same.

    Raises TypeError when a gradient is no floating array, and ValueError when `limit` is not a finite number above 0.

    >>> import numpy as np
    >>> clip_by_value({"w": np.array([3.0, -0.5, -7.0])}, limit=1.0)
    {'w': array([ 1. , -0.5, -1. ])}
    """
    limit = positive_number(clip_by_value, "limit", limit)
    arrays = arrays_in(clip_by_value, "gradients", gradients)
    return rebuilt(gradients, iter([np.asarray(np.clip(array, -limit, limit)) for array in arrays]))
