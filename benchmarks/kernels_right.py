"""Kernels as PyTorch has them, fused or composed, and the same function written down plainly: op and twin.

Six are their own twins, as the yardstick is what PyTorch makes of them: beside a plain composition they are beyond the
stick on the CPU in some dtype, which docs/precision.md tells.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - as everybody calls it

from gradcheck import Case, Integers, Reals
from gradcheck.adapters import from_torch
from gradcheck.protocol import Domain

Function = Callable[..., Any]
POINTWISE = "(m,n)->(m,n)"


@dataclass(frozen=True)
class Kernel:
    """A function of torch, its plain twin, and what a case needs to know."""

    name: str
    function: Function
    twin: Function
    signature: str
    domains: Mapping[str, Domain] = field(default_factory=dict)
    sizes: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)

    def case(self, dtype: str, op: Any = None) -> Case:
        """The case in this dtype, of another op where one is given."""
        return Case(
            op or from_torch(self.function),
            self.signature,
            name=f"{self.name} {dtype}",
            reference=self.twin,
            dtype=dtype,
            domains=dict(self.domains),
            sizes=dict(self.sizes),
        )


def _layer_norm(x: Any, w: Any, b: Any) -> Any:
    return F.layer_norm(x, w.shape, w, b)


def _rms_norm(x: Any, w: Any) -> Any:
    return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6) * w


def _group_norm(x: Any, w: Any, b: Any) -> Any:
    return F.group_norm(x, 2, w, b)


def _softmax(x: Any) -> Any:
    e = torch.exp(x - x.amax(-1, keepdim=True).detach())
    return e / e.sum(-1, keepdim=True)


def _log_softmax(x: Any) -> Any:
    shifted = x - x.amax(-1, keepdim=True).detach()
    return shifted - torch.log(torch.exp(shifted).sum(-1, keepdim=True))


def _logsumexp(x: Any) -> Any:
    largest = x.amax(-1, keepdim=True).detach()
    return torch.log(torch.exp(x - largest).sum(-1)) + largest[..., 0]


def _attention(q: Any, k: Any, v: Any, *, causal: bool = False) -> Any:
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    if causal:
        hidden = torch.ones(scores.shape[-2:], dtype=torch.bool).tril().logical_not()
        scores = scores.masked_fill(hidden, float("-inf"))
    return _softmax(scores) @ v


def _rope(x: Any) -> Any:
    return _rotated(x, lambda a, b, cos, sin: (a * cos - b * sin, a * sin + b * cos))


def _rope_complex(x: Any) -> Any:
    wide = x.float() if x.dtype in (torch.bfloat16, torch.float16) else x
    pairs = torch.complex(wide[..., 0::2].contiguous(), wide[..., 1::2].contiguous())
    turned = torch.view_as_real(pairs * torch.polar(torch.ones_like(_angles(x)), _angles(x)).to(pairs.dtype))
    return turned.flatten(-2).to(x.dtype)


def _angles(x: Any) -> Any:
    n, d = x.shape[-2:]
    return torch.outer(torch.arange(n, dtype=torch.float64), 100.0 ** (-torch.arange(d // 2, dtype=torch.float64)))


def _rotated(x: Any, turn: Function) -> Any:
    angles = _angles(x)
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    return torch.stack(turn(x[..., 0::2], x[..., 1::2], cos, sin), -1).flatten(-2)


KERNELS = (
    Kernel("gelu", F.gelu, F.gelu, POINTWISE),
    Kernel("silu", F.silu, lambda x: x * torch.sigmoid(x), POINTWISE),
    Kernel("softplus", F.softplus, lambda x: torch.relu(x) + torch.log1p(torch.exp(-x.abs())), POINTWISE),
    Kernel("mish", F.mish, lambda x: x * torch.tanh(F.softplus(x)), POINTWISE),
    Kernel("elu", F.elu, lambda x: torch.where(x > 0, x, torch.expm1(torch.clamp(x, max=0))), POINTWISE),
    Kernel("swiglu", lambda a, b: F.silu(a) * b, lambda a, b: a * torch.sigmoid(a) * b, "(m,n),(m,n)->(m,n)"),
    Kernel("softcap", lambda x: 30 * torch.tanh(x / 30), lambda x: torch.tanh(x / 30) * 30, POINTWISE),
    Kernel("rope", _rope_complex, _rope, "(n,4)->(n,4)"),
    Kernel("layer_norm", _layer_norm, _layer_norm, "(m,n),(n),(n)->(m,n)"),
    Kernel("rms_norm", lambda x, w: F.rms_norm(x, w.shape, w, 1e-6), _rms_norm, "(m,n),(n)->(m,n)"),
    Kernel("group_norm", _group_norm, _group_norm, "(n,4,h),(4),(4)->(n,4,h)"),
    Kernel("softmax", lambda x: F.softmax(x, -1), _softmax, POINTWISE),
    Kernel("log_softmax", lambda x: F.log_softmax(x, -1), _log_softmax, POINTWISE),
    Kernel(
        "cross_entropy",
        lambda x, labels: F.cross_entropy(x, labels),
        lambda x, labels: F.cross_entropy(x, labels),
        "(n,c),(n)->()",
        {"labels": Integers(0, "c")},
    ),
    Kernel("mse", F.mse_loss, lambda x, y: (x - y).pow(2).mean(), "(m,n),(m,n)->()"),
    Kernel(
        "binary_cross_entropy",
        F.binary_cross_entropy_with_logits,
        lambda x, y: (torch.relu(x) - x * y + torch.log1p(torch.exp(-x.abs()))).mean(),
        "(m,n),(m,n)->()",
        {"target": Reals(0, 1)},
    ),
    Kernel("attention", F.scaled_dot_product_attention, _attention, "(b,n,d),(b,m,d),(b,m,e)->(b,n,e)"),
    Kernel(
        "causal attention",
        lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True),
        lambda q, k, v: _attention(q, k, v, causal=True),
        "(b,n,d),(b,n,d),(b,n,e)->(b,n,e)",
    ),
    Kernel(
        "embedding",
        lambda w, tokens: F.embedding(tokens, w),
        lambda w, tokens: w[tokens],
        "(v,d),(n)->(n,d)",
        {"tokens": Integers(0, "v")},
    ),
    Kernel("cumsum", lambda x: torch.cumsum(x, -1), lambda x: x @ torch.ones(x.shape[-1:] * 2).triu().to(x), POINTWISE),
    Kernel("linear", F.linear, lambda x, w, b: x @ w.mT + b, "(m,n),(o,n),(o)->(m,o)"),
    Kernel("matmul", torch.bmm, lambda x, y: x @ y, "(b,m,n),(b,n,o)->(b,m,o)"),
    Kernel("conv1d", F.conv1d, F.conv1d, "(n,c,l+2),(o,c,3)->(n,o,l)"),
    Kernel("logsumexp", _logsumexp, lambda x: torch.logsumexp(x, -1), "(m,n)->(m)"),
)
