"""Kernels as PyTorch has them, fused or composed, and the same function written down plainly: op and twin."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - as everybody calls it

from gradcheck import Case, Integers, Reals
from gradcheck.adapters import from_torch
from gradcheck.protocol import Domain

from . import kernels_plain as plain

Function = Callable[..., Any]
LOW = ("bfloat16", "float16")
POINTWISE = "(m,n)->(m,n)"
DTYPES = ("float32", *LOW)


@dataclass(frozen=True)
class Kernel:
    """A function of torch, its plain twin, and what a case needs to know.

    ``beyond`` are the dtypes in which it is further off than the stick allows, as `kernels_beyond` shows.
    """

    name: str
    function: Function
    twin: Function
    signature: str
    domains: Mapping[str, Domain] = field(default_factory=dict)
    beyond: tuple[str, ...] = ()
    sizes: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)

    def right(self, dtype: str) -> Function:
        """What is right in this dtype, to plant mistakes into: PyTorch's own where it is, else the twin."""
        return self.twin if dtype in self.beyond else self.function

    def case(self, dtype: str, op: Any = None) -> Case:
        """The case in this dtype, of another op where one is given."""
        return Case(
            op or from_torch(self.function),
            self.signature,
            name=f"{self.name} {dtype}",
            reference=self.twin,
            dtype=dtype,
            domains=dict(self.domains),
            sizes=dict(self.sizes) or None,
            borders={},  # none of these bugs is at one, and a scan takes longer than the examples
        )


def _rope(x: Any) -> Any:
    """By complex numbers."""
    wide = x.float() if x.dtype in (torch.bfloat16, torch.float16) else x
    pairs = torch.complex(wide[..., 0::2].contiguous(), wide[..., 1::2].contiguous())
    turned = torch.view_as_real(pairs * torch.polar(torch.ones_like(plain.angles(x)), plain.angles(x)).to(pairs.dtype))
    return turned.flatten(-2).to(x.dtype)


KERNELS = (
    Kernel("gelu", F.gelu, plain.gelu, POINTWISE),
    Kernel("silu", F.silu, plain.silu, POINTWISE),
    Kernel("softplus", F.softplus, plain.softplus, POINTWISE),
    Kernel("mish", F.mish, plain.mish, POINTWISE),
    Kernel("elu", F.elu, plain.elu, POINTWISE),
    Kernel("swiglu", lambda a, b: F.silu(a) * b, plain.swiglu, "(m,n),(m,n)->(m,n)"),
    Kernel("softcap", lambda x: 30 * torch.tanh(x / 30), plain.softcap, POINTWISE),
    Kernel("rope", _rope, plain.rope, "(n,4)->(n,4)"),
    Kernel(
        "layer_norm",
        lambda x, w, b: F.layer_norm(x, w.shape, w, b),
        plain.layer_norm,
        "(m,n),(n),(n)->(m,n)",
        beyond=LOW,
    ),
    Kernel("rms_norm", lambda x, w: F.rms_norm(x, w.shape, w, 1e-6), plain.rms_norm, "(m,n),(n)->(m,n)"),
    Kernel("group_norm", lambda x, w, b: F.group_norm(x, 2, w, b), plain.group_norm, "(n,4,h),(4),(4)->(n,4,h)"),
    Kernel("softmax", lambda x: F.softmax(x, -1), plain.softmax, POINTWISE),
    Kernel("log_softmax", lambda x: F.log_softmax(x, -1), plain.log_softmax, POINTWISE),
    Kernel(
        "cross_entropy",
        lambda x, labels: F.cross_entropy(x, labels),
        plain.cross_entropy,
        "(n,c),(n)->()",
        {"labels": Integers(0, "c")},
        beyond=LOW,
    ),
    Kernel("mse", F.mse_loss, plain.mse, "(m,n),(m,n)->()"),
    Kernel(
        "binary_cross_entropy",
        F.binary_cross_entropy_with_logits,
        plain.binary_cross_entropy,
        "(m,n),(m,n)->()",
        {"target": Reals(0, 1)},
    ),
    Kernel("attention", F.scaled_dot_product_attention, plain.attention, "(b,n,d),(b,m,d),(b,m,e)->(b,n,e)"),
    Kernel(
        "causal attention",
        lambda q, k, v: F.scaled_dot_product_attention(q, k, v, is_causal=True),
        lambda q, k, v: plain.attention(q, k, v, causal=True),
        "(b,n,d),(b,n,d),(b,n,e)->(b,n,e)",
    ),
    Kernel(
        "embedding",
        lambda w, tokens: F.embedding(tokens, w),
        plain.embedding,
        "(v,d),(n)->(n,d)",
        {"tokens": Integers(0, "v")},
    ),
    Kernel("cumsum", lambda x: torch.cumsum(x, -1), plain.cumsum, POINTWISE),
    Kernel("linear", F.linear, plain.linear, "(m,n),(o,n),(o)->(m,o)"),
    Kernel("matmul", torch.bmm, plain.matmul, "(b,m,n),(b,n,o)->(b,m,o)"),
    Kernel(
        "conv1d",
        F.conv1d,
        plain.conv1d,
        "(n,c,l+2),(o,c,3)->(n,o,l)",
        beyond=("float16",),
        sizes={"c": (1, None)},  # without channels PyTorch's own has no output channels either
    ),
    Kernel("logsumexp", lambda x: torch.logsumexp(x, -1), plain.logsumexp, "(m,n)->(m)", beyond=DTYPES),
)
