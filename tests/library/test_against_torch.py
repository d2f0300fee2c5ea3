"""The comparison with torch, fed lies: each must fail."""

import numpy as np
import pytest

import manual_bp

from .against_torch import assert_agrees

INPUTS = [np.random.default_rng(0).normal(size=shape) for shape in ((3, 4), (2, 4), (2,))]


def linear_that_lies(lie):
    def linear(x, weight, bias):
        y, vjp = manual_bp.linear(x, weight, bias)
        return lie(y, vjp)

    return linear


LIES = {
    "a value off by a part in 1e9": lambda y, vjp: (y * (1 + 1e-9), vjp),
    "a gradient doubled": lambda y, vjp: (y, lambda dy: (2 * vjp(dy)[0], *vjp(dy)[1:])),
    "a gradient missing at the end": lambda y, vjp: (y, lambda dy: vjp(dy)[:2]),
    "None in place of a gradient": lambda y, vjp: (y, lambda dy: (*vjp(dy)[:2], None)),
    "another shape that broadcasts": lambda y, vjp: (y, lambda dy: (*vjp(dy)[:2], vjp(dy)[2][None])),
}


def test_the_truth_passes():
    assert_agrees("linear", *INPUTS)


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_fails(lie):
    pytest.importorskip("torch")
    with pytest.raises(AssertionError):
        assert_agrees("linear", *INPUTS, op=linear_that_lies(LIES[lie]))
