"""Softmax along one axis."""

import torch
from torch import Tensor


def softmax(x: Tensor, *, dim: int = -1) -> Tensor:
    """Softmax, exp(x) / sum of exp(x) over `dim`; the value has the shape of `x`.

    >>> import torch
    >>> softmax(torch.tensor([[0.0, 0.0]]))
    tensor([[0.5000, 0.5000]])
    """
    return torch.softmax(x, dim=dim)
