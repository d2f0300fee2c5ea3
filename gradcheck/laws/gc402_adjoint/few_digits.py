"""Forward mode in few digits: each entry beside the one in float64, to the rounding that the op itself shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gradcheck.numerics import differs_at, spacing
from gradcheck.numerics.precision import widened
from gradcheck.numerics.tolerance import Array
from gradcheck.trial import Trial

from ..limits import CANCELLED, OWN_ROUNDING, UNITS


@dataclass(frozen=True)
class Entry:
    """An entry of ``dy`` that is off, and what it should be."""

    number: int
    index: tuple[int, ...]
    mine: float
    wanted: float


def entry_off(
    trial: Trial, dy: Sequence[Array], golden: Sequence[Array], rounding: Callable[[], Sequence[Array]], given: float
) -> Entry | None:
    """The first entry that is further off than rounding; None where all are within it.

    A jvp rounds about as often as the forward and the vjp, which the trial has been seen to do. ``rounding``, what last
    bits of the inputs change, is asked for only where that does not suffice. Without a yardstick, what rounding leaves
    of tangents that cancel, whose largest entry is ``given``, is no error.
    """
    unit = max(spacing(d.dtype) for d in dy)
    relative = OWN_ROUNDING * (_shown(trial) + UNITS * unit)
    left_over = CANCELLED * unit * given if trial.yardstick is None else 0.0
    measured: Sequence[Array] = ()
    for number, (mine, wanted) in enumerate(zip(map(widened, dy), golden, strict=True)):
        finite = np.isfinite(wanted)
        left, right = np.where(finite, mine, 0.0), np.where(finite, wanted, 0.0)
        allowed = np.full(right.shape, relative * float(np.abs(right).max(initial=0.0)) + left_over)
        if differs_at(left, right, allowed) is None:
            continue
        measured = measured or rounding()
        index = differs_at(left, right, np.maximum(allowed, OWN_ROUNDING * measured[number]))
        if index is not None:
            return Entry(number, index, float(left[index]), float(right[index]))
    return None


def _shown(trial: Trial) -> float:
    """The largest relative error of an output or a gradient, of those that are decided and within the stick."""
    measured = trial.measured
    assert measured is not None
    rows = [gate.row for gate in measured.gates if not gate.row.undecided and gate.place is None]
    return max((row.worst for row in rows if np.isfinite(row.worst)), default=0.0)
