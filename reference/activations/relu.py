"""The rectifier."""

import torch
from torch import Tensor


def relu(x: Tensor) -> Tensor:
    """Rectifier, max(x, 0), for `x` of any shape; autograd's subgradient at 0 is 0.

    >>> import torch
    >>> relu(torch.tensor([-1.5, 0.0, 2.0]))
    tensor([0., 0., 2.])
    """
    return torch.relu(x)
