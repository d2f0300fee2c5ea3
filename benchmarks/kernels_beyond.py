"""Kernels of PyTorch that are beyond the stick on the CPU, and what they do instead, equal to them bit for bit."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - as everybody calls it

ROWS = 37
LEVELS = 8  # of partial sums, as PyTorch has them


@dataclass(frozen=True)
class Beyond:
    """A kernel, what it does, and a function of a dtype: its answer, and that of what it is said to do."""

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


def _cross_entropy(dtype: torch.dtype) -> tuple[Any, Any]:
    x, labels = (3 * torch.randn(ROWS * ROWS, 5)).to(dtype), torch.randint(0, 5, (ROWS * ROWS,))
    terms = -torch.log_softmax(x, -1).gather(-1, labels[:, None])[:, 0]
    power = max(4, math.ceil(math.log2(len(x))) // LEVELS)
    partial = [torch.zeros((), dtype=dtype) for _ in range(LEVELS)]
    for number, term in enumerate(terms):
        partial[0] = partial[0] + term
        for level in range(LEVELS - 1):
            if number >> level * power & (1 << power) - 1:
                break
            partial[level + 1], partial[level] = partial[level + 1] + partial[level], torch.zeros((), dtype=dtype)
    return F.cross_entropy(x, labels), sum(partial, torch.zeros((), dtype=dtype)) / len(x)


ALL = (
    Beyond("layer_norm", "adds db up row by row in the dtype", _layer_norm),
    Beyond("conv1d", "adds dw up sample by sample in the dtype", _conv1d),
    Beyond("cross_entropy", "adds the loss up in the dtype, sixteen terms at a time", _cross_entropy),
    Beyond("logsumexp", "takes exp(x - y) of the y that was rounded to the dtype", _logsumexp),
)
