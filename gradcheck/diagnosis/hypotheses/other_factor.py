"""One factor stands where another belongs."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._inner import places
from ._ratios import claim_of, quotients


def propose(view: View) -> Iterator[Claim]:
    """Quotients of two known arrays, in the gradient and in the cotangents of products."""
    for place in places(view):
        for quotient in quotients(view, place):
            if quotient.above.base is not None and quotient.below.base is not None:
                yield claim_of(view, place, quotient)


HYPOTHESIS = Hypothesis("other-factor", "A factor that is a known array stands where another belongs.", propose)
