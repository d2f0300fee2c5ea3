"""The derivative along a line from one step into the complex plane: no difference is taken, so nothing cancels.

Source: J. N. Lyness and C. B. Moler, "Numerical differentiation of analytic functions" (1967). Right only where the
forward is analytic and computes with complex numbers, so it is believed only where the ladder says the same, less
sharply.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from gradcheck.errors import ConventionError

from .limits import COMPLEX_STEP, COMPLEX_ULPS, ESTIMATE_FACTOR
from .line import Line
from .projection import Judgement
from .tolerance import spacing, within


def sharpened(line: Line, judgement: Judgement) -> Judgement:
    """The judgement with the complex step's derivative and its rounding; as it was where that does not apply."""
    point, estimate = line.point, judgement.estimate
    if point.coarse or not judgement.seen or any(y.dtype != np.float64 for y in point.outputs):
        return judgement
    pairs = zip(point.inputs, judgement.tangents, strict=True)
    moved = [x if v is None else x + (1j * COMPLEX_STEP) * v for x, v in pairs]
    try:
        outputs = point.forward(moved)  # complex outputs come as real and imaginary parts along a last axis
    except ConventionError:  # what an op of real numbers makes of complex ones is nobody's business
        return judgement
    if outputs is None or any(y.shape != (*real.shape, 2) for y, real in zip(outputs, point.outputs, strict=True)):
        return judgement
    imaginary = (float(np.dot(u, y[..., 1].ravel())) for u, y in zip(line.cotangents, outputs, strict=True))
    value = math.fsum(imaginary) / COMPLEX_STEP
    if not within(abs(value - estimate.value), ESTIMATE_FACTOR * estimate.error):
        return judgement
    rounding = COMPLEX_ULPS * spacing(np.float64) * max(judgement.size, abs(value))
    sharp = replace(estimate, value=value, truncation=0.0, rounding=rounding)
    return replace(judgement, estimate=sharp, contested=())
