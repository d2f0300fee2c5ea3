"""A path that gives no gradient at all."""

import numpy as np
import torch

from gradcheck import Integers
from gradcheck.adapters import from_torch

from .exhibit import two_backwards, two_ops


def rms_norm(x, weight, *, eps=1e-6):
    rstd = 1 / np.sqrt((x**2).mean(axis=1, keepdims=True) + eps)
    return x * rstd * weight, (x * rstd, rstd, weight)


def rms_norm_backward_weight_forgotten(saved, dy):
    hat, rstd, weight = saved
    g = dy * weight
    dx = rstd * (g - hat * (g * hat).mean(axis=1, keepdims=True))
    dweight = None
    return dx, dweight


def rms_norm_backward(saved, dy):
    hat, rstd, weight = saved
    g = dy * weight
    dx = rstd * (g - hat * (g * hat).mean(axis=1, keepdims=True))
    dweight = (dy * hat).sum(axis=0)
    return dx, dweight


def fused_softmax_without_backward(x):
    """A fused kernel that autograd knows nothing of."""
    with torch.no_grad():
        e = torch.exp(x - x.amax(dim=-1, keepdim=True))
        return e / e.sum(dim=-1, keepdim=True)


def softmax(x):
    """The slow path."""
    with torch.enable_grad():
        e = torch.exp(x - x.amax(dim=-1, keepdim=True))
        return e / e.sum(dim=-1, keepdim=True)


class LayerNormOfXOnly(torch.autograd.Function):
    """The node knows of no weight and no bias."""

    @staticmethod
    def forward(ctx, x, weight, bias):
        centred = x - x.mean(dim=-1, keepdim=True)
        rstd = torch.rsqrt((centred**2).mean(dim=-1, keepdim=True) + 1e-5)
        ctx.save_for_backward(centred * rstd, rstd, weight)
        return centred * rstd * weight + bias

    @staticmethod
    def backward(ctx, dy):
        hat, rstd, weight = ctx.saved_tensors
        g = dy * weight
        dx = rstd * (g - g.mean(dim=-1, keepdim=True) - hat * (g * hat).mean(dim=-1, keepdim=True))
        return dx, None, None


class LayerNorm(torch.autograd.Function):
    """All three."""

    @staticmethod
    def forward(ctx, x, weight, bias):
        centred = x - x.mean(dim=-1, keepdim=True)
        rstd = torch.rsqrt((centred**2).mean(dim=-1, keepdim=True) + 1e-5)
        ctx.save_for_backward(centred * rstd, rstd, weight)
        return centred * rstd * weight + bias

    @staticmethod
    def backward(ctx, dy):
        hat, rstd, weight = ctx.saved_tensors
        g = dy * weight
        dx = rstd * (g - g.mean(dim=-1, keepdim=True) - hat * (g * hat).mean(dim=-1, keepdim=True))
        return dx, (dy * hat).sum(dim=0), dy.sum(dim=0)


def spherical_harmonics(coefficients, direction):
    """Degree 1: coefficients (4), direction (n,3) -> (n)."""
    basis = np.concatenate([np.full((len(direction), 1), 0.28), 0.49 * direction], axis=1)
    return basis @ coefficients, (coefficients, direction, basis)


def spherical_harmonics_backward_direction_detached(saved, dy):
    coefficients, direction, basis = saved
    ddirection = np.zeros_like(direction)
    return basis.T @ dy, ddirection


def spherical_harmonics_backward(saved, dy):
    coefficients, direction, basis = saved
    ddirection = 0.49 * np.outer(dy, coefficients[1:])
    return basis.T @ dy, ddirection


def sparse_product(weight, x, source, target):
    """Adds weight[e] x[source[e]] to row target[e]."""
    y = np.zeros_like(x)
    np.add.at(y, target, weight[:, None] * x[source])
    return y, (weight, x, source, target)


def sparse_product_backward_fast_path(saved, dy):
    weight, x, source, target = saved
    dx = np.zeros_like(x)
    np.add.at(dx, source, weight[:, None] * dy[target])
    dweight = np.zeros_like(weight)
    return dweight, dx, None, None


def sparse_product_backward(saved, dy):
    weight, x, source, target = saved
    dx = np.zeros_like(x)
    np.add.at(dx, source, weight[:, None] * dy[target])
    dweight = (dy[target] * x[source]).sum(axis=1)
    return dweight, dx, None, None


EXHIBITS = [
    two_backwards(
        "B113",
        "RMS norm returns None for its weight",
        "(m,n),(n)->(m,n)",
        cause="missing",
        forward=rms_norm,
        wrong=rms_norm_backward_weight_forgotten,
        right=rms_norm_backward,
        law="GC104",
    ),
    two_ops(
        "B114",
        "a fused softmax without a backward",
        "(m,n)->(m,n)",
        cause="missing",
        wrong=from_torch(fused_softmax_without_backward),
        right=from_torch(softmax),
        law="GC301",  # autograd finds no path, which says that the gradient is zero
    ),
    two_ops(
        "B115",
        "weight and bias are no inputs of the layer norm",
        "(m,n),(n),(n)->(m,n)",
        cause="missing",
        wrong=from_torch(LayerNormOfXOnly),
        right=from_torch(LayerNorm),
        law="GC104",
    ),
    two_backwards(
        "B116",
        "spherical harmonics treat their direction as a constant",
        "(4),(n,3)->(n)",
        cause="missing",
        forward=spherical_harmonics,
        wrong=spherical_harmonics_backward_direction_detached,
        right=spherical_harmonics_backward,
    ),
    two_backwards(
        "B119",
        "the fast path of a sparse product drops the edge weights",
        "(e),(n,d),(e),(e)->(n,d)",
        cause="missing",
        forward=sparse_product,
        wrong=sparse_product_backward_fast_path,
        right=sparse_product_backward,
        domains={"source": Integers(0, "n"), "target": Integers(0, "n")},
    ),
]
