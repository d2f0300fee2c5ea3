"""Arguments that do not move the forward, as claimed, and how small a slope would have been seen beside the others.

A bias before a norm, the bias of a key, the shift of a softmax: their gradient is zero for every value, so that no
relative error of it can be told. What can be told is how large it is beside what the other arguments contribute.
"""

from __future__ import annotations

import math

import numpy as np

from gradcheck.numerics import Direction, Judgement, spacing, within
from gradcheck.numerics.limits import ESTIMATE_FACTOR
from gradcheck.trial import Trial

from .learned import Learned


def still_beside(trial: Trial, position: int, judgement: Judgement, others: Direction) -> Learned | None:
    """In which part of the largest contribution of another argument a slope of this one would have been seen.

    0 where not one bit of the outputs changes, which may be an argument that the op does not read at all; None where
    claim and measurement are not both next to nothing. In ``judgement`` this argument moves, by itself or with others
    of which the same is asked; in ``others`` all that are claimed to contribute.
    """
    contributions = zip(others.shares, others.factors, strict=True)
    largest = max((share / factor for p, (share, factor) in enumerate(contributions) if p != position), default=0.0)
    seen = abs(judgement.claim) + abs(judgement.estimate.value) + ESTIMATE_FACTOR * judgement.estimate.error
    nothing = math.sqrt(max(spacing(x.dtype) for x in trial.inputs if x.dtype.kind in "fc"))  # half of the digits
    if not 0 < largest < math.inf or not within(seen, nothing * largest):
        return None
    name = trial.arguments[position].name
    return Learned(still={name: seen / largest if _changes_a_bit(trial, position) else 0.0})


def _changes_a_bit(trial: Trial, position: int) -> bool:
    """Whether the outputs change at all where the argument moves by about its own size."""
    x = trial.inputs[position]
    size = float(np.abs(x).max(initial=0.0)) or 1.0
    moved = [np.array(other) for other in trial.inputs]
    moved[position] = (x + size * trial.rng.uniform(0.5, 1.5, size=x.shape)).astype(x.dtype)
    outputs = trial.forward(moved)
    return outputs is not None and not all(map(np.array_equal, outputs, trial.outputs))
