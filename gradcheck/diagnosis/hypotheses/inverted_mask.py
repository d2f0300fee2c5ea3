"""A mask is used the wrong way round."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis.features import features
from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View
from gradcheck.numerics.tolerance import Array

from ._operands import with_operand


def other_side(view: View, mask: Callable[[View], Array | None]) -> bool | None:
    """Whether the truth is zero outside of a mask and the claim inside of it, and both are something elsewhere."""
    if not view.fits or not view.known.all():
        return None
    inside = mask(view)
    if inside is None or inside.all() or not inside.any():
        return None
    true, claim = view.true != 0, view.claimed != 0
    if (true & ~inside).any() or (claim & inside).any():
        return False
    return bool(true.any() and claim.any())


def _positive(view: View) -> Array | None:
    return np.asarray(view.array > 0) if view.array.dtype.kind == "f" else None


def _kept(view: View, name: str) -> Array | None:
    array = view.sample.kept.get(name)
    return None if array is None or array.shape != view.array.shape else np.asarray(array == 1)


def propose(view: View) -> Iterator[Claim]:
    """Each input of zeros and ones; then where the argument is positive, and each mask that the backward keeps."""
    for place, array in enumerate(view.sample.inputs):
        if array.size and np.isin(array, (0, 1)).all():
            yield with_operand(
                view,
                place,
                lambda x: np.asarray(1 - x if x.dtype != bool else ~x).astype(x.dtype),
                "in the gradient of `{x}` the mask `{w}` is used the wrong way round: the two branches are swapped",
                1,
            )
    masks: list[tuple[str, Callable[[View], Array | None]]] = [(f"{view.name} > 0", _positive)]
    for feature in features(view.sample):
        array = view.sample.kept.get(feature.words, view.array)
        if array.shape == view.array.shape and np.isin(array, (0, 1)).all():
            masks.append((feature.words, partial(_kept, name=feature.words)))
    for words, mask in masks:
        yield Claim(
            f"the gradient of `{view.name}` passes where `{words}` does not hold, and does not where it does: the mask "
            "is used the wrong way round",
            1,
            partial(other_side, mask=mask),
        )


HYPOTHESIS = Hypothesis("inverted-mask", "A mask is used the wrong way round.", propose)
