"""A factor that is an array is missing, one too many, or another one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.known.along import Block, Known, at, blocks, known_arrays, telling
from gradcheck.diagnosis.known.arrays import Share
from gradcheck.diagnosis.limits import CANDIDATE, NEGLIGIBLE, NOTICED
from gradcheck.diagnosis.rows import VACUOUS, rows_explained
from gradcheck.diagnosis.sizes import axis_words
from gradcheck.diagnosis.view import View
from gradcheck.numerics import within
from gradcheck.numerics.tolerance import Array

from ._inner import places
from ._ratios import claim_of, quotients

_NUMBERS = (1.0, 2.0, 0.5, -1.0)


def _factor_of_map(view: View) -> Iterator[Claim]:
    """Inputs, outputs and forms of them, as a factor of the map or of the claim."""
    for number, block in enumerate(blocks(view) or ()):
        entry = telling(block)
        if entry is None:
            continue
        claim, true = float(block.claim[entry]), float(block.true[entry])
        plain = [pair for pair in known_arrays(view, block) if not isinstance(pair[0].feature, Share)]
        for known, array in plain:
            value = at(array, entry, block.claim.shape)
            for constant in _NUMBERS:
                if value and within(abs(claim - true * value * constant), CANDIDATE * abs(claim)):
                    yield _claim(view, number, known, constant, extra=True)
                if value and claim and within(abs(claim * value - true * constant), CANDIDATE * abs(claim * value)):
                    yield _claim(view, number, known, constant, extra=False)
        masks = [(known, array) for known, array in plain if ((array == 0) | (array == 1)).all()]
        for known, array in masks:
            if (array == 0).any() and at(array, entry, block.claim.shape) == 1:
                continue
            yield _claim(view, number, known, 1.0, extra=False)
        break


def _indirect(known: Known) -> float:
    """What an output adds to the parameters: little as a number, more as a mask, which a region may explain better."""
    if not known.feature.output:
        return costs.AS_IT_IS
    return costs.OUTPUT_MASK if "> 0" in known.form.words or "sign" in known.form.words else costs.OUTPUT


def _claim(view: View, number: int, known: Known, constant: float, *, extra: bool) -> Claim:
    def holds(v: View) -> bool | None:
        def predict(block: Block, _: int) -> Array | None:
            array = known.along(v, block)
            if array is None:
                return None
            if extra:
                return np.asarray(block.true * array * constant)
            # the claim times the factor is the truth: where the factor is 0 the claim is free, so compare products
            product = block.claim * array
            if not np.any(product):  # a mask that leaves nothing explains anything
                return VACUOUS
            wanted = block.true * constant
            slack = NOTICED * np.abs(wanted) + NEGLIGIBLE * np.abs(block.true).max()
            matches = within(np.abs(product - wanted), slack)
            return np.where(matches | ~block.known, block.claim, np.nan)

        return rows_explained(v, predict)

    beside = "" if constant == 1 else f", and a factor {constant:g}" if extra else f", and a factor {1 / constant:g}"
    hint = f" ({known.form.hint})" if known.form.hint else ""
    words = f"`{known.words}`{hint}"
    sentence = (
        f"the gradient of `{view.name}` is multiplied by {words}{beside}, which does not belong there"
        if extra
        else f"in the gradient of `{view.name}` the factor {words} is missing{beside}"
    )
    return Claim(sentence, costs.ONE + known.form.cost + costs.CONSTANT * (constant != 1) + _indirect(known), holds)


def elementwise_factor(view: View) -> Iterator[Claim]:
    """In the map first, then in the gradient and in the cotangents of products inside the op."""
    if view.fits:
        yield from _factor_of_map(view)
    for place in places(view):
        for quotient in quotients(view, place):
            if quotient.above.base is None or quotient.below.base is None:
                yield claim_of(view, place, quotient)


def other_factor(view: View) -> Iterator[Claim]:
    """Quotients of two known arrays, in the gradient and in the cotangents of products."""
    for place in places(view):
        for quotient in quotients(view, place):
            if quotient.above.base is not None and quotient.below.base is not None:
                yield claim_of(view, place, quotient)


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
    right = within(np.abs(factor - 1), NOTICED)  # a factor that was rounded is another matter
    if np.any(right & (size > 0)):
        return False  # some lines have their factor: then it is wrong in a region
    return view.explained(factor * view.true)


def line_factor(view: View) -> Iterator[Claim]:
    """All axes together, then each by itself."""
    ndim = view.array.ndim
    if ndim and scaled_lines(view, tuple(range(ndim))):
        yield Claim(
            f"the gradient of `{view.name}` is off by one factor for all entries, which differs from example to "
            "example: a scalar factor is missing or wrong",
            costs.FITTED,
            lambda v: scaled_lines(v, tuple(range(v.array.ndim))),
            open_ends=1,
            loose=True,
        )
    for axis in range(ndim if ndim > 1 else 0):
        if scaled_lines(view, (axis,)):
            words = axis_words(view.sample, view.labels, axis)
            yield Claim(
                f"the gradient of `{view.name}` is off by a factor that is the same all along {words} and "
                "differs from line "
                "to line: a factor of that line, such as a norm or a deviation, is missing or wrong",
                costs.LINE,
                partial(scaled_lines, axes=(axis,)),
                open_ends=1,
                loose=True,
            )
