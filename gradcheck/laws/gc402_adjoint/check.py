"""GC402: forward mode and backward are adjoint, ``<u, J v> = <vjp(u), v>``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradcheck.numerics import Direction, Probe, as_native, as_real, draw_direction, judge, spacing, within
from gradcheck.numerics.kink import is_singular, kink_interval
from gradcheck.numerics.precision import widened
from gradcheck.numerics.real import reals
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Failure, attempt, offered, private_options, read_outputs
from gradcheck.report import Finding, Severity
from gradcheck.trial import Gradients, Trial

from ..comparing import jittered_inputs
from ..elsewhere import is_asked
from ..forwards import other_outputs
from ..learned import Learned
from ..limits import DERIVED_SELDOM, JITTERS, MEASURED_FACTOR, SETTLED, ULPS
from ..slopes import finite_slopes
from .few_digits import entry_off

_VJP = "side with the vjp"


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """One jvp along one direction of all inputs. An op whose jvp raises NotImplementedError has none.

    Where a framework derived the forward mode (its attribute ``derived``) nobody's jvp is on trial: that it fails says
    nothing, and that it disagrees is a hazard, which is looked for at one seed of a few. At a kink the two may take
    different sides, and where a slope is infinite neither need be finite.
    """
    derived = getattr(offered(trial.case.op, "jvp"), "derived", False)
    if derived and not is_asked(trial, DERIVED_SELDOM):
        return
    for finding in _found(trial, learned):
        if not derived:
            yield finding
        elif finding.claimed is not None:
            yield replace(finding, severity=Severity.HAZARD)


def _found(trial: Trial, learned: Learned) -> Iterator[Finding]:
    if offered(trial.case.op, "jvp") is None or not trial.finite:
        return
    sides = _both(trial, trial.cotangents, trial.gradients)
    if isinstance(sides, Sides) and not all(np.isfinite(d).all() for d in sides.dy):
        found = _finite_all_the_same(trial, learned, sides)
        sides = found or _without_infinite(trial, sides)
    if isinstance(sides, Finding):
        yield sides
    elif sides is not None and not learned.rough:
        yield from (_adjoint if trial.golden is None else _in_few_digits)(trial, learned, sides)


@dataclass(frozen=True)
class Sides:
    """What both sides are made of: cotangents and what the vjp made of them, moves and what the jvp made of them."""

    cotangents: tuple[Array, ...]
    gradients: Gradients
    direction: Direction
    moves: list[Array | None]
    dy: tuple[Array, ...]

    @property
    def largest_move(self) -> float:
        """The largest entry of all tangents."""
        return max((float(np.abs(widened(v)).max(initial=0.0)) for v in self.moves if v is not None), default=0.0)

    @property
    def probe(self) -> Probe:
        """The claim of the vjp, as the numerics see it."""
        return Probe(reals(self.cotangents), reals(self.gradients))


def _both(trial: Trial, cotangents: tuple[Array, ...], gradients: Gradients) -> Sides | Finding | None:
    """Ask the jvp along one direction; None where it has nothing to say, a finding where that is malformed."""
    direction = draw_direction(trial.rng, trial.point.inputs, reals(gradients))
    native = [
        None if v is None else np.asarray(as_native(v, x.dtype), x.dtype)
        for v, x in zip(direction.tangents, trial.inputs, strict=True)
    ]
    moves = trial.inputs_read.tangents(native)
    if not any(v.size for v in moves if v is not None):
        return None
    answer = _ask(trial, trial.inputs, moves)
    if isinstance(answer, Failure):
        unavailable = isinstance(answer.error, NotImplementedError)
        return None if unavailable else _finding(f"the jvp raises where the vjp answers: {answer}")
    if isinstance(answer, str):
        return _finding(answer)
    y, dy = answer
    said = other_outputs(trial, y, "the jvp")
    if said is not None:
        return _finding(said)
    if [(d.shape, d.dtype) for d in dy] != [(o.shape, o.dtype) for o in trial.outputs]:
        kinds = ", ".join(f"{d.dtype}{list(d.shape)}" for d in dy)
        wanted = ", ".join(f"{o.dtype}{list(o.shape)}" for o in trial.outputs)
        return _finding(f"the dy of the jvp is {kinds}, but y is {wanted}")
    return Sides(cotangents, trial.along(gradients), direction, moves, dy)


def _finite_all_the_same(trial: Trial, learned: Learned, sides: Sides) -> Finding | None:
    """Where an entry of ``dy`` is not finite although the forward has finite slopes there, as for a gradient (GC107).

    Entries whose gradient is not finite move too: a slope that is infinite excuses what is not finite along it.
    """
    number = next(position for position, d in enumerate(sides.dy) if not np.isfinite(d).all())
    index = tuple(int(i) for i in np.argwhere(~np.isfinite(sides.dy[number]))[0])
    hot = [np.zeros_like(y) for y in trial.outputs]
    hot[number][index] = 1
    triples = zip(sides.direction.tangents, reals(sides.gradients), trial.point.inputs, strict=True)
    slopes = finite_slopes(trial, learned, reals(hot), [_everywhere(v, g, x) for v, g, x in triples])
    if slopes is None:
        return None
    value, (low, high) = sides.dy[number][index], slopes
    there = f"smooth: finite differences give {low:.6g}" if low == high else f"only bent: {low:.6g} and {high:.6g}"
    which = f" of output {number}" if len(sides.dy) > 1 else ""
    message = f"the dy of the jvp{which} at {list(index)} is {value}, but along that tangent the forward is {there}"
    return replace(_finding(message), claimed=value.item(), expected=(low + high) / 2)


def _everywhere(tangent: Array | None, gradient: Array | None, array: Array) -> Array | None:
    """A tangent that moves the entries too that were held still since their gradient is not finite."""
    if tangent is None or gradient is None:
        return None
    sizes = np.where(array == 0, 1.0, np.abs(array))
    return np.where(np.isfinite(gradient), tangent, sizes).astype(tangent.dtype)


def _without_infinite(trial: Trial, sides: Sides) -> Sides | Finding | None:
    """The same of those outputs alone whose ``dy`` is finite."""
    pairs = zip(sides.cotangents, sides.dy, strict=True)
    cotangents = tuple(np.where(np.isfinite(d), u, 0).astype(u.dtype) for u, d in pairs)
    gradients = trial.pull(cotangents)
    return None if gradients is None else _both(trial, cotangents, gradients)


def _adjoint(trial: Trial, learned: Learned, sides: Sides) -> Iterator[Finding]:
    """Compare both sides; what rounding, a kink or finite differences too coarse to tell explain is no finding."""
    cotangents, gradients, moves, dy = sides.cotangents, sides.gradients, sides.moves, sides.dy
    forward, backward = _product(cotangents, dy), _product(gradients, moves)
    size = _product(cotangents, dy, magnitude=True) + _product(gradients, moves, magnitude=True)
    arrays = [*trial.outputs, *(g for g in gradients if g is not None)]
    assumed = (ULPS * max(spacing(array.dtype) for array in arrays) + (trial.case.accuracy or 0.0)) * size
    gap = abs(forward - backward)
    if within(gap, assumed) or within(gap, assumed + MEASURED_FACTOR * _noise(trial, sides, forward, backward)):
        return
    measured = judge(learned.point(trial), sides.probe, sides.direction)
    rungs, noise = measured.estimate.rungs, measured.estimate.noise
    slopes = kink_interval(rungs, noise)
    if slopes is not None and all(
        within(slopes[0] - assumed, side) and within(side, slopes[1] + assumed) for side in (forward, backward)
    ):
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


def _in_few_digits(trial: Trial, learned: Learned, sides: Sides) -> Iterator[Finding]:
    """The jvp beside that of the golden, which in float64 must be adjoint to a vjp that finite differences bear out."""
    golden = trial.golden
    assert golden is not None
    wide = golden.trial
    if golden.own:
        found = list(_found(wide, learned))
        yield from found
        if found:
            return
    moves = [None if v is None else widened(v) for v in sides.moves]
    answer = _ask(wide, [widened(x) for x in trial.inputs], moves) if offered(wide.case.op, "jvp") is not None else None
    if not isinstance(answer, tuple) or [d.shape for d in answer[1]] != [d.shape for d in sides.dy]:
        return
    cotangents = [widened(u) for u in sides.cotangents]
    size = _product(cotangents, answer[1], magnitude=True)
    if not within(abs(_product(cotangents, answer[1]) - _product(golden.gradients, moves)), SETTLED * size):
        return  # what it would be held against is no forward mode of that gradient

    def rounding() -> list[Array]:
        """What last bits of the inputs change: of the golden, and of the op, which rounds inside as well."""
        worst = [np.zeros(d.shape) for d in sides.dy]
        for _ in range(JITTERS):
            inputs = jittered_inputs(trial)
            asked = (wide, answer[1], [widened(x) for x in inputs], moves), (trial, sides.dy, inputs, sides.moves)
            for whose, base, arrays, tangents in asked:
                there = _ask(whose, arrays, tangents)
                if isinstance(there, tuple):
                    changes = [np.abs(widened(a) - widened(b)) for a, b in zip(there[1], base, strict=True)]
                    worst = [np.maximum(w, np.nan_to_num(c, nan=np.inf)) for w, c in zip(worst, changes, strict=True)]
        return worst

    entry = entry_off(trial, sides.dy, answer[1], rounding, sides.largest_move)
    if entry is not None:
        which = f" of output {entry.number}" if len(sides.dy) > 1 else ""
        yield replace(
            _finding(
                f"the dy of the jvp{which} at {list(entry.index)} is {entry.mine:.6g}, and {golden.whose} gives "
                f"{entry.wanted:.6g}, whose forward mode is adjoint to the vjp"
            ),
            claimed=entry.mine,
            expected=entry.wanted,
        )


def _ask(
    trial: Trial, inputs: Sequence[Array], moves: Sequence[Array | None]
) -> tuple[tuple[Array, ...], tuple[Array, ...]] | Failure | str:
    """``y`` and ``dy`` of the jvp; a sentence where it returns something else."""
    op: Any = trial.case.op
    pack = trial.inputs_read.pack
    trial.forwards += 1
    tangents = [None if v is None else np.array(v) for v in moves]
    arrays, options = tuple(pack([np.array(x) for x in inputs])), private_options(trial.options)
    pair = attempt(op.jvp, arrays, tuple(pack(tangents)), **options)
    if isinstance(pair, Failure):
        return pair
    if not (isinstance(pair, tuple) and len(pair) == 2):
        return f"the jvp returned a {type(pair).__name__} instead of the pair (y, dy)"
    return read_outputs(op.jvp, pair[0])[0], read_outputs(op.jvp, pair[1])[0]


def _noise(trial: Trial, sides: Sides, forward: float, backward: float) -> float:
    """How far rounding moves either side: what changes when the inputs move in their last bits."""
    worst = [0.0, 0.0]
    for _ in range(JITTERS):
        inputs = jittered_inputs(trial)
        answer, gradients = _ask(trial, inputs, sides.moves), trial.pull(sides.cotangents, inputs)
        if isinstance(answer, tuple) and [d.shape for d in answer[1]] == [u.shape for u in sides.cotangents]:
            worst[0] = max(worst[0], abs(_product(sides.cotangents, answer[1]) - forward))
        if gradients is not None:
            worst[1] = max(worst[1], abs(_product(gradients, sides.moves) - backward))
    total = sum(worst)
    return total if math.isfinite(total) else 0.0


def _product(left: Sequence[Array | None], right: Sequence[Array | None], *, magnitude: bool = False) -> float:
    """``Re <left, right>`` over all arrays in float64; a zero on either side contributes nothing, whatever it meets."""
    total = 0.0
    for a, b in zip(left, right, strict=True):
        if a is not None and b is not None:
            x, v = as_real(a).astype(np.float64).ravel(), as_real(b).astype(np.float64).ravel()
            x, v = np.where(v != 0, x, 0.0), np.where(x != 0, v, 0.0)
            total += float(np.dot(np.abs(x), np.abs(v)) if magnitude else np.dot(x, v))
    return total


def _finding(message: str) -> Finding:
    return Finding("GC402", Severity.ERROR, message)
