"""Sums over everything but the channels."""

import math

import numpy as np

from .._sums import sum_of_rows
from .._typing import FloatArray


def sum_by_channel(x: FloatArray) -> FloatArray:
    """The sum of `x` (n, c, ...) over samples and places.

    In C order, whatever the order of `x`: NumPy adds in the order of memory, and only along the last axis pairwise.
    """
    n, c = x.shape[:2]
    places = np.ascontiguousarray(x).reshape(n, c, math.prod(x.shape[2:]))
    return sum_of_rows(places.sum(axis=2))
