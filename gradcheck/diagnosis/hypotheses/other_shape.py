"""The gradient has the shape of something else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array


def shaped_like(view: View, place: int, output: bool) -> bool:
    """Whether what was returned has the shape of another array, and not of its input, but for axes of size 1."""
    other = (view.sample.outputs if output else view.sample.inputs)[place]
    return has_shape_of(view, other)


def kept_like(view: View, name: str) -> bool | None:
    """The same of an array that the backward keeps."""
    array = view.sample.kept.get(name)
    return None if array is None else has_shape_of(view, array)


def has_shape_of(view: View, other: Array) -> bool:
    """Whether it has the shape of this array, or of its transpose."""
    if view.raw is None or view.fits:
        return False
    found, wanted = np.squeeze(view.raw).shape, np.squeeze(other).shape
    return found in (wanted, wanted[::-1])


def propose(view: View) -> Iterator[Claim]:
    """Another input's shape, or an output's; any cause that accounts for the numbers too is preferred."""
    if view.raw is None or view.fits or not view.raw.size:
        return
    for place, name in enumerate(view.sample.names):
        if place != view.position:
            yield Claim(
                f"the gradient of `{view.name}` is made with the shape of `{name}`",
                3,
                partial(shaped_like, place=place, output=False),
                loose=True,
            )
    for name in view.sample.kept:
        if kept_like(view, name):
            yield Claim(
                f"the gradient of `{view.name}` is made with the shape of `{name}`, which the backward keeps",
                4,
                partial(kept_like, name=name),
                loose=True,
            )
    for place, name in enumerate(view.sample.output_names):
        yield Claim(
            f"the gradient of `{view.name}` is made with the shape of the output `{name}`",
            1.5,
            partial(shaped_like, place=place, output=True),
            loose=True,
        )


HYPOTHESIS = Hypothesis("other-shape", "The gradient has the shape of another array.", propose)
