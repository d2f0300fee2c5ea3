"""The gradient keeps size 1 where the forward summed or broadcast."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View


def holds(view: View) -> bool | None:
    """Whether what was returned becomes the gradient by broadcasting alone."""
    raw = view.raw
    if raw is None or view.fits or raw.size >= view.array.size or not view.known.all():
        return False if view.fits else None
    try:
        grown = np.broadcast_to(raw, view.array.shape)
    except ValueError:
        return False
    return bool(view.close(grown, view.true).all())


def propose(view: View) -> Iterator[Claim]:
    """The right numbers once, instead of repeated."""
    if holds(view):
        yield Claim(
            f"the gradient of `{view.name}` is not expanded to its shape: the numbers are right, but each stands once "
            "where the forward used it along a whole axis",
            0,
            holds,
        )


HYPOTHESIS = Hypothesis(
    "not-expanded", "The gradient is right but for broadcasting to the shape of its input.", propose
)
