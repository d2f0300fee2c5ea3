"""Kernels of PyTorch that are beyond the stick on the CPU, and what they do instead, equal to them bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - as everybody calls it

ROWS = 37


@dataclass(frozen=True)
class Beyond:
    """A kernel, what it does, and a function of a dtype: the kernel's gradient and that of what it is said to do."""

    kernel: str
    does: str
    both: Callable[[torch.dtype], tuple[Any, Any]]

    def is_so(self, dtype: str) -> bool:
        """Whether the two are equal, every bit, at a random point."""
        torch.manual_seed(0)
        return bool(torch.equal(*self.both(getattr(torch, dtype))))


def _layer_norm(dtype: torch.dtype) -> tuple[Any, Any]:
    x, dy = torch.randn(2, ROWS, 5).to(dtype)
    w, b = torch.randn(2, 5).to(dtype)
    b.requires_grad_()
    (db,) = torch.autograd.grad(F.layer_norm(x, (5,), w, b), b, dy)
    total = torch.zeros(5, dtype=dtype)
    for row in dy:
        total += row
    return db, total


def _conv1d(dtype: torch.dtype) -> tuple[Any, Any]:
    x, dy = torch.randn(ROWS, 2, 4).to(dtype), torch.randn(ROWS, 2, 2).to(dtype)
    w = torch.randn(2, 2, 3).to(dtype).requires_grad_()
    (dw,) = torch.autograd.grad(F.conv1d(x, w), w, dy)
    total = torch.zeros_like(dw)
    for one, given in zip(x, dy, strict=True):
        sample = torch.einsum("ol,clk->ock", given.double(), one.unfold(-1, 3, 1).double()).float()
        total = (total.float() + sample).to(dtype)
    return dw, total


def _logsumexp(dtype: torch.dtype) -> tuple[Any, Any]:
    x, dy = (5 * torch.randn(4, 13)).to(dtype).requires_grad_(), torch.randn(4).to(dtype)
    y = torch.logsumexp(x, -1)
    (dx,) = torch.autograd.grad(y, x, dy)
    return dx, dy[:, None] * torch.exp(x - y[:, None])


ALL = (
    Beyond("layer_norm", "adds db up row by row in the dtype", _layer_norm),
    Beyond("conv1d", "adds dw up sample by sample in the dtype", _conv1d),
    Beyond("logsumexp", "takes exp(x - y) of the y that was rounded to the dtype", _logsumexp),
)
