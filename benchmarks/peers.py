"""The peers, each asked about the same NumPy op: torch twice, jax, autograd.

Integer inputs have no gradient, and not every peer takes them, so they are held fixed for all peers alike.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from typing import Any

import numpy as np

from .measuring import Op


class Answer(StrEnum):
    """What a checker says of a backward pass."""

    ACCEPTS = "accepts"
    REJECTS = "rejects"
    UNDECIDED = "undecided"
    COULD_NOT_RUN = "could not run"


@dataclass(frozen=True)
class Peer:
    """A checker: ``check(op, inputs)`` raises where it rejects; ``package`` must be installed."""

    name: str
    package: str
    check: Callable[[Op, Sequence[Any]], None]

    def judge(self, op: Op, inputs: Sequence[Any]) -> Answer:
        """Ask about one op at one point; an exception that is no verdict is none."""
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                self.check(*only_floating(op, inputs))
        except AssertionError:
            return Answer.REJECTS
        except Exception:  # noqa: BLE001 - whatever a peer or the op raises, it is not a verdict
            return Answer.COULD_NOT_RUN
        return Answer.ACCEPTS


def only_floating(op: Op, inputs: Sequence[Any]) -> tuple[Op, tuple[Any, ...]]:
    """The op as a function of its floating inputs alone, on copies of them; nested ones as they are."""
    copies = [copy.deepcopy(x) if isinstance(x, dict | list | tuple) else np.array(x) for x in inputs]
    places = [place for place, x in enumerate(copies) if not isinstance(x, np.ndarray) or x.dtype.kind in "fc"]
    if len(places) == len(copies):
        return op, tuple(copies)

    def floating(*moving: Any) -> tuple[Any, Op]:
        full = list(copies)
        for place, value in zip(places, moving, strict=True):
            full[place] = value
        y, vjp = op(*full)

        def floating_vjp(dy: Any) -> tuple[Any, ...]:
            gradients = vjp(dy)
            return tuple(gradients[place] for place in places)

        return y, floating_vjp

    return floating, tuple(copies[place] for place in places)


def check_with_torch(op: Op, inputs: Sequence[Any], *, fast: bool) -> None:
    """torch.autograd.gradcheck of an autograd.Function around the op; its no becomes an AssertionError."""
    import torch

    torch.set_num_threads(1)

    class Wrapped(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, *tensors: Any) -> Any:
            with torch.enable_grad():  # off in here, and an op may be made of torch itself
                y, ctx.pull = op(*[tensor.detach().numpy() for tensor in tensors])
            ctx.several = isinstance(y, tuple)
            # A copy, because torch forbids outputs that share memory with inputs.
            outputs = tuple(torch.from_numpy(np.array(part)) for part in (y if ctx.several else (y,)))
            return outputs if ctx.several else outputs[0]

        @staticmethod
        def backward(ctx: Any, *cotangents: Any) -> Any:
            arrays = tuple(cotangent.detach().numpy() for cotangent in cotangents)
            gradients = ctx.pull(arrays if ctx.several else arrays[0])
            return tuple(None if g is None else torch.from_numpy(np.asarray(g, order="C")) for g in gradients)

    tensors = tuple(torch.from_numpy(x).requires_grad_() for x in inputs)
    if not torch.autograd.gradcheck(Wrapped.apply, tensors, fast_mode=fast, raise_exception=False):
        raise AssertionError("torch.autograd.gradcheck says no")


def check_with_torch_slow(op: Op, inputs: Sequence[Any]) -> None:
    """The whole Jacobian, entry by entry."""
    check_with_torch(op, inputs, fast=False)


def check_with_torch_fast(op: Op, inputs: Sequence[Any]) -> None:
    """One random projection."""
    check_with_torch(op, inputs, fast=True)


def check_with_jax(op: Op, inputs: Sequence[Any]) -> None:
    """jax.test_util.check_vjp, which takes the forward and the (value, vjp) function as plain callables."""
    import jax
    from jax.test_util import check_vjp

    jax.config.update("jax_enable_x64", True)

    def forward(*arrays: Any) -> Any:
        return op(*arrays)[0]

    check_vjp(forward, op, tuple(inputs))


def check_with_autograd(op: Op, inputs: Sequence[Any]) -> None:
    """autograd.test_util.check_vjp of a primitive whose vjp is the op's."""
    from autograd.extend import defvjp_argnums, primitive
    from autograd.test_util import check_vjp

    np.random.seed(0)  # autograd draws its direction from the global generator
    latest: list[Op] = []

    @primitive
    def wrapped(*arrays: Any) -> Any:
        y, vjp = op(*arrays)
        latest[:] = [vjp]
        return y

    def make_vjp(argnums: Sequence[int], _: Any, __: Any, ___: Any) -> Op:
        vjp = latest[0]  # that of the forward which was traced just now

        def wrapped_vjp(dy: Any) -> tuple[Any, ...]:
            gradients = vjp(dy)
            return tuple(gradients[place] for place in argnums)

        return wrapped_vjp

    defvjp_argnums(wrapped, make_vjp)

    def of_one_tuple(arrays: Any) -> Any:
        return wrapped(*[arrays[place] for place in range(len(inputs))])

    check_vjp(of_one_tuple, tuple(inputs))


ALL_PEERS = (
    Peer("torch slow", "torch", check_with_torch_slow),
    Peer("torch fast", "torch", check_with_torch_fast),
    Peer("jax", "jax", check_with_jax),
    Peer("autograd", "autograd", check_with_autograd),
)
PEERS = tuple(peer for peer in ALL_PEERS if find_spec(peer.package))


def absent() -> list[str]:
    """A sentence for every peer that is not installed."""
    return [f"{peer.name}: not installed, so not asked." for peer in ALL_PEERS if peer not in PEERS]
