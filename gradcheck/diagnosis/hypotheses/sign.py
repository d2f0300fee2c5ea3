"""The gradient has the opposite sign."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._asking import ask, close


def negative(view: View) -> bool | None:
    """Minus the truth, and for minus the cotangent too: one that lost its sign is wrong for half of them only."""
    if not view.explained(-view.true):
        return False
    u = view.sample.cotangent
    one, minus = ask(view, u), ask(view, -u)
    return one is not None and minus is not None and close(view, one, -minus)


def propose(view: View) -> Iterator[Claim]:
    """Minus the truth."""
    yield Claim(f"the sign: the gradient of `{view.name}` is minus the right one", 0, negative)


HYPOTHESIS = Hypothesis("sign", "The gradient is minus the right one.", propose)
