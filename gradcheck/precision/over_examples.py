"""What the errors of many examples say together: whether they average out, and how they grow."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gradcheck.numerics.tolerance import within
from gradcheck.report.row import Row

from .limits import BIASED, DRIFT, FEWEST_POINTS, FURTHER_OFF, LEFT_BEHIND, LENGTHS, ONE_WAY, STRAIGHT, STRETCH, VISIBLE


@dataclass(frozen=True)
class Seen:
    """The row of one tensor at one example, its sizes, and whether its values are out of the ordinary."""

    row: Row
    sizes: Mapping[str, int]
    special: bool = False


@dataclass(frozen=True)
class Leaning:
    """The mean error of a tensor and of the yardstick, in units of the last place, over so many examples."""

    mean: float
    yardstick: float
    examples: int


@dataclass(frozen=True)
class Growth:
    """With which power of a size the error grows, and the yardstick's; from ``first`` to ``last``."""

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
    rows = [one.row for one in seen if not one.row.undecided and not one.row.stand_in and one.row.lean.entries]
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


def grows(seen: Sequence[Seen]) -> Growth | None:
    """An error that grows in proportion to a size, and leaves that of the yardstick behind.

    Noise grows with the root of the length of a reduction; what grows straight is a bias, as of an accumulator that
    has too few digits.
    """
    names = sorted({name for one in seen for name in one.sizes})
    found = [growth for name in names if (growth := _along(seen, name)) is not None]
    return max(found, key=lambda growth: growth.power, default=None)


def _along(seen: Sequence[Seen], name: str) -> Growth | None:
    """The growth with one size, read off the examples in which all others are smaller.

    Values may grow with a size too, and a function lose digits where they are large: so does the yardstick then. What
    counts is an error that leaves that of the yardstick behind at each of the longest lengths, and goes the same way at
    all of them: what is absorbed is missing, where noise has any sign.
    """
    found: dict[int, list[tuple[float, float, float]]] = {}
    for one in seen:
        length = one.sizes.get(name, 0)
        others = max((size for other, size in one.sizes.items() if other != name), default=0)
        whole = one.special or one.row.undecided or one.row.stand_in or not math.isfinite(one.row.error)
        if not whole and length >= max(8, others) and one.row.yardstick > 0:
            found.setdefault(length, []).append((one.row.error, one.row.yardstick, _one_way(one.row)))
    lengths = sorted(found)
    if len(lengths) < LENGTHS or not within(STRETCH * lengths[0], lengths[-1]):
        return None
    errors, standard, ways = (
        [float(np.median([triple[side] for triple in found[length]])) for length in lengths] for side in range(3)
    )
    if min(errors) <= 0 or within(errors[-1], VISIBLE * errors[0]) or within(errors[-1], FURTHER_OFF * standard[-1]):
        return None
    longest = [mine / theirs for n, mine, theirs in zip(lengths, errors, standard, strict=True) if 4 * n >= lengths[-1]]
    if len(longest) < LENGTHS or within(min(longest), LEFT_BEHIND):
        return None
    if not within(ONE_WAY, abs(sum(np.sign(ways[-LENGTHS:])) / LENGTHS) * min(map(abs, ways[-LENGTHS:]))):
        return None
    first = next(place for place, n in enumerate(lengths) if within(lengths[-1], STRETCH * n))
    power = _power(lengths[first:], errors[first:])
    if within(power, STRAIGHT):
        return None
    ends = (lengths[first], lengths[-1]), (errors[first], errors[-1])
    return Growth(name, power, _power(lengths[first:], standard[first:]), *ends)


def _one_way(row: Row) -> float:
    """The mean of the errors in parts of their size: 1 or -1 where all go one way."""
    return row.lean.mean / row.lean.rms if row.lean.rms > 0 else 0.0


def _power(lengths: Sequence[int], errors: Sequence[float]) -> float:
    return float(np.polyfit(np.log(lengths), np.log(errors), 1)[0])
