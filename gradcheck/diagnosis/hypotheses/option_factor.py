"""The gradient is off by the value of an option."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.sizes import option_numbers
from gradcheck.diagnosis.view import View

from ._scaled import block_claims, claims


def propose(view: View) -> Iterator[Claim]:
    """The options, one minus them, their squares, and the inverse of all these."""
    yield from claims(view, option_numbers(view), "option")
    yield from block_claims(view, option_numbers(view), "option")


HYPOTHESIS = Hypothesis(
    "option-factor", "The gradient is off by a constant factor that is the value of an option.", propose
)
