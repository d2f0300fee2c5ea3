"""GC402: forward mode and backward are adjoint, ``<u, J v> = <vjp(u), v>``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gradcheck.numerics import Direction, as_native, as_real, draw_direction, judge, spacing, within
from gradcheck.numerics.kink import is_singular, kink_interval
from gradcheck.numerics.noise import jittered
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure, attempt, offered, read_outputs
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .comparing import MEASURED_FACTOR
from .forwards import other_outputs
from .law import Law
from .together import ULPS

_JITTERS = 4
_VJP = "side with the vjp"


def check(trial: Trial) -> Iterator[Finding]:
    """One jvp along one direction of all inputs. An op whose jvp raises NotImplementedError has none.

    Where a framework derived the forward mode (its attribute ``derived``) nobody's jvp is on trial: that it fails says
    nothing, and that it disagrees is a hazard. At a kink the two may take different sides.
    """
    derived = getattr(offered(trial.case.op, "jvp"), "derived", False)
    for finding in _found(trial):
        if not derived:
            yield finding
        elif finding.claimed is not None:
            yield replace(finding, severity=Severity.HAZARD)


def _found(trial: Trial) -> Iterator[Finding]:
    if offered(trial.case.op, "jvp") is None or trial.rough or not trial.finite:
        return
    direction = draw_direction(trial.rng, trial.point.inputs, trial.probe.gradients)
    moves = [
        None if v is None else np.asarray(as_native(v, x.dtype), x.dtype)
        for v, x in zip(direction.tangents, trial.inputs, strict=True)
    ]
    if not any(v.size for v in moves if v is not None):
        return
    answer = _ask(trial, trial.inputs, moves)
    if isinstance(answer, Failure):
        if not isinstance(answer.error, NotImplementedError):
            yield _finding(f"the jvp raises where the vjp answers: {answer}")
        return
    if isinstance(answer, str):
        yield _finding(answer)
        return
    y, dy = answer
    said = other_outputs(trial, y, "the jvp")
    if said is not None:
        yield _finding(said)
        return
    if [(d.shape, d.dtype) for d in dy] != [(o.shape, o.dtype) for o in trial.outputs]:
        kinds = ", ".join(f"{d.dtype}{list(d.shape)}" for d in dy)
        wanted = ", ".join(f"{o.dtype}{list(o.shape)}" for o in trial.outputs)
        yield _finding(f"the dy of the jvp is {kinds}, but y is {wanted}")
        return
    yield from _adjoint(trial, direction, moves, dy)


def _adjoint(
    trial: Trial, direction: Direction, moves: Sequence[Array | None], dy: Sequence[Array]
) -> Iterator[Finding]:
    """Compare both sides; what rounding, a kink or finite differences too coarse to tell explain is no finding."""
    forward, backward = _product(trial.cotangents, dy), _product(trial.gradients, moves)
    size = _product(trial.cotangents, dy, magnitude=True) + _product(trial.gradients, moves, magnitude=True)
    arrays = [*trial.outputs, *(g for g in trial.gradients if g is not None)]
    assumed = (ULPS * max(spacing(array.dtype) for array in arrays) + (trial.case.accuracy or 0.0)) * size
    gap = abs(forward - backward)
    if within(gap, assumed) or within(gap, assumed + MEASURED_FACTOR * _noise(trial, moves, forward, backward)):
        return
    measured = judge(trial.point, trial.probe, direction)
    rungs, noise = measured.estimate.rungs, measured.estimate.noise
    slopes = kink_interval(rungs, noise)
    if slopes is not None and all(slopes[0] - assumed <= side <= slopes[1] + assumed for side in (forward, backward)):
        return
    if not measured.seen or is_singular(rungs, noise) or within(gap, measured.tolerance):
        return
    truth = measured.estimate.value
    right = _VJP if measured.agrees else "side with neither"
    if not measured.agrees and within(abs(forward - truth), measured.tolerance):
        right = "side with the jvp"
    yield replace(
        _finding(
            f"forward mode and backward disagree: <u, J v> is {forward:.8g} by the jvp and <vjp(u), v> is "
            f"{backward:.8g}; finite differences give {truth:.8g} and {right}"
        ),
        claimed=backward,
        expected=forward,
    )


def _ask(
    trial: Trial, inputs: Sequence[Array], moves: Sequence[Array | None]
) -> tuple[tuple[Array, ...], tuple[Array, ...]] | Failure | str:
    """``y`` and ``dy`` of the jvp; a sentence where it returns something else."""
    op: Any = trial.case.op
    pack = trial.inputs_read.pack
    trial.forwards += 1
    tangents = [None if v is None else np.array(v) for v in moves]
    pair = attempt(op.jvp, tuple(pack([np.array(x) for x in inputs])), tuple(pack(tangents)), **trial.options)
    if isinstance(pair, Failure):
        return pair
    if not (isinstance(pair, tuple) and len(pair) == 2):
        return f"the jvp returned a {type(pair).__name__} instead of the pair (y, dy)"
    return read_outputs(op.jvp, pair[0])[0], read_outputs(op.jvp, pair[1])[0]


def _noise(trial: Trial, moves: Sequence[Array | None], forward: float, backward: float) -> float:
    """How far rounding moves either side: what changes when the inputs move in their last bits."""
    worst = [0.0, 0.0]
    for _ in range(_JITTERS):
        inputs = [jittered(trial.rng, x) if x.dtype.kind in "fc" else x for x in trial.inputs]
        answer, gradients = _ask(trial, inputs, moves), trial.pull(trial.cotangents, inputs)
        if isinstance(answer, tuple) and [d.shape for d in answer[1]] == [u.shape for u in trial.cotangents]:
            worst[0] = max(worst[0], abs(_product(trial.cotangents, answer[1]) - forward))
        if gradients is not None:
            worst[1] = max(worst[1], abs(_product(gradients, moves) - backward))
    total = sum(worst)
    return total if math.isfinite(total) else 0.0


def _product(left: Sequence[Array | None], right: Sequence[Array | None], *, magnitude: bool = False) -> float:
    """``Re <left, right>`` over all arrays in float64; entries that do not move contribute nothing."""
    total = 0.0
    for a, b in zip(left, right, strict=True):
        if a is not None and b is not None:
            x, v = as_real(a).astype(np.float64).ravel(), as_real(b).astype(np.float64).ravel()
            x = np.where(v != 0, x, 0.0)
            total += float(np.dot(np.abs(x), np.abs(v)) if magnitude else np.dot(x, v))
    return total


def _finding(message: str) -> Finding:
    return Finding("GC402", Severity.ERROR, message)


LAW = Law("GC402", "Forward mode, where the op has it, is adjoint to the backward: <u, J v> = <vjp(u), v>.", check)
