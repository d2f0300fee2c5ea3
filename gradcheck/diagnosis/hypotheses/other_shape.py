"""The gradient has the shape of something else."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View


def propose(view: View) -> Iterator[Claim]:
    """Another input's shape, or an output's."""
    if view.raw is None or view.fits or not view.raw.size:
        return
    for place, name in enumerate(view.sample.names):
        if place != view.position:
            yield Claim(
                f"the gradient of `{view.name}` is made with the shape of `{name}`",
                1,
                lambda v, place=place: v.raw is not None and not v.fits and v.raw.shape == v.sample.inputs[place].shape,
            )
    for place, name in enumerate(view.sample.output_names):
        yield Claim(
            f"the gradient of `{view.name}` is made with the shape of the output `{name}`",
            1.5,
            lambda v, place=place: v.raw is not None and not v.fits and v.raw.shape == v.sample.outputs[place].shape,
        )


HYPOTHESIS = Hypothesis("other-shape", "The gradient has the shape of another array.", propose)
