"""The gradient has the shape of something else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View


def shaped_like(view: View, place: int, output: bool) -> bool:
    """Whether what was returned has the shape of another array, and not of its input, but for axes of size 1."""
    other = (view.sample.outputs if output else view.sample.inputs)[place]
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
                partial(shaped_like, place=place, output=False),
            )
    for place, name in enumerate(view.sample.output_names):
        yield Claim(
            f"the gradient of `{view.name}` is made with the shape of the output `{name}`",
            1.5,
            partial(shaped_like, place=place, output=True),
        )


HYPOTHESIS = Hypothesis("other-shape", "The gradient has the shape of another array.", propose)
