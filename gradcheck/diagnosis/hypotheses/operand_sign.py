"""An operand enters the backward with the other sign."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._operands import floating, with_operand


def propose(view: View) -> Iterator[Claim]:
    """Each input negated."""
    for place in floating(view):
        yield with_operand(
            view, place, lambda x: -x, "in the gradient of `{x}` the operand `{w}` has the wrong sign", 1
        )


HYPOTHESIS = Hypothesis("operand-sign", "An operand has the wrong sign in the backward.", propose)
