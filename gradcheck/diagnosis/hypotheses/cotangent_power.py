"""The cotangent is multiplied in twice."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._asking import ask, close


def grows(view: View, power: int) -> bool | None:
    """Whether twice the cotangent gives ``2**power`` times the answer."""
    u = view.sample.cotangent
    one, two = ask(view, u), ask(view, 2 * u)
    if one is None or two is None or not one.any():
        return False
    return close(view, two, 2**power * one)


def propose(view: View) -> Iterator[Claim]:
    """Squared, cubed."""
    if not view.fits:
        return
    for power, word in ((2, "twice"), (3, "three times")):
        yield Claim(
            f"the cotangent is multiplied into the gradient of `{view.name}` {word}",
            0.25,
            partial(grows, power=power),
        )


HYPOTHESIS = Hypothesis("cotangent-power", "The cotangent is multiplied in more than once.", propose)
