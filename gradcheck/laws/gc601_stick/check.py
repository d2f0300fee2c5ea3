"""GC601: the error of a backward of few digits is within the measuring stick."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from gradcheck.numerics import within
from gradcheck.precision import Error, Gate, Sides, size_of
from gradcheck.report import Finding, Row, Severity
from gradcheck.trial import Trial
from gradcheck.trial.measuring import Measured

from ..learned import Found, Learned
from ..reasons import NOISE
from .findings import STAND_IN, beyond, called, demanding, own_rounding, scattering, unsteady

Tensor = tuple[Trial, Gate, Sides, Error]


def _tensors(trial: Trial, measured: Measured) -> list[Tensor]:
    """Every output and gradient; beside the gradients of a surrogate the outputs of the op's own value."""
    found = _of(trial, measured)
    value = trial.of_the_value
    if value is trial:
        return found
    outputs = [] if value.measured is None else _of(value, value.measured)
    return [one for one in outputs if one[2].argument is None] + [one for one in found if one[2].argument is not None]


def _of(trial: Trial, measured: Measured) -> list[Tensor]:
    triples = zip(measured.gates, measured.sides, trial.spreads, strict=True)
    return [(trial, gate, sides, spread) for gate, sides, spread in triples]


def _with_spread(_: Trial, gate: Gate, sides: Sides, spread: Error) -> Row:
    size = size_of(sides.golden).worst
    return replace(gate.row, spread=spread.worst / size if size else spread.worst)


def _is_unsteady(gate: Gate, sides: Sides, spread: Error) -> bool:
    """Whether repeated calls are so far apart that one of them is beyond the stick, and by no mere order of a sum."""
    half = spread.times(0.5)
    return half.exceeds(gate.allowed) and not (sides.yardstick is None and within(half.worst, sides.left))


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
    yield Learned(rows=tuple(_with_spread(*tensor) for tensor in tensors))
    floors = dict.fromkeys(trial.differentiable, math.inf)
    for whose, gate, sides, spread in tensors:
        row = gate.row
        if row.argument is not None:
            floors[row.argument] = max(row.floor, learned.floor.get(row.argument, math.inf))
        if gate.place is not None:
            yield beyond(whose, gate, sides, gate.place)
            if gate.place.kind == "error" and whose.twin_computes_in is not None:
                yield Learned(remarks=(demanding(whose.twin_computes_in, sides),))
        elif not row.undecided and _is_unsteady(gate, sides, spread):
            yield unsteady(gate, sides, spread)
        elif gate.own is not None:
            yield Learned(remarks=(own_rounding(gate.own, sides),))
        elif row.undecided:
            message = f"{called(sides)} could not be judged in {sides.dtype}: {row.undecided}"
            yield Finding(NOISE.code, Severity.NOTE, message, argument=row.argument)
        elif spread.exceeds(gate.allowed):
            yield Learned(remarks=(scattering(sides),))
    yield Learned(floor=floors)
