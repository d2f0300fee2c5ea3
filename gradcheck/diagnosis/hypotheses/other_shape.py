"""The gradient has the shape of something else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array


def shaped_like(view: View, other: Array) -> bool:
    """Whether what was returned has the shape of another array, and not of its input, but for axes of size 1."""
    return view.raw is not None and not view.fits and np.squeeze(view.raw).shape == np.squeeze(other).shape


def propose(view: View) -> Iterator[Claim]:
    """Another input's shape, or an output's."""
    if view.raw is None or view.fits or not view.raw.size:
        return
    for place, name in enumerate(view.sample.names):
        if place != view.position:
            yield Claim(
                f"the gradient of `{view.name}` is made with the shape of `{name}`",
                1,
                lambda v, place=place: shaped_like(v, v.sample.inputs[place]),
            )
    for place, name in enumerate(view.sample.output_names):
        yield Claim(
            f"the gradient of `{view.name}` is made with the shape of the output `{name}`",
            1.5,
            lambda v, place=place: shaped_like(v, v.sample.outputs[place]),
        )


HYPOTHESIS = Hypothesis("other-shape", "The gradient has the shape of another array.", propose)
