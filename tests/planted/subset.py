"""Which inputs want a gradient, and which optional ones are there."""

import numpy as np
import torch

from gradcheck.adapters import from_torch

from .exhibit import two_backwards, two_ops


class SmoothLossOneBuffer(torch.autograd.Function):
    """The gradient of the target is made from that of x, where there is one."""

    @staticmethod
    def forward(ctx, x, target):
        ctx.save_for_backward(x, target)
        return torch.sqrt(1 + (x - target) ** 2)

    @staticmethod
    def backward(ctx, dy):
        x, target = ctx.saved_tensors
        buffer = torch.zeros_like(x)
        if ctx.needs_input_grad[0]:
            buffer = dy * (x - target) / torch.sqrt(1 + (x - target) ** 2)
        return buffer if ctx.needs_input_grad[0] else None, -buffer if ctx.needs_input_grad[1] else None


class SmoothLoss(torch.autograd.Function):
    """The same, whoever asks."""

    @staticmethod
    def forward(ctx, x, target):
        ctx.save_for_backward(x, target)
        return torch.sqrt(1 + (x - target) ** 2)

    @staticmethod
    def backward(ctx, dy):
        x, target = ctx.saved_tensors
        buffer = torch.zeros_like(x)
        if any(ctx.needs_input_grad):
            buffer = dy * (x - target) / torch.sqrt(1 + (x - target) ** 2)
        return buffer if ctx.needs_input_grad[0] else None, -buffer if ctx.needs_input_grad[1] else None


def gated_keys(k, beta, gate, *, gated=True):
    """k beta, times exp(gate) where there is a gate."""
    decay = np.exp(gate) if gated else np.ones_like(gate)
    return k * beta * decay, (k, beta, decay, gated)


def gated_keys_backward_gate_branch_only(saved, dy):
    k, beta, decay, gated = saved
    dk, dgate = np.zeros_like(k), np.zeros_like(k)
    if gated:
        dk = dy * beta * decay
        dgate = dy * k * beta * decay
    return dk, dy * k * decay, dgate


def gated_keys_backward(saved, dy):
    k, beta, decay, gated = saved
    dk, dgate = np.zeros_like(k), np.zeros_like(k)
    dk = dy * beta * decay
    if gated:
        dgate = dy * k * beta * decay
    return dk, dy * k * decay, dgate


EXHIBITS = [
    two_ops(
        "B226",
        "the gradient of the target needs that of the other input",
        "(n),(n)->(n)",
        cause="subset",
        wrong=from_torch(SmoothLossOneBuffer),
        right=from_torch(SmoothLoss),
        law="GC208",
    ),
    two_backwards(
        "B227",
        "without its optional gate, dk is never assigned",
        "(n),(n),(n)->(n)",
        cause="missing",
        forward=gated_keys,
        wrong=gated_keys_backward_gate_branch_only,
        right=gated_keys_backward,
        options={"gated": [True, False]},
    ),
]
