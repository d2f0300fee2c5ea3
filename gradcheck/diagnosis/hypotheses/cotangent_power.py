"""The cotangent is multiplied in twice, or divided by."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._asking import ask, close

_POWERS = ((2, "multiplied into the gradient of `{x}` twice"), (3, "multiplied into the gradient of `{x}` three times"))


def grows(view: View, power: int) -> bool | None:
    """Whether twice the cotangent gives ``2**power`` times the answer."""
    u = view.sample.cotangent
    one, two = ask(view, u), ask(view, 2 * u)
    if one is None or two is None or not one.any():
        return False
    return close(view, two, 2.0**power * one)


def mixed(view: View, power: int) -> bool | None:
    """Whether the answer is one part in proportion to the cotangent, and one in proportion to a power of it."""
    u = view.sample.cotangent
    one, two, four = (ask(view, scale * u) for scale in (1, 2, 4))
    if one is None or two is None or four is None:
        return False
    part = (two - 2 * one) / (2.0**power - 2)
    rest = one - part
    if close(view, one, rest) or close(view, one, part):
        return False
    return close(view, four, 4 * rest + 4.0**power * part)


def propose(view: View) -> Iterator[Claim]:
    """Squared, cubed; in the denominator; and in a term."""
    if view.raw is None:
        return
    for power, words in (*_POWERS, (-1, "divided by in the gradient of `{x}`, where it should be multiplied in")):
        yield Claim(f"the cotangent is {words.format(x=view.name)}", 0.25, partial(grows, power=power))
    for power, words in _POWERS:
        yield Claim(
            f"in a term the cotangent is {words.format(x=view.name)}",
            0.5,
            partial(mixed, power=power),
        )


HYPOTHESIS = Hypothesis("cotangent-power", "The cotangent is multiplied in more than once, or divided by.", propose)
