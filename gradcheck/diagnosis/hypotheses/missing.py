"""The whole gradient is zero where it is not."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View


def propose(view: View) -> Iterator[Claim]:
    """All zeros."""
    if view.fits and not view.claimed.any():
        yield Claim(
            f"the gradient of `{view.name}` is missing: it is zero everywhere",
            0,
            lambda v: v.fits and not v.claimed.any(),
        )


HYPOTHESIS = Hypothesis("missing", "Zeros are returned where the gradient is something else.", propose)
