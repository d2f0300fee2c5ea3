"""Rotary position embedding, as a product of complex numbers."""

import torch
from torch import Tensor


def rotary_embedding(x: Tensor, *, base: float = 10000.0, offset: int = 0, interleaved: bool = False) -> Tensor:
    """Pair j of a row at position l, read as a complex number, times exp(i (l + offset) base^(-j / e))."""
    e = x.shape[-1] // 2
    pairs = x.reshape(*x.shape[:-1], e, 2) if interleaved else x.reshape(*x.shape[:-1], 2, e).transpose(-1, -2)
    positions = torch.arange(offset, offset + x.shape[-2], dtype=torch.float64, device=x.device)
    speeds = torch.tensor([base ** (-j / e) for j in range(e)], dtype=torch.float64, device=x.device)
    angles = positions[:, None] * speeds
    turns = torch.polar(torch.ones_like(angles), angles).to(x.dtype.to_complex())
    product = torch.complex(pairs[..., 0], pairs[..., 1]) * turns
    turned = torch.stack((product.real, product.imag), dim=-1)
    return turned.flatten(-2) if interleaved else turned.transpose(-1, -2).flatten(-2)
