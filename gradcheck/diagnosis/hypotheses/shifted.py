"""Off by one along an axis."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis.features import Block
from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array


def rolled(array: Array, step: int, axis: int, around: bool) -> Array:
    """Moved by ``step`` along an axis; what comes in at the end is from the other end, or zero."""
    moved = np.roll(array, step, axis)
    if not around:
        edge = slice(None, step) if step > 0 else slice(step, None)
        moved[(slice(None),) * axis + (edge,)] = 0
    return moved


def propose(view: View) -> Iterator[Claim]:
    """One or two places forward or back, around the end or not."""
    for axis in range(view.array.ndim):
        for step in (1, -1, 2, -2):
            for around in (False, True):

                def holds(v: View, axis: int = axis, step: int = step, around: bool = around) -> bool | None:
                    if axis >= v.array.ndim or v.array.shape[axis] <= abs(step) or not v.known.all():
                        return None
                    return v.explained(rolled(v.true, step, axis, around))

                words = axis_words(view.sample, view.labels, axis)
                yield Claim(
                    f"the gradient of `{view.name}` is shifted by {abs(step)} along {words}: an index is off by "
                    f"{abs(step)}, or an array is read before it is written",
                    1,
                    holds,
                )


def propose_rows(view: View) -> Iterator[Claim]:
    """The cotangent read beside its place: the map with its outputs shifted."""
    if view.claim_rows is None or len(view.sample.outputs) != 1:
        return
    for axis in range(view.sample.outputs[0].ndim):
        for step in (1, -1, 2, -2):

            def holds(v: View, axis: int = axis, step: int = step) -> bool | None:
                if v.sample.outputs[0].shape[axis] <= abs(step):
                    return None

                def predict(block: Block, _: int, around: bool = True) -> Array:
                    return rolled(block.true, step, axis, around)

                return rows_explained(v, predict) or rows_explained(v, lambda b, n: predict(b, n, around=False))

            words = axis_words(view.sample, view.sample.output_labels(0), axis)
            yield Claim(
                f"the cotangent is read {abs(step)} place{'s' if abs(step) > 1 else ''} off along {words} "
                "in the gradient "
                f"of `{view.name}`",
                1.25,
                holds,
            )


def propose_all(view: View) -> Iterator[Claim]:
    """Of the gradient, then of the cotangent."""
    yield from propose(view)
    yield from propose_rows(view)


HYPOTHESIS = Hypothesis("shifted", "The entries of the gradient stand beside their place along an axis.", propose_all)
