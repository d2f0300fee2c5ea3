"""Whether the forward answers with what was left in memory: by its reference, or by an earlier call of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gradcheck.adapters.twin import twin_op
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure, call_op
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..joint_equation import moved_elsewhere
from ..limits import NO_ACCIDENT, OTHER_ANSWER, SAME_ANSWER
from .alike import apart_at

Outputs = tuple[Array, ...]
Ask = Callable[[Trial, Sequence[Array]], Outputs | None]

_OF_REFERENCE = (
    "the op looks for the answer of the reference, or hands out memory that it has not written (torch.empty), in which "
    "that answer still lies; by itself it computes something else"
)
_OF_ITS_OWN = "a buffer is returned before it is written, or what was computed is kept for the next call"


def left_behind(trial: Trial) -> Finding | None:
    """Ask the reference, or the op, at other inputs, and right after it the op at its own: whether that is one answer.

    It must be so every time, at two other inputs in turn, so that no accident is taken for it: an op that draws a mask
    for one entry has two answers.
    """
    if trial.case.reference is not None:
        for kept in (True, False):
            if _follows(trial, _reference, kept):
                return _finding("its reference", "the reference", _OF_REFERENCE)
    return _finding("an earlier call of its own", "it", _OF_ITS_OWN) if _follows(trial, _itself, True) else None


def _follows(trial: Trial, ask: Ask, kept: bool) -> bool:
    """Whether the op gives at its own inputs what was answered to others right before, kept meanwhile or dropped."""
    others = [moved_elsewhere(x) for x in trial.inputs]
    in_turn = others, [moved_elsewhere(x) for x in others]
    for turn in range(NO_ACCIDENT):
        inputs = in_turn[turn % 2]
        here, there = ask(trial, trial.inputs), ask(trial, inputs)
        if here is None or there is None or not _differ(here, there, OTHER_ANSWER):
            return False  # that both have one answer shows nothing
        wanted = tuple(np.array(y) for y in there)
        if not kept:
            del here, there
        answer = trial.call()
        if isinstance(answer, Failure) or _differ(wanted, answer.outputs, SAME_ANSWER):
            return False
    return True


def _differ(left: Outputs, right: Outputs, units: float) -> bool:
    """Whether they are further apart than so many units in the last place of their largest entry."""
    if [y.shape for y in left] != [y.shape for y in right]:
        return True
    return any(apart_at(a, b, units) is not None for a, b in zip(left, right, strict=True))


def _reference(trial: Trial, inputs: Sequence[Array]) -> Outputs | None:
    """Its outputs, in the memory in which it left them."""
    assert trial.case.reference is not None
    arrays = [np.array(x) for x in inputs]
    answer = call_op(twin_op(trial.case.reference, trial.case.op), trial.inputs_read.pack(arrays), trial.options)
    return None if isinstance(answer, Failure) else answer.outputs


def _itself(trial: Trial, inputs: Sequence[Array]) -> Outputs | None:
    """What the op answers the second time that it is asked this."""
    trial.call(inputs)
    answer = trial.call(inputs)
    return None if isinstance(answer, Failure) else answer.outputs


def _finding(whose: str, who: str, cause: str) -> Finding:
    return Finding(
        "GC206",
        Severity.ERROR,
        f"the forward answers with what {whose} left behind: asked right after {who} was asked at other inputs, the op "
        "gives that answer at its own",
        likely_cause=cause,
    )
