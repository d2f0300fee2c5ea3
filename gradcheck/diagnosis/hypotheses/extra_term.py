"""A term too many."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._terms import claims


def propose(view: View) -> Iterator[Claim]:
    """Known arrays that the claimed map has beside the right ones."""
    yield from claims(view, 1.0)


HYPOTHESIS = Hypothesis("extra-term", "A term is there that does not belong there, or is counted twice.", propose)
