"""What the errors of many examples say together: whether they average out, and how they grow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradcheck.numerics.tolerance import within
from gradcheck.report.row import Lean, Row

from .limits import BIASED, DRIFT, FEWEST_POINTS, FURTHER_OFF, LENGTHS, ROUNDED_ONCE, VISIBLE


@dataclass(frozen=True)
class Seen:
    """The row of one tensor at one example, its sizes, and whether its values are out of the ordinary.

    A ``rung`` belongs to the ladder of lengths, and names the size that is long alone.
    """

    row: Row
    sizes: Mapping[str, int]
    special: bool = False
    rung: bool = False


@dataclass(frozen=True)
class Leaning:
    """The mean error of a tensor and of the yardstick, in units of the last place, over so many examples."""

    mean: float
    yardstick: float
    examples: int


@dataclass(frozen=True)
class Growth:
    """With which power of a size the error grows, and the yardstick's; ``errors`` in units of the last place."""

    size: str
    power: float
    yardstick: float
    lengths: tuple[int, int]
    errors: tuple[float, float]


def leans(seen: Sequence[Seen], k: float) -> Leaning | None:
    """A mean error that is no accident, larger than the yardstick's and than any way of rounding to the nearest has.

    The mean of each example counts once: the errors of one example may have a cause in common, such as a statistic that
    was rounded up there.
    """
    decided = [one.row for one in seen if not one.rung and not one.row.undecided]
    rows = [row for row in decided if not row.stand_in and row.lean.entries]
    if len(rows) < FEWEST_POINTS:
        return None
    means = np.array([row.lean.mean for row in rows])
    theirs = np.array([row.yardstick_lean.mean for row in rows if row.yardstick_lean.entries] or [0.0])
    # an example of few entries scatters more: its weight is the root of their number, up to that of a hundred
    weights = np.sqrt(np.minimum([row.lean.entries for row in rows], 100))
    mean = float(np.average(means, weights=weights))
    scatter = math.sqrt(float(np.average((means - mean) ** 2, weights=weights)) / len(rows))
    standard = float(np.median(theirs))  # one entry where terms cancel would make up a mean
    if within(abs(mean), BIASED * scatter) or within(abs(mean), DRIFT + k * abs(standard)):
        return None
    return Leaning(mean, standard, len(rows))


def is_left_behind(seen: Sequence[Seen], name: str) -> bool:
    """Whether the error of a tensor at the longest rung of this size leaves that of the yardstick behind."""
    rungs = _rungs(seen, name)
    return bool(rungs) and _is_further_off(rungs[max(rungs)])


def grows(seen: Sequence[Seen]) -> Growth | None:
    """An error that grows with a size, one way, and leaves that of the yardstick behind; on the ladder of lengths.

    Noise has any sign, and what is rounded once does not grow: what goes one way where a reduction is long, and did not
    where it was short, is absorbed by an accumulator of too few digits, or adds up.
    """
    names = sorted({name for one in seen if one.rung for name in one.sizes})
    found = [growth for name in names if (growth := _along(_rungs(seen, name), name)) is not None]
    return max(found, key=lambda growth: growth.power, default=None)


def _rungs(seen: Sequence[Seen], name: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for one in seen:
        if one.rung and name in one.sizes and one.row.lean.entries and not (one.row.undecided or one.row.stand_in):
            found.setdefault(one.sizes[name], []).append(one.row)
    return found


def _along(rungs: Mapping[int, Sequence[Row]], name: str) -> Growth | None:
    lengths = sorted(rungs)
    if len(lengths) < LENGTHS or not _is_further_off(rungs[lengths[-1]]):
        return None
    errors = [_together([row.lean for row in rungs[n]]) for n in lengths]
    standard = [_together([row.yardstick_lean for row in rungs[n]]) for n in lengths]
    first, last = errors[0], errors[-1]
    if last.entries < FEWEST_POINTS or within(last.rms, VISIBLE * max(first.rms, ROUNDED_ONCE)):
        return None
    scatter = math.sqrt(max(last.rms**2 - last.mean**2, 0.0) / last.entries)
    if within(abs(last.mean), BIASED * scatter):
        return None
    power, yardstick = (_power(lengths, [one.rms for one in side]) for side in (errors, standard))
    return Growth(name, power, yardstick, (lengths[0], lengths[-1]), (first.rms, last.rms))


def _is_further_off(rows: Sequence[Row]) -> bool:
    """Of one length: by more than the yardstick, or a single rounding, could be by chance."""
    error, theirs = (_together(leans) for leans in zip(*((row.lean, row.yardstick_lean) for row in rows), strict=True))
    return not within(error.rms, FURTHER_OFF * max(theirs.rms, ROUNDED_ONCE))


def _together(leans: Sequence[Lean]) -> Lean:
    """Those of several rows: the entries of each count alike."""
    entries = sum(lean.entries for lean in leans)
    if not entries:
        return Lean()
    mean = sum(lean.entries * lean.mean for lean in leans) / entries
    return Lean(entries, mean, math.sqrt(sum(lean.entries * lean.rms**2 for lean in leans) / entries))


def _power(lengths: Sequence[int], errors: Sequence[float]) -> float:
    return float(np.polyfit(np.log(lengths), np.log(np.maximum(errors, ROUNDED_ONCE)), 1)[0])
