"""The derivative of another activation than that of the layer, or the activation itself."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._layer import claims


def propose(view: View) -> Iterator[Claim]:
    """Each product of the argument with another input, as the preactivation of a layer."""
    yield from claims(
        view, "slope", "in the gradient of `{x}` stands `{claimed}` where `{right}` belongs, at z = `{z}`"
    )


HYPOTHESIS = Hypothesis("other-activation", "The derivative of another activation is used in an inner layer.", propose)
