"""The reference of a case as an op."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np

from gradcheck.protocol.calling import adapted


def twin_op(reference: Callable[..., Any], beside: Callable[..., Any]) -> Callable[..., Any]:
    """A reference made by an adapter is an op already; any other is a forward on torch tensors.

    Those are on the device of the op that it stands beside, where what it holds itself is too, and where PyTorch
    rounds as it does for the op.
    """
    if hasattr(reference, "adapter"):
        return reference
    from gradcheck.adapters import from_torch

    return from_torch(reference, device=adapted(beside, "device"))


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
    if hasattr(reference, "adapter"):
        return nullcontext()
    from . import pytorch_anew

    return pytorch_anew.rounded_anew(rng)
