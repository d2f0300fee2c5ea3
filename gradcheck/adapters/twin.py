"""The reference of a case as an op."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import Any

import numpy as np

from gradcheck.protocol.calling import adapted

from .limits import TWINS


def twin_op(reference: Callable[..., Any], beside: Callable[..., Any]) -> Callable[..., Any]:
    """A reference made by an adapter is an op already; any other is a forward on torch tensors.

    Those are on the device of the op that it stands beside, where what it holds itself is too, and where PyTorch
    rounds as it does for the op.
    """
    if hasattr(reference, "adapter"):
        return reference
    return _made(_Same(reference), adapted(beside, "device"))


class _Same:
    """A reference as a key: it is compared by what it is, since a user's ``==`` and ``hash`` may do anything."""

    def __init__(self, reference: Callable[..., Any]) -> None:
        self.reference = reference

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.reference is self.reference

    def __hash__(self) -> int:
        return id(self.reference)


@lru_cache(TWINS)
def _made(same: _Same, device: Any) -> Callable[..., Any]:
    """The op of a reference, made once: every example asks for it, and a run has few at a time."""
    from gradcheck.adapters import from_torch

    return from_torch(same.reference, device=device)


def computes_wider(
    reference: Callable[..., Any], beside: Callable[..., Any], inputs: Sequence[Any], options: Mapping[str, Any]
) -> str | None:
    """The dtype, wider than that of its inputs, in which a forward on torch tensors computes inside; None for none."""
    if hasattr(reference, "adapter"):
        return None
    from .pytorch_inside import wider_inside

    return wider_inside(reference, inputs, options, adapted(beside, "device"))


def rounded_anew(reference: Callable[..., Any], rng: np.random.Generator) -> AbstractContextManager[Any]:
    """Where a forward on torch tensors, and its backward, round every intermediate result anew; others stay."""
    if getattr(reference, "adapter", "torch") != "torch":
        return nullcontext()
    from . import pytorch_anew

    return pytorch_anew.rounded_anew(rng)
