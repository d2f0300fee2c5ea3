"""What the forward is, so that the backward cannot be its derivative."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.view import View


def climbs(view: View) -> bool | None:
    """Whether the forward is level wherever it was looked at and jumps in between, and the claim is not zero.

    None where the values are too small to meet a jump, or so large that the steps look like a slope.
    """
    if not view.fits:
        return None
    trust = view.sample.trust(view.position)
    level = view.measured and not np.any(np.where(view.known, view.true, 0))
    return view.claims_something if trust.steps else None if level or trust.jumps else False


def staircase(view: View) -> Iterator[Claim]:
    """Rounding, a floor, a sign, a quantiser: whatever is claimed there belongs to another function."""
    if climbs(view):
        yield Claim(
            f"the forward is a staircase in `{view.name}`: its derivative is 0 almost everywhere, and what is returned "
            "is that of another function; where that is meant (a straight-through estimator), name it: surrogate=",
            costs.NOTHING,
            climbs,
        )
