"""How far apart the answers of an op of few digits are when it is asked the same again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcheck.numerics.blocks import same
from gradcheck.numerics.precision import widened
from gradcheck.numerics.tolerance import Array
from gradcheck.precision import Error, spread_of
from gradcheck.protocol import Answer, Failure

from .limits import REPEATS

if TYPE_CHECKING:
    from .trial import Trial


def spreads(trial: Trial) -> tuple[Error, ...]:
    """Of each output and gradient that there is, in order; one more call shows mostly that it is nothing.

    Kernels that add up with atomics are right, and never twice the same; nothing is said here of which is which.
    """
    first = _flat(trial, trial.outputs, trial.gradients)
    second = _answered(trial, trial.again)
    if second is None or all(same(a, b) for a, b in zip(first, second, strict=True)):
        return tuple(Error(0.0, 0.0) for _ in first)
    later = [_answered(trial, trial.call()) for _ in range(REPEATS - 1)]
    answers = [first, second, *(answer for answer in later if answer is not None)]
    return tuple(map(spread_of, zip(*answers, strict=True)))


def _answered(trial: Trial, answer: Answer | Failure) -> list[Array] | None:
    outputs = trial.outputs_of(answer)
    if isinstance(answer, Failure) or outputs is None:
        return None
    gradients = trial.ask(answer, trial.cotangents)
    return None if gradients is None else _flat(trial, outputs, gradients)


def _flat(trial: Trial, outputs: tuple[Array, ...], gradients: tuple[Array | None, ...]) -> list[Array]:
    along = trial.along(tuple(None if g is None else widened(g) for g in gradients))
    return [*map(widened, outputs), *(g for g in along if g is not None)]
