"""What is returned belongs to another argument."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View


def propose(view: View) -> Iterator[Claim]:
    """The gradient of each other argument, or minus it."""
    for position, argument in enumerate(view.sample.trial.arguments):
        if position == view.position or not argument.differentiable:
            continue

        def holds(v: View, position: int = position) -> bool | None:
            other = View(v.sample, position)
            return other.measured and bool(other.known.all()) and v.gives(other.true)

        def swapped(v: View, position: int = position) -> bool | None:
            return holds(v, position) and View(v.sample, position).gives(v.true)

        yield Claim(f"the gradients of `{view.name}` and `{argument.name}` are returned in the wrong order", 0, swapped)
        yield Claim(f"what is returned for `{view.name}` is the gradient of `{argument.name}`", 0.5, holds)


HYPOTHESIS = Hypothesis("other-argument", "The gradient is that of another argument.", propose)
