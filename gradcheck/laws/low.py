"""Laws about values where inputs have few digits: asked of the golden, in float64."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from gradcheck.numerics import differs_at, spacing, tiniest, within
from gradcheck.numerics.precision import widened
from gradcheck.numerics.tolerance import Array
from gradcheck.precision import Error, Gate, Near, size_of
from gradcheck.precision.limits import SINGLE_ENTRY
from gradcheck.precision.stick import stick_of
from gradcheck.protocol import Answer
from gradcheck.protocol.dtypes import is_bfloat16
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .learned import Found, Learned
from .limits import OWN_ROUNDING, UNITS
from .reasons import NOISE


def in_double(check: Callable[[Trial, Learned], Iterable[Found]], trial: Trial, learned: Learned) -> Iterator[Found]:
    """What a law finds at the same point in float64.

    Where that is the op's own answer it is the op that is wrong, by more than it may be off in few digits; where it is
    the twin's, the twin, and the op is then held against nothing.
    """
    golden = trial.golden
    assert golden is not None
    before = golden.trial.forwards, golden.trial.backwards
    for found in check(golden.trial, learned):
        if isinstance(found, Learned):  # how many digits float64 keeps is nobody's business here
            yield replace(found, remarks=(), coarseness=None)
        elif found.severity is not Severity.ERROR:
            yield found
        elif golden.own:
            if not _is_below(trial, found):
                yield found
        else:
            yield Learned(misled=True)
            yield Finding(
                found.code,
                Severity.HAZARD,
                f"of the twin, by finite differences in float64: {found.message}; its gradient is wrong itself, so the "
                "op could not be held against it",
                argument=found.argument,
                index=found.index,
            )
    if golden.own:
        trial.forwards += golden.trial.forwards - before[0]
        trial.backwards += golden.trial.backwards - before[1]


def _is_below(trial: Trial, found: Finding) -> bool:
    """Whether a gap that float64 shows is less than rounding the gradient to its few digits makes."""
    position = next((p for p, argument in enumerate(trial.arguments) if argument.name == found.argument), None)
    if position is None or found.claimed is None or found.expected is None or trial.golden is None:
        return False
    gradient = trial.golden.gradients[position]
    rounding = spacing(trial.inputs[position].dtype) * (0.0 if gradient is None else size_of(gradient).worst)
    return bool(within(abs(found.claimed - found.expected), rounding))


def no_slopes(trial: Trial) -> bool:
    """Whether no finite difference can be taken: in bfloat16 every function is a staircase."""
    return any(is_bfloat16(x.dtype) for x in [*trial.inputs, *trial.outputs])


def undecidable(trial: Trial) -> Iterator[Found]:
    """That nothing can be said of values in bfloat16, without a golden."""
    dtypes = sorted({str(a.array.dtype) for a in trial.arguments if a.differentiable})
    yield Finding(
        NOISE.code,
        Severity.NOTE,
        f"the op does not compute in float64 at inputs of {' and '.join(dtypes)}, and has no reference, so nothing can "
        "be said of its values: name its twin, Case(..., reference=the_same_in_torch)",
    )


def rounding_shown(trial: Trial, position: int, expected: Array, cotangents: Sequence[Array]) -> float:
    """How far a gradient may be off for other cotangents: what it was off by for the trial's own, in proportion.

    In proportion to the gradient itself, and to the cotangent, where what it is the sum of cancels.
    """
    measured = trial.measured
    assert measured is not None
    gate, sides, spread = next(
        (gate, sides, spread)
        for gate, sides, spread in zip(measured.gates, measured.sides, trial.spreads, strict=True)
        if gate.row.argument == trial.arguments[position].name
    )
    if gate.row.undecided:
        return math.inf  # all of it is rounding
    own = sides.size.worst
    error = OWN_ROUNDING * (_shown(gate, spread) + UNITS * spacing(sides.dtype) * own)
    before, now = (largest_given(some) for some in (trial.cotangents, cotangents))
    relative = error / own if own > 0 else 0.0
    least = OWN_ROUNDING * UNITS * spacing(sides.dtype) * tiniest(sides.dtype)
    return least + max(error * now / before if before > 0 else 0.0, relative * size_of(expected).worst)


def rounding_around(trial: Trial, position: int, cotangents: Sequence[Array]) -> float:
    """How far the yardstick is off around the point, in proportion to the cotangents; asked before a law accuses.

    Where a gradient is what is left of terms that cancel, as behind a softmax of which one entry is all, it may be
    exact at one cotangent and mere rounding at the next.
    """
    measured = trial.measured
    assert measured is not None
    number = next(n for n, gate in enumerate(measured.gates) if gate.row.argument == trial.arguments[position].name)
    sides, near = measured.sides[number], Near()
    for turn in range(SINGLE_ENTRY):
        near = near.and_also(measured.around(number, turn))
    error = trial.case.k * stick_of(sides, near, np.isfinite(sides.golden)).worst
    before, now = (largest_given(some) for some in (trial.cotangents, cotangents))
    return OWN_ROUNDING * error * max(1.0, now / before if before > 0 else 1.0)


def output_rounding_shown(trial: Trial, number: int) -> float:
    """How far an output may be off when it is asked for again."""
    measured = trial.measured
    assert measured is not None
    gate, sides = measured.gates[number], measured.sides[number]
    return OWN_ROUNDING * (_shown(gate, trial.spreads[number]) + UNITS * spacing(sides.dtype) * sides.size.worst)


def is_golden(trial: Trial, cotangents: Sequence[Array], answer: Sequence[Array | None] | None) -> bool:
    """Whether an answer of the vjp is that of the golden to the rounding that the op shows."""
    golden = trial.golden
    wanted = None if golden is None else golden.pull(cotangents)
    if wanted is None or answer is None:
        return False
    for position, (mine, theirs) in enumerate(zip(trial.along(tuple(answer)), wanted, strict=True)):
        if mine is None or theirs is None:
            continue
        finite = np.isfinite(theirs) & np.isfinite(widened(mine))
        if not finite.all() and np.isfinite(widened(trial.gradients[position])).all():  # type: ignore[arg-type]
            return False
        left, right = np.where(finite, widened(mine), 0), np.where(finite, theirs, 0)
        if differs_at(left, right, rounding_shown(trial, position, right, cotangents)) is not None:
            return False
    return True


def same_outputs(trial: Trial, again: Answer) -> bool:
    """Whether a later call gives the same outputs to the rounding that the op shows, where those are finite."""
    for number, (now, before) in enumerate(zip(again.outputs, trial.outputs, strict=True)):
        left, right = widened(now), widened(before)
        finite = np.isfinite(right)
        left, right = np.where(finite, left, 0), np.where(finite, right, 0)
        if differs_at(left, right, output_rounding_shown(trial, number)) is not None:
            return False
    return True


def _shown(gate: Gate, spread: Error) -> float:
    """What a tensor is off by, or one call of it from another, no more than what is allowed."""
    return min(max(gate.error.worst, spread.worst), gate.allowed.worst)


def largest_given(cotangents: Sequence[Array]) -> float:
    """The largest entry of all cotangents that is finite."""
    return max((size_of(widened(u)).worst for u in cotangents), default=0.0)
