"""The normal distribution function, of which NumPy has none, against the C library's erfc."""

import math

import numpy as np
import pytest

from manual_bp._normal import normal_cdf


@pytest.mark.parametrize(("dtype", "lowest"), [(np.float64, -37.0), (np.float32, -12.0)])
def test_it_is_right_to_three_roundings_beside_that_of_the_square(dtype, lowest):
    x = np.concatenate([np.linspace(lowest, 6, 3001), np.linspace(-1, 1, 1001)]).astype(dtype)
    cdf, density = normal_cdf(x)
    assert cdf.dtype == density.dtype == dtype
    true = np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in x.tolist()])
    allowed = 3 * np.finfo(dtype).eps * (1 + 0.5 * x.astype(float) ** 2)
    assert (abs(cdf - true) / true <= allowed).all()
    np.testing.assert_allclose(density, np.exp(-0.5 * x.astype(float) ** 2) / math.sqrt(2 * math.pi), rtol=2e-5)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_the_ends_are_exact_and_no_nan(dtype):
    x = np.array([-np.inf, -1e30, 0.0, 1e30, np.inf], dtype)
    np.testing.assert_array_equal(normal_cdf(x)[0], [0, 0, 0.5, 1, 1])
    np.testing.assert_array_equal(normal_cdf(x)[1][[0, 1, 3, 4]], 0)
