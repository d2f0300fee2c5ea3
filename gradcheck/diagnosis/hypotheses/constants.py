"""The gradient is off by one number: its sign, a size, the value of an option, a constant."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction

import numpy as np

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.known.along import blocks
from gradcheck.diagnosis.limits import LARGEST_DENOMINATOR, NUMBER_OFF
from gradcheck.diagnosis.rows import rows_explained
from gradcheck.diagnosis.sizes import Number, option_numbers, size_numbers
from gradcheck.diagnosis.view import View, half_digits
from gradcheck.numerics import within

from ._asking import ask, close
from ._projected import projected


def _ratio(view: View) -> float | None:
    """The one real factor between the claim and the truth; None where there is none."""
    if not view.fits or not view.measured:
        return None
    known = view.known & np.isfinite(view.claimed)
    factor = projected(view.claimed[known], view.true[known])
    return factor if factor and view.explained(factor * view.true) else None


def _scaled_by(view: View, factor: float) -> bool | None:
    """Whether the claim is this multiple of the truth; None where the factor is 1 or absent."""
    if math.isnan(factor) or factor == 1:
        return None
    return view.explained(factor * view.true)


def _block_ratio(view: View, number: int) -> float | None:
    """The one factor by which the part of the map that belongs to one output is off, where the others are right."""
    found = blocks(view)
    if found is None or len(found) < 2:
        return None
    block = found[number]
    factor = projected(block.claim, block.true)
    return factor if factor and factor != 1 and _block_scaled(view, number, factor) else None


def _block_scaled(view: View, number: int, factor: float) -> bool | None:
    """Whether the part that belongs to one output is this multiple of what it should be, and the others are right."""
    return rows_explained(view, lambda block, n: np.asarray(block.true * factor) if n == number else block.true)


def _of_one_output(view: View, numbers: Iterable[Number], about: str) -> Iterator[Claim]:
    """The same for what each of several outputs contributes."""
    listed = list(numbers)
    for output, name in enumerate(view.sample.output_names):
        factor = _block_ratio(view, output) if len(view.sample.output_names) > 1 else None
        if factor is None:
            continue
        for number, sign, inverse in _fitting(view, factor, listed):

            def holds(
                v: View, number: Number = number, sign: float = sign, inverse: bool = inverse, n: int = output
            ) -> bool | None:
                value = number.value(v.sample)
                wanted = sign * (1 / value if inverse else value) if value else math.nan
                return None if not math.isfinite(wanted) or wanted == 1 else _block_scaled(v, n, wanted)

            part = f"what the output `{name}` contributes to the gradient of `{view.name}`"
            yield _claim(number, sign, inverse, about, part, holds, number.value(view.sample))


def _of_gradient(view: View, numbers: Iterable[Number], about: str) -> Iterator[Claim]:
    """One claim for each number that is the factor here, or its inverse, or minus either."""
    factor = _ratio(view)
    if factor is None:
        return
    for number, sign, inverse in _fitting(view, factor, numbers):

        def holds(v: View, number: Number = number, sign: float = sign, inverse: bool = inverse) -> bool | None:
            value = number.value(v.sample)
            if value == 0 or not math.isfinite(value):
                return None
            return _scaled_by(v, sign * (1 / value if inverse else value))

        yield _claim(number, sign, inverse, about, f"the gradient of `{view.name}`", holds, number.value(view.sample))


def _fitting(view: View, factor: float, numbers: Iterable[Number]) -> Iterator[tuple[Number, float, bool]]:
    """The numbers that are the factor, its inverse, or minus either."""
    for number in numbers:
        value = number.value(view.sample)
        if not math.isfinite(value) or value == 0:
            continue
        for sign in (1.0, -1.0):
            for inverse in (False, True):
                wanted = sign * (1 / value if inverse else value)
                if within(abs(factor - wanted), NUMBER_OFF * half_digits(view) * abs(factor)):
                    yield number, sign, inverse


def _claim(
    number: Number,
    sign: float,
    inverse: bool,
    about: str,
    what: str,
    holds: Callable[[View], bool | None],
    value: float,
) -> Claim:
    larger = (abs(value) > 1) is not inverse
    named = number.words
    if inverse == larger:  # a number below 1: too large by its inverse
        named = f"1/({named})" if " " in named else f"1/{named}"
    flipped = ", and has the opposite sign" if sign < 0 else ""
    words = f"{what} is too {'large' if larger else 'small'} by {named}{flipped}"
    return Claim(f"{words}{_question(about, larger, number)}", number.parameters + costs.FLIPPED * (sign < 0), holds)


def _question(about: str, larger: bool, number: Number) -> str:
    if about == "size":
        plain = "root" not in number.words and "minus" not in number.words and "squared" not in number.words
        if not plain:
            return ""
        return ": is the mean missing?" if larger else ": is it averaged where it should be summed, or averaged twice?"
    return ""


def negative(view: View) -> bool | None:
    """Minus the truth, and for minus the cotangent too: one that lost its sign is wrong for half of them only."""
    if not view.explained(-view.true):
        return False
    u = view.sample.cotangent
    one, minus = ask(view, u), ask(view, -u)
    return one is not None and minus is not None and close(view, one, -minus)


def sign(view: View) -> Iterator[Claim]:
    """Minus the truth."""
    yield Claim(f"the sign: the gradient of `{view.name}` is minus the right one", costs.NOTHING, negative)


def size_factor(view: View) -> Iterator[Claim]:
    """Sizes, their roots, products of them, and the inverse of all these."""
    yield from _of_gradient(view, size_numbers(view), "size")
    yield from _of_one_output(view, size_numbers(view), "size")


def option_factor(view: View) -> Iterator[Claim]:
    """The options, one minus them, their squares, and the inverse of all these."""
    yield from _of_gradient(view, option_numbers(view), "option")
    yield from _of_one_output(view, option_numbers(view), "option")


def factor(view: View) -> Iterator[Claim]:
    """The factor found here; that of a simple fraction exactly."""
    found = _ratio(view)
    if found is None or found == -1:
        return
    simple = Fraction(found).limit_denominator(LARGEST_DENOMINATOR)
    exact = bool(within(abs(float(simple) - found), NUMBER_OFF * half_digits(view) * abs(found))) and simple != 0
    factor = float(simple) if exact else found
    larger = abs(factor) > 1
    shown = simple if exact else None
    size = abs(factor) if larger else 1 / abs(factor)
    words = str(abs(shown) if larger else 1 / abs(shown)) if shown else f"{size:.6g}"
    flipped = ", and has the opposite sign" if factor < 0 else ""
    if abs(factor) == 1:
        return
    usual = size in (2.0, 4.0, 0.5)
    yield Claim(
        f"the gradient of `{view.name}` is too {'large' if larger else 'small'} by {words} everywhere{flipped}",
        costs.ONE if usual else costs.FRACTION if exact else costs.ANY_NUMBER,
        lambda v: _scaled_by(v, factor),
    )
