"""What PyTorch's eager autograd through the twin makes of inputs and cotangents in their own dtype."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.adapters.twin import computes_wider, rounded_anew, twin_op
from gradcheck.numerics.blocks import copied
from gradcheck.numerics.precision import widened
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure, attempt, call_op, call_vjp

from .twin import Twin

if TYPE_CHECKING:
    from .trial import Trial


def wider_inside(trial: Trial) -> str | None:
    """The dtype in which the twin computes inside, where it is wider than that of its inputs; asked of its forward."""
    reference = trial.case.reference
    if reference is None:
        return None
    found = attempt(
        computes_wider,
        reference,
        trial.case.op,
        trial.inputs_read.pack([copied(x) for x in trial.inputs]),
        trial.options,
    )
    return found if isinstance(found, str) else None


def ask_yardstick(
    trial: Trial,
    inputs: Sequence[Array] | None = None,
    cotangents: Sequence[Array] | None = None,
    *,
    anew: np.random.Generator | None = None,
) -> Twin | Failure | None:
    """Its outputs and gradients, widened; None where there is no twin, or its outputs have other shapes.

    With ``anew`` each intermediate result is rounded once more at random, as in another order of the same steps.
    """
    reference: Callable[..., Any] | None = trial.case.witness
    if reference is None:
        return None
    with nullcontext() if anew is None else rounded_anew(reference, anew):
        return _asked(trial, reference, inputs, cotangents)


def _asked(
    trial: Trial,
    reference: Callable[..., Any],
    inputs: Sequence[Array] | None,
    cotangents: Sequence[Array] | None,
) -> Twin | Failure | None:
    read = trial.inputs_read
    answer = call_op(
        twin_op(reference, trial.case.op), read.pack([copied(x) for x in inputs or trial.inputs]), trial.options
    )
    if isinstance(answer, Failure):
        return answer
    if [y.shape for y in answer.outputs] != [y.shape for y in trial.outputs]:
        return None
    given = [np.array(u).astype(y.dtype) for u, y in zip(cotangents or trial.cotangents, answer.outputs, strict=True)]
    outputs = tuple(widened(y) for y in answer.outputs)  # before the vjp may write into them
    raw = read.settled(call_vjp(answer.vjp, answer.pack(given)))
    if isinstance(raw, Failure):
        return raw
    gradients = tuple(
        np.zeros(leaf.array.shape) if g is None and leaf.differentiable else None if g is None else widened(g)
        for g, leaf in zip(read.unpack(raw), read.leaves, strict=True)
    )
    return Twin(outputs, read.along(gradients, [widened(x) for x in inputs or trial.inputs]))
