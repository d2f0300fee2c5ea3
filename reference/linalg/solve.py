"""Solution of A X = B, or of X A = B."""

import torch
from torch import Tensor


def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """Solution of A X = B, or of X A = B."""
    y: Tensor = torch.linalg.solve(A, B, left=left)
    return y
