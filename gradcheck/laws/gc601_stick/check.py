"""GC601: the error of a backward of few digits is within the measuring stick."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gradcheck.precision import Gate, Sides
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial
from gradcheck.trial.measuring import Measured

from ..learned import Found, Learned
from ..reasons import NOISE
from .findings import STAND_IN, beyond, called, demanding, own_rounding


def _tensors(trial: Trial, measured: Measured) -> list[tuple[Trial, Gate, Sides]]:
    """Every output and gradient; beside the gradients of a surrogate the outputs of the op's own value."""
    pairs = zip(measured.gates, measured.sides, strict=True)
    found = [(trial, gate, sides) for gate, sides in pairs]
    value = trial.of_the_value
    if value is trial:
        return found
    own = value.measured
    outputs = [] if own is None else [(value, g, s) for g, s in zip(own.gates, own.sides, strict=True)]
    return [one for one in outputs if one[2].argument is None] + [one for one in found if one[2].argument is not None]


def check(trial: Trial, learned: Learned) -> Iterator[Found]:
    """Hold every tensor against the stick, and say what it would have missed."""
    measured = trial.measured
    if measured is None:
        return
    if learned.misled:
        yield Learned(floor=dict.fromkeys(trial.differentiable, math.inf))
        return
    if measured.without:
        yield Learned(remarks=(f"no yardstick: {measured.without}; rounding as jittered inputs show it stands in",))
    elif trial.case.witness is None:
        yield Learned(remarks=(STAND_IN,))
    tensors = _tensors(trial, measured)
    yield Learned(rows=tuple(gate.row for _, gate, _ in tensors))
    floors = dict.fromkeys(trial.differentiable, math.inf)
    for whose, gate, sides in tensors:
        row = gate.row
        if row.argument is not None:
            floors[row.argument] = max(row.floor, learned.floor.get(row.argument, math.inf))
        if gate.place is not None:
            yield beyond(whose, gate, sides, gate.place)
            if gate.place.kind == "error" and whose.twin_computes_in is not None:
                yield Learned(remarks=(demanding(whose.twin_computes_in, sides),))
        elif gate.own is not None:
            yield Learned(remarks=(own_rounding(gate.own, sides),))
        elif row.undecided:
            message = f"{called(sides)} could not be judged in {sides.dtype}: {row.undecided}"
            yield Finding(NOISE.code, Severity.NOTE, message, argument=row.argument)
    yield Learned(floor=floors)
