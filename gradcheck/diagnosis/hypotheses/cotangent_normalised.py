"""Only the sign or the direction of the cotangent is used."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._asking import ask, close


def normalised(view: View) -> bool | None:
    """Whether the answer follows the sign of the cotangent and not its size."""
    u = view.sample.cotangent
    one, two, minus, tiny = (ask(view, v) for v in (u, 2 * u, -u, 1e-9 * u))
    if one is None or two is None or minus is None or tiny is None or not one.any():
        return False
    return close(view, one, two) and close(view, minus, -one) and close(view, one, tiny)


def propose(view: View) -> Iterator[Claim]:
    """Its sign, or its direction."""
    if view.raw is not None:
        yield Claim(
            f"the size of the cotangent does not reach the gradient of `{view.name}`, only its sign or "
            "direction: it is "
            "normalised",
            0.25,
            normalised,
        )


HYPOTHESIS = Hypothesis("cotangent-normalised", "The cotangent is normalised, or only its sign is used.", propose)
