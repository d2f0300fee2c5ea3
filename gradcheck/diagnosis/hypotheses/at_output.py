"""The derivative taken at the output instead of the input."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View

from ._layer import claims
from ._operands import floating


def propose_layer(view: View) -> Iterator[Claim]:
    """The same inside: at the activation of a layer instead of at its preactivation, or the other way round."""
    yield from claims(
        view,
        "output",
        "in the gradient of `{x}` the derivative of the activation is taken at the wrong one of its input and output: "
        "`{claimed}` where `{right}` belongs, at z = `{z}`",
    )


def propose_all(view: View) -> Iterator[Claim]:
    """Of the op itself, then of a layer in it."""
    yield from propose(view)
    yield from propose_layer(view)


def propose(view: View) -> Iterator[Claim]:
    """Each output of an input's shape in its place."""
    for place in floating(view):
        for number, y in enumerate(view.sample.outputs):
            if y.shape != view.sample.inputs[place].shape or y.dtype != view.sample.inputs[place].dtype:
                continue

            def holds(v: View, place: int = place, number: int = number) -> bool | None:
                y = v.sample.outputs[number]
                if y.shape != v.sample.inputs[place].shape:
                    return None
                return v.matches_elsewhere([y if n == place else x for n, x in enumerate(v.sample.inputs)])

            name, other = view.sample.output_names[number], view.sample.names[place]
            yield Claim(
                f"the derivative with respect to `{view.name}` is taken at the output `{name}` instead of at the input "
                f"`{other}`: f'({name}) where f'({other}) belongs",
                1,
                holds,
            )


HYPOTHESIS = Hypothesis("at-output", "The derivative is taken at the output instead of the input.", propose_all)
