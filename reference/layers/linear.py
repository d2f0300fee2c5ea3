"""A linear layer in PyTorch's layout: samples are rows."""

import torch
from torch import Tensor


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Linear layer, x @ weight.T + bias, with `x` (..., i), `weight` (o, i), `bias` (o,); the value is (..., o).

    >>> import torch
    >>> linear(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]]), torch.tensor([0.5]))
    tensor([[11.5000]])
    """
    return torch.nn.functional.linear(x, weight, bias)
