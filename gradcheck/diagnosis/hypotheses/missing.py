"""The whole gradient is zero where it is not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View, half_digits
from gradcheck.numerics import within


def nothing(view: View) -> bool:
    """Whether what is claimed is zero, to rounding, where the truth is not."""
    if not view.fits or not np.isfinite(view.claimed).all():
        return False
    true = float(np.abs(np.where(view.known, view.true, 0)).max(initial=0.0))
    return bool(within(float(np.abs(view.claimed).max(initial=0.0)), half_digits(view) * 1e-3 * true))


def propose(view: View) -> Iterator[Claim]:
    """All zeros."""
    if nothing(view):
        yield Claim(
            f"the gradient of `{view.name}` is missing: it is zero everywhere",
            0.5 if view.claimed.any() else 0,  # to rounding only: something was computed
            nothing,
        )


HYPOTHESIS = Hypothesis("missing", "Zeros are returned where the gradient is something else.", propose)
