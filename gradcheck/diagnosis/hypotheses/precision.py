"""Digits that are lost on the way."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.limits import ERRATIC, SUMMED
from gradcheck.diagnosis.view import View
from gradcheck.numerics import spacing, within

NARROW = (("float32", 2.0**-23), ("float16", 2.0**-10), ("bfloat16", 2.0**-7))


def relative(view: View) -> float | None:
    """The largest error beside what the entry is summed from."""
    if not view.fits or view.true_rows is None or not np.isfinite(view.claimed).all() or view.array.dtype.kind != "f":
        return None
    parts = np.abs(view.sample.cotangent) @ np.abs(np.where(view.known_rows, view.true_rows, 0))
    size = parts.reshape(view.array.shape)
    ratio = np.abs(view.residual[size > 0]) / size[size > 0]
    return float(ratio.max(initial=0.0))


def erratic(view: View, error: float) -> bool:
    """Whether the claim jumps by about its error when the inputs move a little, as a rounded number does.

    The third difference of a smooth function vanishes with the cube of the step; a wrong formula is smooth too.
    """
    step = error ** (1 / 3) / 8
    answers = []
    for number in range(4):
        inputs = [x * (1 + number * step) if x.dtype.kind == "f" else x for x in view.sample.inputs]
        found = view.sample.trial.pull(view.sample.trial.cotangents, inputs)
        gradient = None if found is None else found[view.position]
        if gradient is None:
            return False
        answers.append(np.asarray(gradient, np.float64))
    third = np.abs(answers[3] - 3 * answers[2] + 3 * answers[1] - answers[0])
    return not bool(within(third.max(initial=0.0), ERRATIC * error * np.abs(answers[0]).max(initial=0.0)))


def precision(view: View) -> Iterator[Claim]:
    """The dtype whose rounding is about as large as the error; never certain, since a fine ripple looks like it."""
    found = relative(view)
    if not found or view.array.size < 1:
        return
    fits = [(name, unit) for name, unit in NARROW if within(found, unit)] or NARROW[-1:]
    name, unit = fits[0]
    if unit <= spacing(view.array.dtype):
        return

    def holds(v: View) -> bool | None:
        error = relative(v)
        return None if error is None else bool(within(error, SUMMED * unit)) and erratic(v, error)

    yield Claim(
        f"precision is lost: the gradient of `{view.name}` is right to about the digits of {name} and no further "
        f"(relative error {found:.0e})",
        costs.PRECISION,
        holds,
        open_ends=2,
        loose=True,
    )
