"""How far a tensor is off, in its worst entry and in the root of the mean square: either alone hides a kind of bug."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gradcheck.numerics.tolerance import Array, within
from gradcheck.protocol.dtypes import float_info


@dataclass(frozen=True)
class Error:
    """Absolute errors of one tensor, and the scales that make them relative; of nothing both are 0."""

    worst: float
    rms: float

    def __or__(self, other: Error) -> Error:
        """The larger of each."""
        return Error(max(self.worst, other.worst), max(self.rms, other.rms))

    def times(self, factor: float, more: Error | None = None) -> Error:
        """So many times it, and something beside."""
        plus = more or Error(0.0, 0.0)
        return Error(factor * self.worst + plus.worst, factor * self.rms + plus.rms)

    def exceeds(self, allowed: Error) -> bool:
        """Whether one of the two is larger than what is allowed; NaN is."""
        return not (within(self.worst, allowed.worst) and within(self.rms, allowed.rms))

    def over(self, allowed: Error) -> float:
        """The larger of the two in parts of what is allowed; 0 where nothing is off."""
        return max(_part(self.worst, allowed.worst), _part(self.rms, allowed.rms))


NONE = Error(0.0, 0.0)


def size_of(golden: Array) -> Error:
    """The largest entry and the root of the mean square, of what is finite."""
    return _largest_and_rms(np.abs(golden))


def error_of(actual: Array, golden: Array) -> Error:
    """Of two float64 arrays of one shape; entries that are not finite on either side are no error here."""
    with np.errstate(all="ignore"):
        return _largest_and_rms(np.abs(actual - golden))


def rounding_of(golden: Array, dtype: np.dtype[np.generic]) -> Error:
    """What the best result of this dtype may be off by: an entry by a unit of its own, the mean square by half."""
    info = float_info(dtype)
    size = size_of(golden)
    subnormal = info.eps * info.tiny  # below the smallest normal number the spacing no longer shrinks
    return Error(info.eps * size.worst + subnormal, info.eps / 2 * size.rms + subnormal)


def units_of(golden: Array, dtype: np.dtype[np.generic]) -> Array:
    """The unit in the last place of each entry, as a number of this dtype."""
    info = float_info(dtype)
    return np.asarray(info.eps * np.maximum(np.abs(golden), info.tiny))


def _largest_and_rms(sizes: Array) -> Error:
    """Of those that are finite; a plain product adds them up, which takes a tenth of the time of NumPy's mean."""
    worst = float(sizes.max(initial=0.0))
    if not np.isfinite(worst):
        sizes = sizes[np.isfinite(sizes)]
        worst = float(sizes.max(initial=0.0))
    if worst == 0:
        return NONE
    parts = sizes.ravel() / worst
    return Error(worst, worst * float(np.sqrt(np.dot(parts, parts) / parts.size)))


def _part(error: float, allowed: float) -> float:
    if error == 0:
        return 0.0
    return error / allowed if allowed > 0 else float("inf")
