"""The gradient is off by one number: its sign, a size, the value of an option, a constant."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from gradcheck.diagnosis import costs
from gradcheck.diagnosis.hypothesis import Claim
from gradcheck.diagnosis.limits import LARGEST_DENOMINATOR
from gradcheck.diagnosis.sizes import option_numbers, size_numbers
from gradcheck.diagnosis.view import View, half_digits
from gradcheck.numerics import within

from ._asking import ask, close
from ._scaled import block_claims, claims, ratio, scaled_by


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
    yield from claims(view, size_numbers(view), "size")
    yield from block_claims(view, size_numbers(view), "size")


def option_factor(view: View) -> Iterator[Claim]:
    """The options, one minus them, their squares, and the inverse of all these."""
    yield from claims(view, option_numbers(view), "option")
    yield from block_claims(view, option_numbers(view), "option")


def factor(view: View) -> Iterator[Claim]:
    """The factor found here; that of a simple fraction exactly."""
    found = ratio(view)
    if found is None or found == -1:
        return
    simple = Fraction(found).limit_denominator(LARGEST_DENOMINATOR)
    exact = bool(within(abs(float(simple) - found), 16 * half_digits(view) * abs(found))) and simple != 0
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
        lambda v: scaled_by(v, factor),
    )
