"""Eigenvalues and eigenvectors of a symmetric matrix."""

import torch
from torch import Tensor


def eigh(A: Tensor, *, UPLO: str = "L") -> tuple[Tensor, ...]:
    """Eigenvalues and eigenvectors of a symmetric matrix."""
    return tuple(torch.linalg.eigh(A, UPLO))
