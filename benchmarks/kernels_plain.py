"""The functions of the kernels written down plainly, an operation a step, each of which is rounded.

What autograd makes of them is the yardstick, and in float64 the golden where a kernel does not compute in it.
"""

from __future__ import annotations

import math
from typing import Any

import torch


def gelu(x: Any) -> Any:
    """By the error function."""
    return 0.5 * x * (1 + torch.erf(x / math.sqrt(2)))


def silu(x: Any) -> Any:
    """A gate of itself."""
    return x * torch.sigmoid(x)


def softplus(x: Any) -> Any:
    """Without an exponential that overflows."""
    return torch.relu(x) + torch.log1p(torch.exp(-x.abs()))


def mish(x: Any) -> Any:
    """Over the softplus."""
    return x * torch.tanh(softplus(x))


def elu(x: Any) -> Any:
    """With a slope of 1."""
    return torch.where(x > 0, x, torch.expm1(torch.clamp(x, max=0)))


def swiglu(a: Any, b: Any) -> Any:
    """A gated product."""
    return silu(a) * b


def softcap(x: Any) -> Any:
    """At 30."""
    return torch.tanh(x / 30) * 30


def rope(x: Any) -> Any:
    """Pairs of columns, turned by an angle that grows with the row."""
    angle = angles(x)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2)


def angles(x: Any) -> Any:
    """Of each row and pair, in float64."""
    n, d = x.shape[-2:]
    return torch.outer(torch.arange(n, dtype=torch.float64), 100.0 ** (-torch.arange(d // 2, dtype=torch.float64)))


def _normal(x: Any) -> Any:
    centred = x - x.mean(-1, keepdim=True)
    return centred * torch.rsqrt(centred.pow(2).mean(-1, keepdim=True) + 1e-5)


def layer_norm(x: Any, w: Any, b: Any) -> Any:
    """Over the last axis."""
    return _normal(x) * w + b


def rms_norm(x: Any, w: Any) -> Any:
    """Over the last axis."""
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * w


def group_norm(x: Any, w: Any, b: Any) -> Any:
    """Two groups of channels."""
    return _normal(x.reshape(len(x), 2, 2 * x.shape[-1])).reshape(x.shape) * w[:, None] + b[:, None]


def _largest(x: Any) -> Any:
    """Of the last axis; of an empty one nothing."""
    return x.amax(-1, keepdim=True).detach() if x.shape[-1] else x.new_zeros((*x.shape[:-1], 1))


def softmax(x: Any) -> Any:
    """Below the maximum."""
    e = torch.exp(x - _largest(x))
    return e / e.sum(-1, keepdim=True)


def log_softmax(x: Any) -> Any:
    """Below the maximum."""
    shifted = x - _largest(x)
    return shifted - torch.log(torch.exp(shifted).sum(-1, keepdim=True))


def logsumexp(x: Any) -> Any:
    """Below the maximum."""
    largest = _largest(x)
    return torch.log(torch.exp(x - largest).sum(-1)) + largest[..., 0]


def cross_entropy(x: Any, labels: Any) -> Any:
    """The mean of what each row's label falls short."""
    return -log_softmax(x).gather(-1, labels[:, None]).mean()


def mse(x: Any, y: Any) -> Any:
    """The mean of squares."""
    return (x - y).pow(2).mean()


def binary_cross_entropy(x: Any, target: Any) -> Any:
    """Of logits."""
    return (torch.relu(x) - x * target + torch.log1p(torch.exp(-x.abs()))).mean()


def attention(q: Any, k: Any, v: Any, *, causal: bool = False) -> Any:
    """Scores as a matrix."""
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    if causal:
        hidden = torch.ones(scores.shape[-2:], dtype=torch.bool).tril().logical_not()
        scores = scores.masked_fill(hidden, float("-inf"))
    return softmax(scores) @ v


def embedding(w: Any, tokens: Any) -> Any:
    """Rows by their numbers."""
    return w[tokens]


def cumsum(x: Any) -> Any:
    """One column after another."""
    total, columns = torch.zeros_like(x[..., :1]), []
    for column in x.split(1, -1) if x.shape[-1] else ():
        total = total + column
        columns.append(total)
    return torch.cat(columns, -1) if columns else x.clone()


def linear(x: Any, w: Any, b: Any) -> Any:
    """A product and a sum."""
    return x @ w.mT + b


def matmul(x: Any, y: Any) -> Any:
    """As a sum of outer products."""
    return (x.unsqueeze(-1) * y.unsqueeze(-3)).sum(-2)


def conv1d(x: Any, w: Any) -> Any:
    """Windows of three against each filter."""
    windows = x.unfold(-1, 3, 1).transpose(1, 2).flatten(2)
    return (windows @ w.flatten(1).mT).mT
