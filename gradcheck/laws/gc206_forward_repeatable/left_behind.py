"""Whether the forward answers with what its reference has left in memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradcheck.adapters.twin import twin_op
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure, call_op
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..joint_equation import moved_elsewhere
from .alike import unlike_outputs

_CAUSE = (
    "the op looks for the answer of the reference, or hands out memory that it has not written (torch.empty), in which "
    "that answer still lies; by itself it computes something else"
)


def left_behind(trial: Trial) -> Finding | None:
    """Ask the reference at other inputs, and then the op at its own: whether that gives the answer of the reference.

    It must do so for two other inputs, with the reference's answer kept meanwhile or with it dropped, so that no
    accident is taken for it, and no cache of the op's own.
    """
    if trial.case.reference is None:
        return None
    first = [moved_elsewhere(x) for x in trial.inputs]
    others = (first, [moved_elsewhere(x) for x in first])
    if not any(all(_follows(trial, inputs, kept) for inputs in others) for kept in (True, False)):
        return None
    return Finding(
        "GC206",
        Severity.ERROR,
        "the forward answers with what its reference left behind: asked right after the reference was asked at other "
        "inputs, the op gives that answer at its own",
        likely_cause=_CAUSE,
    )


def _follows(trial: Trial, inputs: Sequence[Array], kept: bool) -> bool:
    """Whether the op gives at its own inputs what the reference gave at these right before."""
    here, there = _reference(trial, trial.inputs), _reference(trial, inputs)
    if here is None or there is None or unlike_outputs(here, there, "") is None:
        return False  # that it gives the same at both shows nothing
    wanted = [np.array(y) for y in there]
    if not kept:
        del there, here
    answer = trial.call()
    shapes = [y.shape for y in wanted]
    alike = not isinstance(answer, Failure) and [y.shape for y in answer.outputs] == shapes
    return alike and unlike_outputs(wanted, answer.outputs, "") is None


def _reference(trial: Trial, inputs: Sequence[Array]) -> tuple[Array, ...] | None:
    """Its outputs in the memory in which it left them."""
    assert trial.case.reference is not None
    arrays = [np.array(x) for x in inputs]
    answer = call_op(twin_op(trial.case.reference, trial.case.op), trial.inputs_read.pack(arrays), trial.options)
    return None if isinstance(answer, Failure) else answer.outputs
