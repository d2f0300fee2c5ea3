"""A term of the sum or product rule is missing."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._terms import claims


def propose(view: View) -> Iterator[Claim]:
    """Known arrays that the claimed map lacks."""
    yield from claims(view, -1.0)


HYPOTHESIS = Hypothesis("missing-term", "A term is missing, as where one path of the chain rule is left out.", propose)
