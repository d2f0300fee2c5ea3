"""How far apart repeated calls are, where sums run in no fixed order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradcheck.numerics.tolerance import Array

from .errors import Error, error_of


def spread_of(answers: Sequence[Array]) -> Error:
    """Of several answers to one question, all of one shape: of each entry the largest less the smallest."""
    with np.errstate(all="ignore"):
        apart = np.ptp(np.array(answers), axis=0)
    return error_of(apart, np.zeros_like(apart))
