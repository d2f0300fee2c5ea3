"""What is not linear to the digits of float64, asked in extended precision: are digits lost, or is it another vjp?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array
from gradcheck.trial import Trial

Term = tuple[float, Sequence[Array]]


def adds_up_in_extended(trial: Trial, argument: str, index: tuple[int, ...], gap: float, terms: Sequence[Term]) -> bool:
    """Whether the weighted answers to these cotangents add up to 0 there, as of a linear vjp, once digits suffice.

    Of terms that cancel, such as the pull of a body on itself, rounding leaves a grid that last bits do not leave, and
    it may be as coarse as what is left. A vjp that is not linear is off by the same in any precision; of lost
    digits less than half of the gap is left.
    """
    if any(array.dtype.kind in "fc" and array.dtype != np.float64 for array in (*trial.inputs, *trial.outputs)):
        return False
    point = None if trial.point.extended is None else trial.point.extended()
    if point is None:
        return False
    position = next(number for number, known in enumerate(trial.arguments) if known.name == argument)
    total = 0.0
    for weight, cotangents in terms:
        gradients = point.gradients(cotangents, None)
        found = None if gradients is None else gradients[position]
        if found is None:
            return False
        total += weight * found[index]
    return bool(within(2 * abs(total), gap))
