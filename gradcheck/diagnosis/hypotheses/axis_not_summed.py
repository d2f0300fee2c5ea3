"""An axis along which an input was broadcast is not summed."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View

from ._contributions import contributions, subsets, summed_axes, totals


def unsummed(view: View) -> tuple[int, ...] | None:
    """The axes that are summed in truth and not in what was returned."""
    parts = contributions(view)
    if parts is None or view.fits:
        return None
    needed = summed_axes(view, parts)
    for axes in subsets(parts.ndim):
        if needed and set(axes) < set(needed) and any(view.gives(total) for total in totals(parts, axes)):
            return tuple(axis for axis in needed if axis not in axes)
    return None


def kept(view: View) -> tuple[int, ...] | None:
    """The axes of what was returned over which it adds up to the truth."""
    raw = view.raw
    if raw is None or view.fits or not raw.size or not view.known.all():
        return None
    for axes in subsets(raw.ndim) if raw.ndim < 6 else ():
        total = raw.sum(axis=axes)
        if axes and total.size == view.true.size and view.close(total.reshape(view.true.shape), view.true).all():
            return axes
    return None


def propose(view: View) -> Iterator[Claim]:
    """The contributions of the outputs, summed over fewer axes."""
    axes = unsummed(view)
    if axes:
        labels = view.sample.output_labels(0)
        named = " and ".join(axis_words(view.sample, labels, axis) for axis in axes)
        yield Claim(
            f"`{view.name}` is broadcast in the forward, and its gradient is not summed over {named}",
            0,
            lambda v: unsummed(v) is not None or (None if 1 in v.sample.outputs[0].shape else False),
        )
    elif axes is None and kept(view):
        listed = " and ".join(map(str, kept(view) or ()))
        yield Claim(
            f"the gradient of `{view.name}` is not summed over axis {listed} of what is returned, and right otherwise",
            0.25,
            lambda v: kept(v) is not None or (None if v.raw is not None and 1 in v.raw.shape else False),
        )


HYPOTHESIS = Hypothesis("axis-not-summed", "The gradient of a broadcast input keeps an axis.", propose)
