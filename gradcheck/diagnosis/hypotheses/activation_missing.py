"""The derivative of the activation of an inner layer is left out."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._layer import claims


def propose(view: View) -> Iterator[Claim]:
    """Each product of the argument with another input, as the preactivation of a layer."""
    yield from claims(
        view, "missing", "in the gradient of `{x}` the derivative of the activation, `{right}` at z = `{z}`, is missing"
    )


HYPOTHESIS = Hypothesis("activation-missing", "The derivative of an inner activation is left out.", propose)
