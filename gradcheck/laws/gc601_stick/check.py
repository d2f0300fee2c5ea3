"""GC601: the error of a backward of few digits is within the measuring stick."""

from __future__ import annotations

import math
from collections.abc import Iterator

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..learned import Found, Learned
from ..reasons import NOISE
from .findings import STAND_IN, beyond, called, demanding, own_rounding


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
    elif trial.case.reference is None:
        yield Learned(remarks=(STAND_IN,))
    yield Learned(rows=tuple(gate.row for gate in measured.gates))
    floors = dict.fromkeys(trial.differentiable, math.inf)
    for gate, sides in zip(measured.gates, measured.sides, strict=True):
        row = gate.row
        if row.argument is not None:
            floors[row.argument] = max(row.floor, learned.floor.get(row.argument, math.inf))
        if gate.place is not None:
            yield beyond(trial, gate, sides, gate.place)
            if gate.place.kind == "error" and trial.twin_computes_in is not None:
                yield Learned(remarks=(demanding(trial.twin_computes_in, sides),))
        elif gate.own is not None:
            yield Learned(remarks=(own_rounding(gate.own, sides),))
        elif row.undecided:
            message = f"{called(sides)} could not be judged in {sides.dtype}: {row.undecided}"
            yield Finding(NOISE.code, Severity.NOTE, message, argument=row.argument)
    yield Learned(floor=floors)
