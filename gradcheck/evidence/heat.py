"""A gradient cell by cell, as the vjp claims it and as finite differences measure it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from gradcheck.numerics import QUICK, Direction, judge, within
from gradcheck.numerics.doubts.kink import at_kink
from gradcheck.numerics.tolerance import Array
from gradcheck.report import Heat
from gradcheck.trial import Trial

from .limits import LEAST_SIDE, MOVED, SIDE


def heats_of(trial: Trial, position: int, sizes: Mapping[str, int]) -> Iterator[Heat]:
    """The maps of one argument: one, or one of each part of a complex one."""
    argument, gradient = trial.arguments[position], trial.probe.gradients[position]
    if gradient is None or not gradient.size:
        return
    is_complex = argument.array.dtype.kind == "c"
    places = np.arange(gradient.size).reshape(gradient.shape)
    side, cell = _side(trial), partial(_measured, trial, position)
    for number, part in enumerate(("real part", "imaginary part") if is_complex else ("",)):
        heat = Heat(argument.name, part, argument.array.shape, (1, 1), (), (), (), dict(sizes))
        yield _filled(heat, places[..., number] if is_complex else places, side, cell)


def stick_heats(trial: Trial, position: int, sizes: Mapping[str, int]) -> Iterator[Heat]:
    """The map of an argument of few digits, whose gradient is held against that in float64."""
    argument, measured = trial.arguments[position], trial.measured
    for gate, sides in zip(measured.gates, measured.sides, strict=True) if measured and trial.golden else ():
        if sides.argument == argument.name and sides.golden.size:
            cell = partial(_beside, sides.actual.reshape(-1), sides.golden.reshape(-1), gate.allowed.worst)
            assert trial.golden is not None
            heat = Heat(argument.name, "", argument.array.shape, (1, 1), (), (), (), dict(sizes), trial.golden.whose)
            yield _filled(heat, np.arange(sides.golden.size).reshape(argument.array.shape), SIDE, cell)


def _filled(heat: Heat, places: Array, side: int, make: Callable[[Array], _Cell]) -> Heat:
    """A map with its cells, each made of the entries that belong to it; at most so many to a side."""
    rows, columns = math.prod(places.shape[:-1]), places.shape[-1] if places.ndim else 1
    grid = places.reshape(rows, columns)
    cell = math.ceil(rows / side), math.ceil(columns / side)
    found = [
        [make(grid[row : row + cell[0], column : column + cell[1]].ravel()) for column in range(0, columns, cell[1])]
        for row in range(0, rows, cell[0])
    ]
    return replace(
        heat,
        cell=cell,
        claimed=tuple(tuple(one.claimed for one in row) for row in found),
        measured=tuple(tuple(one.measured for one in row) for row in found),
        wrong=tuple(tuple(one.differs for one in row) for row in found),
    )


def _side(trial: Trial) -> int:
    """How many cells a side may have, by what one call costs; the same whatever else the machine does."""
    moved = sum(array.size for array in (*trial.inputs, *trial.outputs))
    return max(LEAST_SIDE, min(SIDE, math.isqrt(MOVED // max(moved, 1))))


@dataclass(frozen=True)
class _Cell:
    claimed: float
    measured: float
    differs: bool


def _measured(trial: Trial, position: int, entries: Array) -> _Cell:
    """The mean of some entries of a gradient as claimed and as measured, and whether the two differ."""
    point, probe = trial.point, trial.probe
    x, gradient = point.inputs[position], probe.gradients[position]
    assert gradient is not None
    claims = gradient.reshape(-1)[entries].astype(np.float64)
    unit = _size(x, entries)
    way = -1.0 if claims.sum() < 0 else 1.0
    tangent = np.zeros(x.shape, np.result_type(x.dtype, np.float64))
    tangent.reshape(-1)[entries] = way * unit
    share = unit * float(np.abs(claims).sum())
    others = range(len(point.inputs))
    direction = Direction(
        tuple(tangent if number == position else None for number in others),
        tuple(share if number == position else 0.0 for number in others),
        tuple(share if number == position else 0.0 for number in others),
        tuple(1.0 for _ in others),
    )
    claim = way * unit * float(claims.sum())
    judgement = replace(judge(point, probe, direction, QUICK), claim=claim)
    differs = not judgement.agrees and at_kink(judgement) is None
    scale = way * unit * len(entries)
    return _Cell(claim / scale, judgement.estimate.value / scale, differs)


def _beside(claimed: Array, golden: Array, allowed: float, entries: Array) -> _Cell:
    """The mean of some entries as claimed and in float64, and whether one is further off than is allowed."""
    ours, theirs = claimed[entries].astype(np.float64), golden[entries].astype(np.float64)
    off = bool((~within(np.abs(ours - theirs), allowed)).any())
    return _Cell(float(ours.mean()), float(theirs.mean()), off)


def _size(x: Array, entries: Array) -> float:
    """How far the entries move together: the typical size of those, else of the array, else 1."""
    for values in (np.abs(x.reshape(-1)[entries]), np.abs(x.reshape(-1))):
        known = values[(values > 0) & np.isfinite(values)]
        if known.size:
            return float(np.median(known))
    return 1.0
