"""What the three hypotheses about a constant factor share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

import numpy as np

from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.sizes import Number
from gradcheck.diagnosis.view import View, half_digits
from gradcheck.numerics import within


def ratio(view: View) -> float | None:
    """The one real factor between the claim and the truth; None where there is none."""
    if not view.fits or not view.measured:
        return None
    known = view.known & np.isfinite(view.claimed)
    true, claimed = view.true[known], view.claimed[known]
    size = float(np.vdot(true, true).real)
    if not size > 0:
        return None
    factor = float(np.vdot(true, claimed).real) / size
    return factor if factor and view.explained(factor * view.true) else None


def scaled_by(view: View, factor: float) -> bool | None:
    """Whether the claim is this multiple of the truth; None where the factor is 1 or absent."""
    if math.isnan(factor) or factor == 1:
        return None
    return view.explained(factor * view.true)


def claims(view: View, numbers: Iterable[Number], about: str) -> Iterator[Claim]:
    """One claim for each number that is the factor here, or its inverse, or minus either."""
    factor = ratio(view)
    if factor is None:
        return
    for number in numbers:
        value = number.value(view.sample)
        if not math.isfinite(value) or value == 0:
            continue
        for sign in (1.0, -1.0):
            for inverse in (False, True):
                wanted = sign * (1 / value if inverse else value)
                if within(abs(factor - wanted), 16 * half_digits(view) * abs(factor)):
                    yield _claim(view, number, sign, inverse, about)


def _claim(view: View, number: Number, sign: float, inverse: bool, about: str) -> Claim:
    def holds(other: View) -> bool | None:
        value = number.value(other.sample)
        if value == 0 or not math.isfinite(value):
            return None
        return scaled_by(other, sign * (1 / value if inverse else value))

    value = number.value(view.sample)
    larger = (abs(value) > 1) is not inverse
    named = number.words
    if inverse == larger:  # a number below 1: too large by its inverse
        named = f"1/({named})" if " " in named else f"1/{named}"
    flipped = ", and has the opposite sign" if sign < 0 else ""
    comma = "," if "," in named else ""
    words = f"`{view.name}` is too {'large' if larger else 'small'} by {named}{flipped}{comma and ''}"
    return Claim(f"the gradient of {words}{_question(about, larger, number)}", number.parameters + (sign < 0), holds)


def _question(about: str, larger: bool, number: Number) -> str:
    if about == "size":
        plain = "root" not in number.words and "minus" not in number.words and "squared" not in number.words
        if not plain:
            return ""
        return ": is the mean missing?" if larger else ": is it averaged where it should be summed, or averaged twice?"
    return ""
