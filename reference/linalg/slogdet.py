"""Sign and logarithm of a determinant."""

import torch
from torch import Tensor


def slogdet(A: Tensor) -> tuple[Tensor, ...]:
    """Sign and logarithm of a determinant."""
    return tuple(torch.linalg.slogdet(A))
