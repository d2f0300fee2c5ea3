"""The gradient is off by a size: a mean missing, or one too many."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.sizes import size_numbers
from gradcheck.diagnosis.view import View

from ._scaled import block_claims, claims


def propose(view: View) -> Iterator[Claim]:
    """Sizes, their roots, products of them, and the inverse of all these."""
    yield from claims(view, size_numbers(view), "size")
    yield from block_claims(view, size_numbers(view), "size")


HYPOTHESIS = Hypothesis("size-factor", "The gradient is off by a constant factor that is a size.", propose)
