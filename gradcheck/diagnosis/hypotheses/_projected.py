"""By which number one array best makes another."""

from __future__ import annotations

import math

import numpy as np

from gradcheck.numerics.tolerance import Array


def projected(array: Array, onto: Array) -> float | None:
    """The real number by which ``onto`` is nearest to ``array``, by least squares; None where there is none.

    In units of powers of two, so that gradients may be as large and as small as numbers are.
    """
    unit, other = _unit(array), _unit(onto)
    if unit is None or not other:
        return None
    if not unit:
        return 0.0
    of, by = array / unit, onto / other
    factor = float(np.vdot(by, of).real) / float(np.vdot(by, by).real) * (unit / other)
    return factor if math.isfinite(factor) else None


def _unit(array: Array) -> float | None:
    """The power of two below the largest entry; 0 of zeros, None of what is not finite."""
    largest = float(np.abs(array).max(initial=0.0))
    return math.ldexp(0.5, math.frexp(largest)[1]) if 0 < largest < math.inf else (0.0 if largest == 0 else None)
