"""Off by a factor that is the same along an axis and differs otherwise: a norm, a deviation, a weight of that line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within

_ROUNDED = 1e-6  # as near to 1 as a narrow float brings a factor


def scaled_lines(view: View, axes: tuple[int, ...]) -> bool | None:
    """Whether the claim is a multiple of the truth along these axes, line by line."""
    if not view.fits or not view.known.all() or view.array.dtype.kind != "f" or max(axes) >= view.array.ndim:
        return None
    length = int(np.prod([view.array.shape[axis] for axis in axes]))
    if length < 2 or (view.true != 0).sum() < 2 or not np.isfinite(view.claimed).all():
        return None
    size = (view.true**2).sum(axis=axes, keepdims=True)
    with np.errstate(all="ignore"):
        factor = np.where(size > 0, (view.claimed * view.true).sum(axis=axes, keepdims=True) / size, 0)
    if np.all(within(np.abs(factor - 1), _ROUNDED) | (size == 0)):
        return False  # a factor that was rounded is another matter
    return view.explained(factor * view.true)


def propose(view: View) -> Iterator[Claim]:
    """All axes together, then each by itself."""
    ndim = view.array.ndim
    if ndim and scaled_lines(view, tuple(range(ndim))):
        yield Claim(
            f"the gradient of `{view.name}` is off by one factor for all entries, which differs from example to "
            "example: a scalar factor is missing or wrong",
            3,
            lambda v: scaled_lines(v, tuple(range(v.array.ndim))),
            loose=True,
        )
    for axis in range(ndim if ndim > 1 else 0):
        if scaled_lines(view, (axis,)):
            words = axis_words(view.sample, view.labels, axis)
            yield Claim(
                f"the gradient of `{view.name}` is off by a factor that is the same all along {words} and "
                "differs from line "
                "to line: a factor of that line, such as a norm or a deviation, is missing or wrong",
                3.25,
                partial(scaled_lines, axes=(axis,)),
            )


HYPOTHESIS = Hypothesis(
    "line-factor", "Off by a factor of the whole array or of each line, that depends on values.", propose
)
