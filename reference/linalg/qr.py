"""Reduced QR decomposition."""

import torch
from torch import Tensor


def qr(A: Tensor) -> tuple[Tensor, ...]:
    """Reduced QR decomposition."""
    return tuple(torch.linalg.qr(A))
