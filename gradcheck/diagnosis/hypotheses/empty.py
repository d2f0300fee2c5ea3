"""An empty array is returned."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View


def holds(view: View) -> bool | None:
    """Nothing in it, although the argument is not empty."""
    return view.raw is not None and not view.raw.size and view.array.size > 0


def propose(view: View) -> Iterator[Claim]:
    """Nothing in it."""
    if holds(view):
        yield Claim(
            f"the gradient of `{view.name}` is empty: a slice such as [a:-b] with b = 0, or a range that "
            "ends too early",
            0,
            holds,
        )


HYPOTHESIS = Hypothesis("empty", "The gradient is an empty array.", propose)
