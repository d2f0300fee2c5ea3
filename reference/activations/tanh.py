"""The hyperbolic tangent."""

import torch
from torch import Tensor


def tanh(x: Tensor) -> Tensor:
    """Hyperbolic tangent, for `x` of any shape.

    >>> import torch
    >>> tanh(torch.tensor([0.0]))
    tensor([0.])
    """
    return torch.tanh(x)
