"""One tensor as op, golden and yardstick say it, at the point and around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.protocol.dtypes import float_info

from .errors import Error, size_of
from .limits import CANCELLED


@dataclass(frozen=True)
class Sides:
    """What the three say of one tensor, in float64; ``dtype`` is that of the op's.

    ``moved`` is the golden where inputs are moved in their last bits; ``terms`` as many as a sum in it can have;
    ``given`` the largest entry of the cotangents that a gradient is made of; ``overflows`` whether an output of the
    golden is beyond the range of its dtype, ``has_overflown`` whether one of the op is not finite.
    """

    tensor: str
    argument: str | None
    dtype: np.dtype[Any]
    actual: Array
    golden: Array
    yardstick: Array | None
    moved: Sequence[Array]
    terms: int = 1
    given: float = 0.0
    overflows: bool = False
    has_overflown: bool = False

    @cached_property
    def size(self) -> Error:
        """The largest entry of the golden and the root of its mean square."""
        return size_of(self.golden)

    @property
    def left(self) -> float:
        """What rounding leaves of cotangents that cancel."""
        return float(CANCELLED * float_info(self.dtype).eps * self.given)


@dataclass(frozen=True)
class Near:
    """The same around the point: the golden where inputs are ``moved`` in their last bits, and pairs a little away.

    ``pairs`` are the golden and what is held against it at further points, where either rounds anew: the yardstick, or
    the op itself where there is none.
    """

    moved: Sequence[Array] = ()
    pairs: Sequence[tuple[Array, Array]] = ()

    def and_also(self, more: Near) -> Near:
        """With what was asked at further points."""
        return Near([*self.moved, *more.moved], [*self.pairs, *more.pairs])
