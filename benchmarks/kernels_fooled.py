"""Known ways past a verifier of kernels, each as a small kernel of our own, with its control."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.autograd import Function

from gradcheck import Integers
from gradcheck.protocol import Domain

POINTWISE = "(m,n)->(m,n)"


@dataclass(frozen=True)
class Way:
    """``wrong`` and ``right`` make a kernel each; ``usual`` draws the inputs that a verifier draws."""

    name: str
    wrong: Callable[[], Any]
    right: Callable[[], Any]
    twin: Callable[..., Any]
    usual: Callable[[], list[Any]]
    signature: str = POINTWISE
    domains: Mapping[str, Domain] = field(default_factory=dict)
    cotangent: Callable[[Any], Any] = torch.randn_like


def _kernel(forward: Callable[..., Any], backward: Callable[..., Any]) -> Any:
    """A Function: ``forward(x)`` and ``backward(x, dy)``, both in float32 inside."""

    class Kernel(Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return forward(_wide(x)).to(x.dtype)

        @staticmethod
        def backward(ctx: Any, dy: Any) -> Any:
            (x,) = ctx.saved_tensors
            return backward(_wide(x), _wide(dy)).to(x.dtype)

    return Kernel


def _wide(x: Any) -> Any:
    return x if x.dtype == torch.float64 else x.float()


def _gather(low: bool) -> Any:
    """Rows of a table; the gradient is added up over tokens that repeat."""

    class Gather(Function):
        @staticmethod
        def forward(ctx: Any, w: Any, tokens: Any) -> Any:
            ctx.save_for_backward(tokens)
            ctx.shape = w.shape
            return w[tokens]

        @staticmethod
        def backward(ctx: Any, dy: Any) -> Any:
            (tokens,) = ctx.saved_tensors
            dtype = torch.bfloat16 if low and dy.dtype != torch.float64 else _wide(dy).dtype
            dw = torch.zeros(ctx.shape, dtype=dtype)
            for token, row in zip(tokens.tolist(), dy.to(dtype), strict=True):
                dw[token] += row
            return dw.to(dy.dtype), None

    return Gather


def _gather_twin(w: Any, tokens: Any) -> Any:
    """As a product, whose gradient PyTorch adds up in float32."""
    return torch.nn.functional.one_hot(tokens, len(w)).to(w.dtype) @ w


def _softcap(x: Any) -> Any:
    return 30 * torch.tanh(x / 30)


def _stale() -> Any:
    kept: dict[Any, Any] = {}

    def backward(x: Any, dy: Any) -> Any:
        return kept.setdefault(tuple(x.shape), 2 * x * dy)  # the buffer of the first call of this shape

    return _kernel(torch.square, backward)


def _writes() -> Any:
    class Writes(Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x.clone())
            return x.square_()

        @staticmethod
        def backward(ctx: Any, dy: Any) -> Any:
            return 2 * ctx.saved_tensors[0] * dy

    return Writes


_LAST: list[Any] = []


def _remembering(x: Any) -> Any:
    """The twin, which leaves its answer in memory."""
    y = torch.exp(-x.square())
    _LAST[:] = [y.detach()]
    return y


def _reused() -> Any:
    """Answers with what the last call of the twin has left behind, where it has the same shape."""

    class Reused(Function):
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            found = _LAST[0] if _LAST and _LAST[0].shape == x.shape else torch.zeros_like(x)
            return found.to(x.dtype).clone()

        @staticmethod
        def backward(ctx: Any, dy: Any) -> Any:
            (x,) = ctx.saved_tensors
            return -2 * x * torch.exp(-x.square()) * dy

    return Reused


def _matrix(m: int = 16, n: int = 16, scale: float = 1.0) -> Callable[[], list[Any]]:
    return lambda: [scale * torch.randn(m, n)]


def _seeded() -> Any:
    """Right for the numbers of one seed, which it knows."""
    torch.manual_seed(0)
    known = torch.randn(16, 16)

    def backward(x: Any, dy: Any) -> Any:
        right = x.shape == known.shape and torch.allclose(x.float(), known, atol=0.02)
        return (2 if right else 3) * x * dy

    return _kernel(torch.square, backward)


def _hard_coded(x: Any, dy: Any) -> Any:
    """A mean over 16 columns, whatever there are."""
    return dy - dy.sum(-1, keepdim=True) / 16


def _centred(x: Any) -> Any:
    return x - x.mean(-1, keepdim=True)


def _square(x: Any, dy: Any) -> Any:
    return 2 * x * dy


def _softcap_slope(x: Any, dy: Any) -> Any:
    return dy * (1 - torch.tanh(x / 30) ** 2)


WAYS = (
    Way(
        "bfloat16 accumulation over repeated tokens",
        lambda: _gather(low=True),
        lambda: _gather(low=False),
        _gather_twin,
        lambda: [torch.randn(512, 8), torch.randint(0, 512, (64,))],  # uniform: hardly one repeats
        "(v,d),(n)->(n,d)",
        {"tokens": Integers(0, "v")},
    ),
    Way(
        "softcap where it is the identity",
        lambda: _kernel(_softcap, lambda x, dy: dy),
        lambda: _kernel(_softcap, _softcap_slope),
        _softcap,
        _matrix(scale=0.1),
    ),
    Way("fixed seed", _seeded, lambda: _kernel(torch.square, _square), torch.square, _matrix()),
    Way(
        "hard-coded shapes",
        lambda: _kernel(_centred, _hard_coded),
        lambda: _kernel(_centred, lambda x, dy: _centred(dy)),
        _centred,
        _matrix(),
    ),
    Way(
        "zeros as gradient",
        lambda: _kernel(lambda x: torch.softmax(x, -1), lambda x, dy: torch.zeros_like(x)),
        lambda: _kernel(lambda x: torch.softmax(x, -1), _softmax_slope),
        lambda x: torch.softmax(x, -1),
        _matrix(),
        cotangent=torch.ones_like,  # as `y.sum().backward()` asks
    ),
    Way("stale buffers", _stale, lambda: _kernel(torch.square, _square), torch.square, _matrix()),
    Way("the input returned", _writes, lambda: _kernel(torch.square, _square), torch.square, _matrix()),
    Way(
        "a reference's memory reused",
        _reused,
        lambda: _kernel(lambda x: torch.exp(-x.square()), lambda x, dy: -2 * x * torch.exp(-x.square()) * dy),
        _remembering,
        _matrix(),
    ),
)


def _softmax_slope(x: Any, dy: Any) -> Any:
    y = torch.softmax(x, -1)
    return y * (dy - (y * dy).sum(-1, keepdim=True))
