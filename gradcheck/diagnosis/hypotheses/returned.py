"""What is returned is something else as a whole: nothing, an array that was handed in, another gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.limits import ZERO
from gradcheck.diagnosis.view import View, half_digits
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array


def is_nothing(view: View) -> bool:
    """Whether what is claimed is zero, to rounding, where the truth is not."""
    if not view.fits or not np.isfinite(view.claimed).all():
        return False
    true = float(np.abs(np.where(view.known, view.true, 0)).max(initial=0.0))
    return bool(within(float(np.abs(view.claimed).max(initial=0.0)), half_digits(view) * ZERO * true))


def missing(view: View) -> Iterator[Claim]:
    """All zeros."""
    if is_nothing(view):
        yield Claim(
            f"the gradient of `{view.name}` is missing: it is zero everywhere",
            costs.ROUNDED_TO_ZERO if view.claimed.any() else costs.NOTHING,  # to rounding only: something was computed
            is_nothing,
        )


Read = Callable[[View], Array | None]


def is_array(view: View, read: Read, change: Callable[[Array], Array]) -> bool | None:
    """Whether an array is returned, changed in this way; zeros are another matter."""
    array = read(view)
    if array is None:
        return None
    signed = array if array.dtype.kind in "fci" else array.astype(np.float64)  # truth values have no negative
    return bool(np.any(array)) and view.gives(change(signed))


def _arrays(view: View) -> Iterator[tuple[str, Read, float]]:
    """Inputs, outputs, what is kept and cotangents, in words, with what each costs."""
    sample = view.sample
    for place, name in enumerate(sample.names):
        if sample.inputs[place].size and sample.inputs[place].any():
            yield f"the input `{name}` itself", partial(_input, place=place), costs.NOTHING
    for place, name in enumerate(sample.output_names):
        yield f"the output `{name}` itself", partial(_output, place=place), costs.NOTHING
        words = f"the cotangent of `{name}` itself: its own factor is missing"
        yield words, partial(_cotangent, place=place), costs.COTANGENT_ITSELF
    for name in sample.kept:
        yield f"`{name}` itself, which the backward keeps", partial(_kept, name=name), costs.KEPT_ITSELF


def _input(view: View, place: int) -> Array | None:
    return view.sample.inputs[place]


def _output(view: View, place: int) -> Array | None:
    return view.sample.outputs[place]


def _cotangent(view: View, place: int) -> Array | None:
    return view.sample.trial.cotangents[place]


def _kept(view: View, name: str) -> Array | None:
    return view.sample.kept.get(name)


def wrong_array(view: View) -> Iterator[Claim]:
    """Each array as it is, then its transpose and its negative, in whatever shape that gives."""
    for words, read, cost in _arrays(view):
        for change, how, more in (
            (np.array, "", costs.NOTHING),
            (np.transpose, " transposed", costs.CHANGED),
            (np.negative, " with the opposite sign", costs.CHANGED),
        ):
            array = read(view)
            if array is None or (how == " transposed" and array.ndim < 2):
                continue
            yield Claim(
                f"what is returned for `{view.name}` is {words.replace(' itself', how or ' itself')}",
                cost + more,
                partial(is_array, read=read, change=change),
            )


def other_argument(view: View) -> Iterator[Claim]:
    """The gradient of each other argument, or minus it."""
    for position, argument in enumerate(view.sample.trial.arguments):
        if position == view.position or not argument.differentiable:
            continue

        def holds(v: View, position: int = position) -> bool | None:
            other = View(v.sample, position)
            return other.measured and bool(other.known.all()) and v.gives(other.true)

        def swapped(v: View, position: int = position) -> bool | None:
            return holds(v, position) and View(v.sample, position).gives(v.true)

        yield Claim(
            f"the gradients of `{view.name}` and `{argument.name}` are returned in the wrong order",
            costs.NOTHING,
            swapped,
        )
        yield Claim(f"what is returned for `{view.name}` is the gradient of `{argument.name}`", costs.ASKED_PART, holds)
