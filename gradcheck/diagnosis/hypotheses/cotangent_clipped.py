"""The cotangent is clipped."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._asking import ask, close


def clipped(view: View) -> bool | None:
    """Whether small cotangents are answered in proportion, and large ones all alike."""
    u = view.sample.cotangent
    answers = [ask(view, u * scale) for scale in (1e-9, 2e-9, 1e9, 2e9)]
    tiny, twice, large, larger = answers
    if tiny is None or twice is None or large is None or larger is None or not tiny.any():
        return False
    return close(view, twice, 2 * tiny) and close(view, large, larger) and not close(view, large, 1e18 * tiny)


def propose(view: View) -> Iterator[Claim]:
    """Bounded answers."""
    if view.fits and np.isfinite(view.claimed).all():
        yield Claim(
            f"the cotangent, or the gradient of `{view.name}`, is clipped: beyond some size it no longer grows",
            0.5,
            clipped,
        )


HYPOTHESIS = Hypothesis("cotangent-clipped", "The cotangent is clipped.", propose)
