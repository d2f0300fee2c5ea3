"""Two answers of one forward, compared to rounding: first as assumed, then as measured."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradcheck.numerics import differs_at, spacing, tiniest
from gradcheck.numerics.tolerance import Array
from gradcheck.trial import Trial

from .comparing import is_held, output_noise
from .limits import MEASURED_FACTOR, ULPS
from .low import no_slopes, output_rounding_shown

Place = tuple[int, tuple[int, ...]]


def output_difference(trial: Trial, expected: Sequence[Array]) -> Place | None:
    """Output number and index at which the outputs and others of the same shapes differ most, beyond rounding.

    Entries that are not expected to be finite are nobody's business here, nor are those beyond the range of
    the output's dtype, where the other's is larger; what is less than its smallest normal number is zero.
    """
    for number, (actual, other) in enumerate(zip(trial.outputs, expected, strict=True)):
        if trial.measured is not None:
            index = _beyond_shown(trial, number, actual, other)
            if index is not None:
                return number, index
            continue
        finite = is_held(other, actual.dtype)
        left, right = np.where(finite, actual, 0), np.where(finite, other, 0)
        promised = trial.case.accuracy or 0.0
        assumed = (ULPS * spacing(actual.dtype) + promised) * float(np.abs(right).max(initial=0.0))
        assumed += tiniest(actual.dtype)
        index = differs_at(left, right, assumed)
        if index is not None and no_slopes(trial):
            return number, index
        if index is not None and trial.coarseness.spacing:
            assumed += MEASURED_FACTOR * trial.coarseness.spacing * float(np.abs(right).max(initial=0.0))
            index = differs_at(left, right, assumed)
        if index is not None:
            measured = assumed + MEASURED_FACTOR * output_noise(trial)[number]
            index = differs_at(left, right, measured)
        if index is not None and trial.narrow:
            largest = float(np.abs(right).max(initial=0.0))
            index = differs_at(left, right, measured + MEASURED_FACTOR * trial.narrow * largest)
        if index is not None:
            return number, index
    return None


def _beyond_shown(trial: Trial, number: int, actual: Array, other: Array) -> tuple[int, ...] | None:
    """The same for few digits: to the rounding that the op itself shows beside the golden."""
    left, right = (np.asarray(y, np.float64) for y in (actual, other))
    finite = np.isfinite(right)
    return differs_at(np.where(finite, left, 0), np.where(finite, right, 0), output_rounding_shown(trial, number))


def other_outputs(trial: Trial, others: Sequence[Array], whose: str) -> str | None:
    """A sentence that says where ``others``, which should be the outputs of the op, are something else."""
    mine, theirs = ([(y.shape, y.dtype) for y in outputs] for outputs in (trial.outputs, others))
    if mine != theirs:
        return f"the op returns {_kinds(trial.outputs)} and {whose} gives {_kinds(others)}"
    found = output_difference(trial, others)
    if found is None:
        return None
    number, index = found
    which = f" of output {number}" if len(others) > 1 else ""
    where = f" at {list(index)}" if index else ""
    return (
        f"the value{which}{where} is {trial.outputs[number][index]:.8g}, but {whose} gives {others[number][index]:.8g}"
    )


def _kinds(outputs: Sequence[Array]) -> str:
    return ", ".join(f"{y.dtype}{list(y.shape)}" for y in outputs)
