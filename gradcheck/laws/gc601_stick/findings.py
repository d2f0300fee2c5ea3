"""What GC601 says: which tensor, where, what three say of it, and by how much it is too far off."""

from __future__ import annotations

import math

import numpy as np

from gradcheck.precision import Error, Gate, Place, Sides, size_of
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

_CAUSES = {
    "lost": "large terms cancel, and what is left of them has none of its digits (as in expm1(x) + 1 for exp(x))",
    "gone": "a mask covers it, a product underflows, or large terms cancel whole (as in expm1(x) + 1 for exp(x))",
    "zero": "what is masked or padded leaks into it, or memory was not cleared",
}

STAND_IN = (
    "no reference, so no yardstick: it is held against its own float64, and the rounding that jittered inputs show "
    "stands in for the error of another backward; what is further off is wrong only where it is so at every point "
    "around, and at inputs of ordinary size, since a way of computing it that loses digits without need cannot be told "
    "from one that must"
)


def beyond(trial: Trial, gate: Gate, sides: Sides, place: Place) -> Finding:
    """A tensor that is further off than the stick allows, or off where rounding never is."""
    assert trial.golden is not None
    index = place.index
    mine, wanted = float(sides.actual[index]), float(sides.golden[index])
    theirs = "" if sides.yardstick is None else f" and PyTorch's {sides.dtype} {float(sides.yardstick[index]):.6g}"
    spot = f"{called(sides)}{f' at {list(index)}' if index else ''}"
    return Finding(
        "GC601",
        Severity.ERROR,
        f"{spot} is {mine:.6g}, but {trial.golden.whose} gives {wanted:.6g}{theirs}: "
        f"{_why(place, gate, sides, trial.case.k)}",
        argument=sides.argument,
        index=index,
        claimed=mine,
        expected=wanted,
        error=gate.allowed.worst,
        likely_cause=_CAUSES.get("gone" if place.kind == "lost" and mine == 0 else place.kind),
    )


def unsteady(gate: Gate, sides: Sides, spread: Error) -> Finding:
    """A tensor of which repeated calls are so far apart that one of them at least is beyond the stick."""
    size = size_of(sides.golden).worst or 1.0
    return Finding(
        "GC601",
        Severity.ERROR,
        f"{called(sides)} is another one each time that it is asked for at the same inputs: repeated calls are up to "
        f"{spread.worst / size:.2g} apart, so that one of them is off by half of that at least, and "
        f"{gate.allowed.worst / size:.2g} is allowed",
        argument=sides.argument,
        error=gate.allowed.worst,
        likely_cause="several threads write to one place without atomics, or their sums, in no fixed order, are of a "
        "dtype with too few digits",
    )


def scattering(sides: Sides) -> str:
    """That repeated calls are further apart than one of them may be off."""
    return (
        f"repeated calls of {called(sides)} are further apart than any of them may be off: its sums run in no fixed "
        "order, in a dtype with few digits"
    )


def own_rounding(place: Place, sides: Sides) -> str:
    """That an op without a reference loses digits which it keeps in float64, or overflows."""
    mine, wanted = float(sides.actual[place.index]), float(sides.golden[place.index])
    what = f"loses digits in {sides.dtype} that" if math.isfinite(mine) else f"overflows in {sides.dtype} where"
    how = "keeps in float64" if math.isfinite(mine) else "does not in float64"
    return (
        f"{called(sides)} {what} the same op {how}, and without a reference nobody can say "
        f"whether it must: at {list(place.index)} it is {mine:.6g}, and {wanted:.6g} in float64"
    )


def demanding(dtype: str, sides: Sides) -> str:
    """That the twin is better than PyTorch's eager mode in the dtype would be."""
    return (
        f"the twin computes in {dtype} inside, so that it is a better yardstick than {sides.dtype} throughout: what is "
        "beyond it may be no worse than PyTorch is without these conversions; take them out of the twin if that will do"
    )


def called(sides: Sides) -> str:
    """``the gradient of `q` ``, ``the output y``."""
    return f"the output {sides.tensor}" if sides.argument is None else f"the gradient of `{sides.argument}`"


def _why(place: Place, gate: Gate, sides: Sides, k: float) -> str:
    row = gate.row
    if place.kind == "finite":
        return "one of them is finite and the other is not"
    if place.kind == "zero":
        wrong = int(np.count_nonzero((sides.golden == 0) & (sides.actual != 0)))
        return f"it is exactly 0 and stays so around this point ({wrong} of {sides.golden.size} entries)"
    if place.kind == "lost":
        part = float(sides.actual[place.index]) / float(sides.golden[place.index]) - 1
        return f"it is off by {abs(part):.0%} of itself, where PyTorch keeps its digits"
    by_rms = gate.error.rms * gate.allowed.worst > gate.error.worst * gate.allowed.rms
    norm = "in the root of the mean square" if by_rms else "in the worst entry"
    error, theirs = (row.error, row.yardstick) if by_rms else (row.worst, row.yardstick_worst)
    if sides.yardstick is None:
        return (
            f"{norm} it is off by {error:.2g}, and rounding the inputs by {theirs:.2g} at most; this is "
            f"{row.ratio:.3g} times what that and the rounding to {sides.dtype} allow"
        )
    return (
        f"{norm} it is off by {error:.2g} and the yardstick by {theirs:.2g}; this is {row.ratio:.3g} times what "
        f"{k:g} times that and the rounding to {sides.dtype} allow"
    )
