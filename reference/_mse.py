"""The article's cost, the squared error per sample."""

import torch
from torch import Tensor


def mse(A: Tensor, Y: Tensor) -> Tensor:
    """Squared error, summed over all entries and divided by the number of columns, with `A` and `Y` (f, m).

    Not PyTorch's mean, which would also divide by the number f of features.

    >>> import torch
    >>> mse(torch.tensor([[1.0, 2.0]]), torch.tensor([[0.0, 4.0]]))
    tensor(2.5000)
    """
    return torch.nn.functional.mse_loss(A, Y, reduction="sum") / A.shape[1]
