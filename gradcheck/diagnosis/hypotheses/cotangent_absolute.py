"""The cotangent loses its sign."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._asking import ask, close


def even(view: View, whole: bool) -> bool | None:
    """Whether the answer grows with the cotangent, and it or a term of it does not turn round with it."""
    u = view.sample.cotangent
    one, two, minus = ask(view, u), ask(view, 2 * u), ask(view, -u)
    if one is None or two is None or minus is None or not close(view, two, 2 * one) or not one.any():
        return False
    return close(view, one, minus) if whole else not close(view, one, -minus)


def propose(view: View) -> Iterator[Claim]:
    """All of it, or one term."""
    if view.raw is None:
        return
    yield Claim(
        f"the cotangent loses its sign on the way to the gradient of `{view.name}`: it is the same for `-dy`",
        0.25,
        lambda v: even(v, whole=True),
    )
    yield Claim(
        f"in a term of the gradient of `{view.name}` the cotangent loses its sign: the answer for `-dy` is not minus "
        "the one for `dy`",
        0.5,
        lambda v: even(v, whole=False),
    )


HYPOTHESIS = Hypothesis(
    "cotangent-absolute", "The gradient, or a term of it, does not follow the sign of the cotangent.", propose
)
