"""The gradient has the opposite sign."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View


def propose(view: View) -> Iterator[Claim]:
    """Minus the truth."""
    yield Claim(f"the sign: the gradient of `{view.name}` is minus the right one", 0, lambda v: v.explained(-v.true))


HYPOTHESIS = Hypothesis("sign", "The gradient is minus the right one.", propose)
