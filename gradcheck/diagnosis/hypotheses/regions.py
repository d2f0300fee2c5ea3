"""Wrong in a part of the argument and right elsewhere, or passed where a mask should stop it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import partial

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.known.along import Block
from gradcheck.diagnosis.known.arrays import features
from gradcheck.diagnosis.limits import LARGEST_DENOMINATOR, NEGLIGIBLE
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array

from ._operands import with_operand
from ._projected import projected
from ._regions import Mask, regions

MEANINGS = {
    "at-zeros": "Wrong only where something is exactly 0.",
    "at-ties": "Wrong only where values are equal.",
    "at-borders": "Wrong only at values where the op changes its rule.",
    "masked": "Wrong only where a mask or label has one value.",
    "first-row": "Wrong only at the first index along an axis.",
    "last-row": "Wrong only at the last index along an axis.",
    "at-ends": "Wrong only at both ends of an axis.",
    "at-index": "Wrong only at certain indices along an axis.",
    "beyond-first": "Right only at the first index along an axis.",
    "last-block": "Wrong only in the tail of an axis.",
    "first-block": "Wrong only in the head of an axis.",
    "off-diagonal": "Right on the diagonal only, or wrong in one triangle.",
    "diagonal": "Wrong only on the diagonal.",
    "negative": "Wrong only where the argument is negative.",
    "positive": "Wrong only where the argument is positive.",
    "saturated": "Wrong only beyond a threshold.",
}


def only_in(mask: Mask) -> Callable[[View], bool | None]:
    """Whether all that is wrong lies in the region, all of the region is wrong, and something outside is right.

    What is zero in both claim and truth is neither right nor wrong.
    """

    def holds(view: View) -> bool | None:
        if not view.fits or not view.measured:
            return None
        region = mask(view)
        if region is None:
            return None
        wrong = view.wrong
        if not wrong.any():
            return False if (region & _told(view)).any() else None
        if (wrong & ~region).any() or (region & _told(view) & ~wrong).any():
            return False
        return True if (_told(view) & ~region).any() else None

    return holds


def scaled_in(mask: Mask, factor: float) -> Callable[[View], bool | None]:
    """Whether it is wrong in the region only, and there by this factor."""
    only = only_in(mask)

    def holds(view: View) -> bool | None:
        held, region = only(view), mask(view)
        if not held or region is None:
            return held
        return view.explained(factor * view.true, region & _told(view))

    return holds


def _factor_in(view: View, mask: Mask) -> float | None:
    """The one factor by which the gradient is off in a region; that of a simple fraction exactly. None for no such."""
    region = mask(view)
    if region is None or not (region & _told(view)).any() or view.array.dtype.kind != "f":
        return None
    true, claimed = (np.where(region & view.known, gradient, 0) for gradient in (view.true, view.claimed))
    found = projected(claimed, true)
    if found is None:
        return None
    simple = Fraction(found).limit_denominator(LARGEST_DENOMINATOR)
    factor = float(simple) if simple and scaled_in(mask, float(simple))(view) else found
    return factor if factor and scaled_in(mask, factor)(view) else None


def _off_by(factor: float) -> str:
    """``too small by 2``; of one that only has another sign, that it is minus the right one."""
    if factor == -1:
        return "minus the right one"
    larger = abs(factor) > 1
    simple = Fraction(factor if larger else 1 / factor).limit_denominator(LARGEST_DENOMINATOR)
    exact = float(simple) in (factor, 1 / factor)
    size = str(abs(simple)) if exact else f"{abs(factor if larger else 1 / factor):.6g}"
    return f"too {'large' if larger else 'small'} by {size}{', and has the opposite sign' if factor < 0 else ''}"


def _told(view: View) -> Array:
    """Where claim or truth is something other than zero, so that right and wrong can be told apart."""
    size = np.maximum(np.abs(view.claimed), np.abs(np.where(view.known, view.true, 0)))
    largest = float(np.nan_to_num(size, nan=0.0, posinf=0.0).max(initial=0.0))
    return np.asarray(view.known & ~within(size, NEGLIGIBLE * largest))


def proposals(name: str) -> Callable[[View], Iterable[Claim]]:
    """The claims of one kind of region."""

    def propose(view: View) -> Iterator[Claim]:
        if not view.fits or not view.is_wrong:
            return
        for region in regions(view):
            if region.name == name and only_in(region.mask)(view) is not False:
                factor = _factor_in(view, region.mask)
                if factor is not None and factor != 1:
                    yield Claim(
                        f"the gradient of `{view.name}` is wrong only {region.words}: there it is {_off_by(factor)}",
                        region.cost,
                        scaled_in(region.mask, factor),
                        everywhere=True,
                        open_ends=2 * region.loose,
                        loose=region.loose,
                    )
                there = ""
                if not view.claimed[view.wrong].any():
                    there = ", where it is zero"
                elif not np.isfinite(view.claimed[view.wrong]).any():
                    there = ", where it is not finite"
                yield Claim(
                    f"the gradient of `{view.name}` is wrong only {region.words}{there}",
                    region.cost,
                    only_in(region.mask),
                    everywhere=True,
                    open_ends=1 + region.loose,
                    loose=region.loose or region.read_off,
                )

    return propose


def multiplicity(view: View, place: int, block: Block, axis: int) -> Array | None:
    """How often each place along an output axis is named by an integer input, laid along the map."""
    ids = view.sample.inputs[place]
    size = block.claim.shape[axis]
    if not ids.size or ids.min() < 0 or ids.max() >= size:
        return None
    shape = [1] * block.claim.ndim
    shape[axis] = size
    return np.bincount(ids.ravel(), minlength=size).reshape(shape)


def _counted_as_often(view: View) -> Iterator[Claim]:
    """Every integer input, as an index into every axis of an output."""
    for place, ids in enumerate(view.sample.inputs):
        if ids.dtype.kind not in "iu":
            continue
        for axis in range(view.sample.outputs[0].ndim):

            def holds(v: View, place: int = place, axis: int = axis) -> bool | None:
                def predict(block: Block, _: int) -> Array | None:
                    counts = multiplicity(v, place, block, axis)
                    return None if counts is None else np.asarray(block.true * counts)

                return rows_explained(v, predict)

            yield Claim(
                f"an index that stands several times in `{view.sample.names[place]}` is counted as often "
                "in the gradient of "
                f"`{view.name}`",
                costs.ONE,
                holds,
            )


def duplicates(view: View) -> Iterator[Claim]:
    """In the map, then by region."""
    yield from _counted_as_often(view)
    yield from proposals("duplicates")(view)


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


def inverted_mask(view: View) -> Iterator[Claim]:
    """Each input of zeros and ones; then where the argument is positive, and each mask that the backward keeps."""
    for place, array in enumerate(view.sample.inputs):
        if array.size and np.isin(array, (0, 1)).all():
            yield with_operand(
                view,
                place,
                lambda x: np.asarray(1 - x if x.dtype != bool else ~x).astype(x.dtype),
                "in the gradient of `{x}` the mask `{w}` is used the wrong way round: the two branches are swapped",
                costs.ONE,
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
            costs.ONE,
            partial(other_side, mask=mask),
        )


def masked_otherwise(view: View) -> bool | None:
    """Whether every entry is either right or zero where the other is not, some of each: two masks that differ.

    None where all that differ are of one sort: then one mask holds the other, or there is none.
    """
    if not view.fits or not view.known.all() or not np.isfinite(view.claimed).all():
        return None
    told = _told(view)
    claim, true = told & (view.claimed != 0), told & (view.true != 0)
    if not view.close(view.claimed, view.true)[claim & true].all():
        return False
    passed, stopped = bool((claim & ~true).any()), bool((true & ~claim).any())
    return True if passed and stopped else None


def other_mask(view: View) -> Iterator[Claim]:
    """A mask drawn again, or one of something else, that is neither the right one nor its inverse."""
    if masked_otherwise(view):
        yield Claim(
            f"the gradient of `{view.name}` is right where both it and the right one pass, and each is zero in places "
            "where the other is not: the mask of the backward is not that of the forward (is it drawn again?)",
            costs.OTHER_MASK,
            masked_otherwise,
            open_ends=2,
            loose=True,
        )
