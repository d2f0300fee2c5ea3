"""One array is a multiple of another, or it is not."""

import numpy as np
import pytest

from gradcheck.origin.multiple import is_multiple

OF = np.array([1.0, -2.0, 4.0])
ALLOWED = np.full(3, 1e-9)


@pytest.mark.parametrize("factor", [1.0, -3.0, 1e-3, 1e3])
def test_a_multiple_and_one_that_is_off_in_an_entry(factor):
    assert is_multiple(factor * OF, OF, ALLOWED)
    assert not is_multiple(factor * OF + [0, 0, 0.1 * factor], OF, ALLOWED)


def test_nothing_is_a_multiple_of_zeros_and_zeros_are_none():
    assert not is_multiple(OF, 0 * OF, ALLOWED)
    assert not is_multiple(0 * OF, OF, ALLOWED)


def test_what_is_not_finite_is_none():
    assert not is_multiple(np.array([1.0, np.nan, 4.0]), OF, ALLOWED)
