"""The gradient is off by a number that is the same everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from gradcheck.diagnosis.hypothesis import Claim, Hypothesis
from gradcheck.diagnosis.view import View, half_digits
from gradcheck.numerics import within

from ._scaled import ratio, scaled_by


def propose(view: View) -> Iterator[Claim]:
    """The factor found here; that of a simple fraction exactly."""
    found = ratio(view)
    if found is None or found == -1:
        return
    simple = Fraction(found).limit_denominator(16)
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
        1 if usual else 2 if exact else 3,
        lambda v: scaled_by(v, factor),
    )


HYPOTHESIS = Hypothesis("factor", "The gradient is off by a constant factor that is a plain number.", propose)
