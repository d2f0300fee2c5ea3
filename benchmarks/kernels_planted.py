"""Twelve bugs for the backward of any kernel: what PyTorch's own answers, changed as people get it wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

from gradcheck.adapters import from_torch


@dataclass
class State:
    """What a backward can see: the inputs and the cotangent, and what the last call has left behind."""

    function: Any
    inputs: tuple[Any, ...] = ()
    dy: Any = None
    kept: list[Any] = field(default_factory=list)

    def gradient_for(self, dy: Any) -> Any:
        """That of the first input, for another cotangent."""
        with torch.enable_grad():
            leaves = [x.detach().requires_grad_() if x.is_floating_point() else x for x in self.inputs]
            return torch.autograd.grad(self.function(*leaves), leaves[0], dy)[0]


@dataclass(frozen=True)
class Bug:
    """What becomes of the gradient of the first input; ``rounds``: only in few digits."""

    name: str
    change: Callable[[State, Any], Any]
    rounds: bool = False


def planted(function: Any, bug: Bug, signature: str) -> Any:
    """The op of this function whose first gradient has the bug."""
    state = State(function)

    class Planted(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *inputs: Any) -> Any:
            ctx.save_for_backward(*inputs)
            return function(*inputs)

        @staticmethod
        def backward(ctx: Any, dy: Any) -> Any:
            with torch.enable_grad():
                leaves = [x.detach().requires_grad_() if x.is_floating_point() else x for x in ctx.saved_tensors]
                asked = [x for x in leaves if x.is_floating_point()]
                found = iter(torch.autograd.grad(function(*leaves), asked, dy))
            gradients = [next(found) if x.is_floating_point() else None for x in leaves]
            state.inputs, state.dy = tuple(x.detach() for x in leaves), dy
            gradients[0] = bug.change(state, gradients[0])
            return tuple(gradients)

    Planted.signature = signature  # type: ignore[attr-defined]
    return _named(from_torch(Planted), function)


def _named(op: Any, function: Any) -> Any:
    """Under the parameters of the function, by which domains are named."""
    plain = from_torch(function)
    if "__signature__" in plain.__dict__:
        op.__dict__["__signature__"] = plain.__dict__["__signature__"]
    else:
        op.__dict__["__wrapped__"] = function
        op.__dict__.pop("__signature__", None)
    return op


def _last(g: Any) -> Any:
    return torch.arange(g.shape[-1]) if g.ndim else torch.zeros(())


def _one_entry(_: State, g: Any) -> Any:
    g = g.clone()
    g.view(-1)[g.numel() // 2] *= 1.01
    return g


def _row(_: State, g: Any) -> Any:
    g = g.clone()
    g[-1:] = 0
    return g


def _tile(_: State, g: Any) -> Any:
    """What lies beyond the last whole tile of 8 is not written."""
    g = g.clone()
    g[..., g.shape[-1] // 8 * 8 :] = 0
    return g


def _stale(state: State, g: Any) -> Any:
    state.kept = [*state.kept, g][-2:]
    return state.kept[0] if state.kept[0].shape == g.shape else g


def _accumulated(state: State, g: Any) -> Any:
    """Rows of the cotangent one after another, added up in the dtype of the gradient."""
    if not state.dy.ndim:
        return g
    total = torch.zeros_like(g)
    for number in range(len(state.dy)):
        part = torch.zeros_like(state.dy)
        part[number] = state.dy[number]
        total += state.gradient_for(part)
    return total


def _masked(state: State, g: Any) -> Any:
    return torch.where(state.inputs[0] > -1, g, 0)


def _cut_off(_: State, g: Any) -> Any:
    """The lower bits are dropped where the result is written, all but seven."""
    bits = {torch.float32: (torch.int32, 16), torch.bfloat16: (torch.int16, 1), torch.float16: (torch.int16, 3)}
    if g.dtype not in bits:
        return g
    whole, low = bits[g.dtype]
    return (g.contiguous().view(whole) >> low << low).view(g.dtype)


BUGS = (
    Bug("factor 2", lambda _, g: 2 * g),
    Bug("factor 1.02", lambda _, g: (1.02 * g.double()).to(g.dtype)),
    Bug("sign", lambda _, g: -g),
    Bug("mean taken off", lambda _, g: g - g.mean(-1, keepdim=True) if g.shape[-1:] > (1,) else g / 2),
    Bug("last row", _row),
    Bug("last tile", _tile),
    Bug("stale", _stale),
    Bug("accumulated low", _accumulated, rounds=True),
    Bug("mask", _masked),
    Bug("digits cut off", _cut_off, rounds=True),
    Bug("epsilon outside", lambda s, g: g / (1 + 1e-2 / (s.inputs[0].double().pow(2).mean() + 1e-6)).to(g.dtype)),
    Bug("1 % in one entry", _one_entry),
)
