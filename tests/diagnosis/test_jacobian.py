"""Every slope with its error; one-sided slopes at kinks; nothing where there is nothing."""

import numpy as np
import pytest

from gradcheck.numerics import Point
from gradcheck.numerics.jacobian import jacobian


def point(function, x):
    x = np.asarray(x, float)
    with np.errstate(all="ignore"):
        return Point((x,), (np.asarray(function(x)),), lambda inputs: (np.asarray(function(inputs[0])),), None)


def slopes(function, x):
    with np.errstate(all="ignore"):
        return jacobian(point(function, x), 0)


@pytest.mark.parametrize(
    ("function", "derivative"),
    [
        (np.sin, np.cos),
        (np.exp, np.exp),
        (lambda x: x**3, lambda x: 3 * x**2),
        (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    ],
)
def test_the_slopes_are_right_to_their_own_error(function, derivative):
    x = np.array([0.5, -1.25, 2.0])
    found = slopes(function, x)
    expected = np.diag(derivative(x))
    assert (np.abs(found.value - expected) <= 4 * found.error + 1e-15).all()
    assert found.error.max() < 1e-7
    np.testing.assert_array_equal(found.low, found.high)


def test_a_cotangent_is_pulled_back_with_its_error():
    weight = np.array([[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]])
    found = slopes(lambda x: weight @ x, [0.5, -1.0, 2.0]).pull(np.array([2.0, -1.0]))
    np.testing.assert_allclose(found.value, np.array([2.0, -1.0]) @ weight, rtol=1e-9)
    assert (found.error < 1e-7).all()


def test_a_kink_has_two_slopes():
    found = slopes(np.abs, [0.0, 1.0])
    assert (found.low[0, 0], found.high[0, 0]) == (-1.0, 1.0)
    assert found.low[1, 1] == found.high[1, 1] == pytest.approx(1.0)


def test_structure_at_a_smaller_scale_is_not_believed():
    found = slopes(lambda x: np.sin(x), [800.0])
    assert abs(found.value[0, 0] - np.cos(800.0)) <= 4 * found.error[0, 0] + 1e-9


def test_off_the_domain_nothing_is_known():
    assert slopes(np.sqrt, [-1.0]) is None
    assert not np.isfinite(slopes(np.sqrt, [0.0]).error[0, 0])
