"""A stair of bfloat16 that is wider than half a period of what it is multiplied by: steps see one or the other."""

import ml_dtypes
import numpy as np
import pytest

from gradcheck import report_vjp
from gradcheck.numerics.doubts import narrow_inside

pytestmark = pytest.mark.usefixtures("unexplained")

PLACES = (np.array([800.0, -790.3]), np.array([803.7]))
SEEDS = range(3)


def times_sine(activation, slope, dtype, factor=1.0):
    """``activation(x) sin(x)``, of which the first computes in a narrower dtype."""

    def op(x):
        narrow = x.astype(dtype).astype(x.dtype)
        y = activation(narrow)
        found = factor * (slope(narrow) * np.sin(x) + y * np.cos(x))
        return y * np.sin(x), lambda dy: (dy * found,)

    return op


def silu(x):
    return x / (1 + np.exp(-x))


def slope_of_silu(x):
    s = 1 / (1 + np.exp(-x))
    return s * (1 + x * (1 - s))


ACTIVATIONS = [
    (lambda x: x, np.ones_like),
    (silu, slope_of_silu),
    (lambda x: np.maximum(x, 0), lambda x: 1.0 * (x > 0)),
]


def verdicts(factor, *how):
    return [report_vjp(times_sine(*how, factor), at, seed=seed).verdict for at in PLACES for seed in SEEDS]


@pytest.mark.parametrize("dtype", [ml_dtypes.bfloat16, np.float16])
@pytest.mark.parametrize("how", ACTIVATIONS)
def test_what_is_right_is_not_accused_for_its_stairs(how, dtype):
    assert "wrong" not in verdicts(1.0, *how, dtype)


@pytest.mark.parametrize("how", ACTIVATIONS)
def test_twice_the_slope_is(how):
    assert set(verdicts(2.0, *how, ml_dtypes.bfloat16)) == {"wrong"}


def test_without_irregular_steps_it_was(monkeypatch):
    monkeypatch.setattr(narrow_inside, "_is_borne_out", lambda *_: False)
    assert "wrong" in verdicts(1.0, *ACTIVATIONS[0], ml_dtypes.bfloat16)
