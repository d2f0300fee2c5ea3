"""What an independent witness answers at the point of a trial."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradcheck.adapters.twin import twin_op
from gradcheck.numerics.precision import widened
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Arguments, Failure, call_op, call_vjp


@dataclass(frozen=True)
class Twin:
    """The outputs and gradients of the reference, in float64; no gradients where its outputs have another shape."""

    outputs: tuple[Array, ...]
    gradients: tuple[Array | None, ...]


def ask_twin(
    reference: Callable[..., Any],
    op: Callable[..., Any],
    inputs: Arguments,
    options: Mapping[str, Any],
    outputs: Sequence[Array],
    cotangents: Sequence[Array],
) -> Twin | Failure:
    """Ask the reference of an op at the same inputs and cotangents; ``outputs`` are those of the op."""
    answer = call_op(twin_op(reference, op), inputs.pack([widened(leaf.array) for leaf in inputs.leaves]), options)
    if isinstance(answer, Failure):
        return answer
    if [y.shape for y in answer.outputs] != [y.shape for y in outputs]:
        return Twin(answer.outputs, ())
    raw = inputs.settled(call_vjp(answer.vjp, answer.pack([widened(u) for u in cotangents])))
    if isinstance(raw, Failure):
        return raw
    return Twin(answer.outputs, tuple(None if g is None else np.asarray(g) for g in inputs.unpack(raw)))
