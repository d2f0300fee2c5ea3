"""RMS norm as a Triton kernel of our own: right, right with atomics, and with one mistake each.

Of the backward, with ``c`` the mean of ``dy w x r`` over a row and ``r`` the reciprocal root of its mean square:

    dx = r (dy w - x r c)        dw = sum over the rows of dy x r

Needs Triton, and a GPU or ``TRITON_INTERPRET=1``.
"""

# mypy: ignore-errors

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from torch.autograd import Function

BLOCK = 128  # columns at most, so that one compilation serves every shape
PROGRAMS = 2  # each walks over every other row and adds up its own part of dw
EPSILON = 1e-6

MISTAKES = ("bfloat16 sum", "no mask at the tail", "no 1/n", "dirty buffer", "race")


@triton.jit(do_not_specialize=["n"])
def _forward(X, W, Y, R, n, EPSILON: tl.constexpr, BLOCK: tl.constexpr):
    row = tl.program_id(0)
    columns = tl.arange(0, BLOCK)
    inside = columns < n
    x = tl.load(X + row * n + columns, mask=inside, other=0.0).to(tl.float32)
    w = tl.load(W + columns, mask=inside, other=0.0).to(tl.float32)
    r = 1.0 / tl.sqrt(tl.sum(x * x, axis=0) / n + EPSILON)
    tl.store(R + row, r)
    tl.store(Y + row * n + columns, x * r * w, mask=inside)


@triton.jit(do_not_specialize=["m", "n"])
def _backward(X, W, R, DY, DX, DW, m, n, HOW: tl.constexpr, BLOCK: tl.constexpr, PROGRAMS: tl.constexpr):
    first = tl.program_id(0)
    columns = tl.arange(0, BLOCK)
    inside = columns < n
    w = tl.load(W + columns, mask=inside, other=0.0).to(tl.float32)
    dw = tl.zeros([BLOCK], dtype=tl.bfloat16 if HOW == "bfloat16 sum" else tl.float32)
    for row in range(first, m, PROGRAMS):
        r = tl.load(R + row)
        if HOW == "no mask at the tail":  # the last column stands in for what lies behind it, so that memory is safe
            reach = tl.minimum(columns, n - 1)
            x = tl.load(X + row * n + reach).to(tl.float32)
            dy = tl.load(DY + row * n + reach).to(tl.float32)
            g = dy * tl.load(W + reach).to(tl.float32)
        else:
            x = tl.load(X + row * n + columns, mask=inside, other=0.0).to(tl.float32)
            dy = tl.load(DY + row * n + columns, mask=inside, other=0.0).to(tl.float32)
            g = dy * w
        c = tl.sum(g * x * r, axis=0)
        if HOW != "no 1/n":
            c = c / n
        tl.store(DX + row * n + columns, r * (g - x * r * c), mask=inside)
        if HOW == "bfloat16 sum":
            dw = (dw + (dy * x * r).to(tl.bfloat16)).to(tl.bfloat16)
        else:
            dw += dy * x * r
    if HOW == "race":
        so_far = tl.load(DW + columns, mask=inside, other=0.0)
        tl.store(DW + columns, so_far + dw, mask=inside)
    elif HOW == "parts" or HOW == "bfloat16 sum":
        tl.store(DW + first * n + columns, dw.to(tl.float32), mask=inside)
    else:
        tl.atomic_add(DW + columns, dw.to(tl.float32), mask=inside)


def rms_norm(how: str) -> type[Function]:
    """The kernel by its name: ``parts`` (right), ``atomics`` (right, in any order), or one of `MISTAKES`."""
    dirty: dict[Any, torch.Tensor] = {}

    def sums(n: int, device: torch.device) -> torch.Tensor:
        if how in ("parts", "bfloat16 sum"):
            return torch.zeros(PROGRAMS, n, device=device)
        if how == "dirty buffer":  # used again without being cleared
            return dirty.setdefault((n, device), torch.zeros(n, device=device))
        return torch.zeros(n, device=device)

    class RMSNorm(Function):
        """x (m,n) over the root of its mean square, times w (n)."""

        @staticmethod
        def forward(ctx: Any, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
            x, w = x.contiguous(), w.contiguous()
            m, n = x.shape
            y, r = torch.empty_like(x), torch.empty(m, dtype=torch.float32, device=x.device)
            if m and n:
                _forward[(m,)](x, w, y, r, n, EPSILON=EPSILON, BLOCK=BLOCK)
            ctx.save_for_backward(x, w, r)
            return y

        @staticmethod
        def backward(ctx: Any, dy: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            x, w, r = ctx.saved_tensors
            m, n = x.shape
            dy, dx, dw = dy.contiguous(), torch.empty_like(x), sums(n, x.device)
            if m and n:
                _backward[(PROGRAMS,)](x, w, r, dy, dx, dw, m, n, HOW=how, BLOCK=BLOCK, PROGRAMS=PROGRAMS)
            return dx, (dw.sum(0) if dw.ndim == 2 else dw.clone()).to(w.dtype)

    return RMSNorm


def plain_rms_norm(x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
    """The same as PyTorch composes it: the twin."""
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + EPSILON) * w
