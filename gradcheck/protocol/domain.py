"""Where the values of an input may lie: the real line unless a case says otherwise."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Integral, Real

from gradcheck.errors import UsageError
from gradcheck.foreign import repeated

from .sets import ArraySet

_MOST = 2**63  # of a whole number, from which on int64 does not hold it


@dataclass(frozen=True)
class Reals:
    """Floating values strictly between ``low`` and ``high`` (``None``: unbounded)."""

    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        """Read an infinite end as unbounded; refuse an interval with nothing inside."""
        for end in ("low", "high"):
            value = getattr(self, end)
            if value is not None and (isinstance(value, bool) or not isinstance(value, Real)):
                raise UsageError(f"Reals: `{end}` is {repeated(value)}; it is a number, or None where there is no end")
            if value is not None and math.isinf(value):
                object.__setattr__(self, end, None)
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise UsageError(f"Reals({self.low}, {self.high}) is empty: `low` must lie below `high`")


@dataclass(frozen=True)
class Integers:
    """Whole numbers in ``[low, high)``; either end may be the name of a size of the signature.

    ``distinct``: no number twice along the last axis, as in a permutation or a scatter without duplicates.
    """

    low: int | str
    high: int | str
    distinct: bool = False

    def __post_init__(self) -> None:
        """Refuse a range with nothing inside, where both ends are numbers, and what no array of them can hold."""
        if not isinstance(self.distinct, bool):
            raise UsageError(f"Integers: distinct is {repeated(self.distinct)}; it is True or False")
        for end in ("low", "high"):
            value = getattr(self, end)
            if isinstance(value, Integral) and not isinstance(value, bool):
                value = int(value)
                object.__setattr__(self, end, value)
            elif isinstance(value, str):
                object.__setattr__(self, end, str.__str__(value))
            else:
                raise UsageError(f"Integers: `{end}` is {repeated(value)}; it is a whole number or the name of a size")
            if isinstance(value, int) and abs(value) >= _MOST:
                raise UsageError(f"Integers: `{end}` is {value}; it must lie within 64 bits")
        if isinstance(self.low, int) and isinstance(self.high, int) and not self.low < self.high:
            raise UsageError(f"Integers({self.low}, {self.high}) is empty: `low` must lie below `high`")


@dataclass(frozen=True)
class Probabilities(Reals):
    """Values strictly between 0 and 1, each by itself; those that sum to 1 are a `Simplex`."""

    low: float | None = 0.0
    high: float | None = 1.0


Domain = Reals | Integers | ArraySet
