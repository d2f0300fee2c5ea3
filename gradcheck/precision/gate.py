"""One tensor before the gate: what must be exact, what cannot be told, how far the rest may be off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array, within
from gradcheck.protocol.dtypes import float_info
from gradcheck.report.row import Lean, Row

from .errors import Error, error_of, rounding_of, units_of
from .exact import not_finite, not_zero
from .limits import APART, ILL_CONDITIONED, LOST, NEGLIGIBLE, RANGE, SINGLE_ENTRY, SMALL_OFF
from .sides import Near, Sides
from .stick import added_up, is_own_rounding, stick_of


@dataclass(frozen=True)
class Place:
    """An entry that is off, and why that is no rounding.

    ``kind`` is ``finite`` (where one is and the other is not), ``zero`` (which should be exact), ``lost`` (a small
    entry has lost its digits) or ``error`` (further off than is allowed).
    """

    index: tuple[int, ...]
    kind: str


@dataclass(frozen=True)
class Gate:
    """The row of a tensor, what was allowed, and the entry that is to blame where it is beyond.

    ``own`` is an entry that loses digits, or overflows, where the same op in float64 does not, and there is no
    yardstick to say whether it must.
    """

    row: Row
    error: Error
    allowed: Error
    place: Place | None = None
    own: Place | None = None


def judged(
    sides: Sides, k: float, around: Callable[[int], Near], elsewhere: Callable[[], Sequence[Sides]] = tuple
) -> Gate:
    """Hold the op's tensor against the yardstick's; what is ``around`` is asked only where that would accuse it.

    A single entry that has lost its digits is believed only once the yardstick keeps them at more points than one entry
    is kept by accident; and so is one that should be exactly zero, which rounding may leave so at most of them.
    Without a yardstick an op is accused only where it is off ``elsewhere`` too, at inputs of ordinary size.
    """
    near = Near(sides.moved)
    gate = _at(sides, k, near)
    for turn in range(SINGLE_ENTRY):
        if gate.place is None and not gate.row.undecided:
            return gate
        near = near.and_also(around(turn))
        gate = _at(sides, k, near)
        if sides.yardstick is None or gate.place is None or not _may_be_luck(sides, gate.place):
            break
    if sides.yardstick is None and gate.place is not None:
        return _without(sides, near, gate, elsewhere)
    return gate


def _may_be_luck(sides: Sides, place: Place) -> bool:
    """Whether the yardstick may be exact there by accident at all points that were asked so far."""
    exact = sides.yardstick is not None and sides.yardstick[place.index] == 0
    return place.kind in ("lost", "zero") or (place.kind == "error" and exact)


def lean_of(actual: Array, golden: Array, dtype: np.dtype[Any]) -> Lean:
    """Whether errors go one way: their mean in units of the last place, of the entries that are normal numbers."""
    normal = np.isfinite(actual) & _is_normal(golden, dtype)
    count = int(np.count_nonzero(normal))
    if not count:
        return Lean()
    off = np.where(normal, actual - golden, 0.0) * np.sign(golden) / units_of(golden, dtype)
    return Lean(count, float(np.sum(off)) / count, float(np.sqrt(np.sum(off**2) / count)))


def _at(sides: Sides, k: float, near: Near) -> Gate:
    golden, yardstick = sides.golden, sides.yardstick
    size = sides.size
    moves = _moves(golden, near.moved)
    settled = within(moves, ILL_CONDITIONED * size.worst)
    usable = np.isfinite(golden) & settled & within(np.abs(golden), RANGE * float_info(sides.dtype).max)
    if yardstick is not None:
        usable &= np.isfinite(yardstick)
    actual = np.where(usable & np.isfinite(sides.actual), sides.actual, golden)
    error, stick = error_of(actual, golden), stick_of(sides, near, usable)
    allowed = stick.times(k if yardstick is not None else 1.0, rounding_of(golden, sides.dtype))
    undecided = _undecided(sides, usable, settled, stick, size)
    place = _first(not_finite(sides, near, settled), "finite") or _first(not_zero(sides, near, size.worst), "zero")
    if place is None and not undecided and error.exceeds(allowed):
        place = Place(_index(np.abs(actual - golden)), "error")
    if place is None and not undecided:
        place = _lost(sides, near, moves, usable)
    theirs = stick if yardstick is None else error_of(np.where(usable, yardstick, golden), golden)
    floor = np.inf
    if size.rms > 0 and not undecided:
        floor = min(allowed.rms / size.rms, allowed.worst / size.worst)  # either of the two would have seen it
    row = Row(
        sides.tensor,
        sides.argument,
        _relative(error.rms, size.rms),
        _relative(theirs.rms, size.rms),
        _relative(error.worst, size.worst),
        _relative(theirs.worst, size.worst),
        error.over(allowed) if place is None or place.kind == "error" else np.inf,
        floor,
        lean_of(actual, golden, sides.dtype),
        Lean() if yardstick is None else lean_of(np.where(usable, yardstick, golden), golden, sides.dtype),
        "" if place is not None else undecided,
        yardstick is None,
    )
    return Gate(row, error, allowed, place)


def _without(sides: Sides, near: Near, gate: Gate, elsewhere: Callable[[], Sequence[Sides]]) -> Gate:
    """The gate of a tensor without a yardstick that is off: what is its own rounding is allowed, and told."""
    usable = np.isfinite(sides.golden) & np.isfinite(sides.actual)
    assert gate.place is not None
    kind = gate.place.kind
    if kind == "finite" and np.isnan(sides.actual[gate.place.index]) and not sides.has_overflown:
        return gate  # no overflow makes it of a forward that is finite
    counts = kind == "finite" or (
        kind != "lost"
        and not within(gate.error.worst, sides.left)
        and gate.error.exceeds(gate.allowed | added_up(sides))
    )
    if counts and not is_own_rounding(sides, near, usable, gate.allowed):
        ordinary = sides.size.worst if sides.argument is None else sides.given
        if not within(gate.error.worst, ordinary) or not _holds_at_most(elsewhere()):
            return gate
    allowed, size = gate.allowed | gate.error, sides.size
    floor = min(_relative(allowed.rms, size.rms), _relative(allowed.worst, size.worst))
    row = replace(gate.row, ratio=gate.error.over(allowed), floor=floor)
    return Gate(row, gate.error, allowed, None, gate.place)


def _holds_at_most(places: Sequence[Sides]) -> bool:
    """Whether the op is within rounding of its own float64 at most of these places.

    So it is the same function in few digits: what it loses where terms cancel, saturate or overflow, it loses there,
    and may lose at every point around in the same way. What is more than the cotangent itself, no ordinary terms leave.
    """
    holds = sum(_at(sides, 1.0, Near(sides.moved)).place is None for sides in places)
    return 2 * holds > len(places)


def _relative(error: float, size: float) -> float:
    return error / size if size > 0 else (0.0 if error == 0 else np.inf)


def _moves(golden: Array, moved: Sequence[Array]) -> Array:
    """By how much last bits move each entry of the golden; what is not finite somewhere moves without bound."""
    moves = np.zeros(golden.shape)
    with np.errstate(all="ignore"):
        for there in moved:
            moves = np.maximum(moves, np.nan_to_num(np.abs(there - golden), nan=np.inf))
    return np.where(np.isfinite(golden), moves, 0.0)


def _undecided(sides: Sides, usable: Array, settled: Array, stick: Error, size: Error) -> str:
    """Why nothing can be told of this tensor at this point; empty where something can."""
    if 2 * int(np.count_nonzero(settled)) < settled.size:
        return "last bits of the inputs move it by more than a tenth of its size"
    if 2 * int(np.count_nonzero(usable)) < usable.size:
        return "the yardstick is not finite at most of its entries"
    if not sides.golden.size or size.worst == 0:
        return ""
    if sides.yardstick is None and within(size.worst, sides.left):
        return "it is less than the rounding of the cotangent, and may be what is left of terms that cancel"
    if not (within(stick.rms, ILL_CONDITIONED * size.rms) and within(stick.worst, ILL_CONDITIONED * size.worst)):
        whose = "rounding of the inputs" if sides.yardstick is None else "the yardstick itself"
        return f"{whose} is off by more than a tenth of its size"
    return ""


def _lost(sides: Sides, near: Near, moves: Array, usable: Array) -> Place | None:
    """The small entry that has lost most digits, where golden and yardstick keep them."""
    golden, size = sides.golden, np.abs(sides.golden)
    off = np.abs(np.where(usable & np.isfinite(sides.actual), sides.actual, golden) - golden)
    usual = sides.given if sides.argument is not None else float(size.max(initial=0.0))
    known = ~within(size, NEGLIGIBLE * float_info(sides.dtype).eps * usual)
    suspect = known & _is_normal(golden, sides.dtype) & ~within(off, LOST * size)
    suspect &= ~within(off, SMALL_OFF * units_of(golden, sides.dtype))
    if not suspect.any():
        return None
    theirs = np.zeros(golden.shape)
    if sides.yardstick is not None:
        theirs = np.abs(sides.yardstick - golden)
        with np.errstate(all="ignore"):
            for there, yardstick in near.pairs:  # relative to the entry there, of which the rounding is another
                theirs = np.fmax(theirs, np.abs((yardstick - there) / there) * size)
    suspect &= ~within(off, APART * np.fmax(moves, theirs))
    if not suspect.any():
        return None
    return Place(_index(np.where(suspect, off / np.where(suspect, size, 1.0), 0.0)), "lost")


def _is_normal(golden: Array, dtype: np.dtype[Any]) -> Array:
    """Which entries have all digits of the dtype, and would have them if they were a little smaller."""
    info = float_info(dtype)
    return np.asarray(np.isfinite(golden) & within(info.tiny / info.eps, np.abs(golden)))


def _first(bad: Array, kind: str) -> Place | None:
    return Place(_index(bad), kind) if bad.any() else None


def _index(array: Array) -> tuple[int, ...]:
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(array)), array.shape))
