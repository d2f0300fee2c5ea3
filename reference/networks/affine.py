"""The article's affine map: samples are columns."""

import torch
from torch import Tensor


def affine(W: Tensor, X: Tensor, B: Tensor) -> Tensor:
    """Affine map, W @ X + B, with `W` (o, i), `X` (i, m) and `B` (o, 1); the value is (o, m).

    >>> import torch
    >>> affine(torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0], [5.0]]), torch.tensor([[0.5]]))
    tensor([[13.5000]])
    """
    return torch.addmm(B, W, X)
