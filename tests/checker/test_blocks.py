"""What is done a block at a time is what would have been done at once."""

import numpy as np
import pytest

from gradcheck import report_vjp
from gradcheck.laws.joint_equation import _sums, moved_elsewhere
from gradcheck.laws.linear_combination import adds_up, all_add_up
from gradcheck.numerics.blocks import all_nonzero, any_nonzero, blocks, largest_of, root, same
from gradcheck.protocol import Layout, laid_out

pytestmark = pytest.mark.usefixtures("unexplained")

LAYOUTS = {
    "C": lambda x: x,
    "fortran": np.asfortranarray,
    "strided": lambda x: laid_out(x, Layout.STRIDED),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("shape", [(), (0,), (7,), (300, 301), (2, 3, 40_000), (1, 100_000)])
def test_every_entry_is_visited_once(shape, layout):
    x = np.zeros(shape)
    for block, none, _ in blocks(LAYOUTS[layout](x) if x.ndim else x, None, x):
        assert none is None
        assert block.base is not None or block.size <= 2**15
        block += 1
    y = LAYOUTS[layout](np.zeros(shape)) if x.ndim else np.zeros(shape)
    for block, other in blocks(y, np.ones(shape)):
        block += other
    np.testing.assert_array_equal(y, np.ones(shape))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("wrong", [0.0, 1e-9, np.nan])
def test_one_entry_that_does_not_add_up_is_seen(layout, wrong):
    a, b = np.random.default_rng(0).normal(size=(2, 300, 301))
    c = LAYOUTS[layout](2 * a - 3 * b)
    c[299, 300] += wrong
    assert adds_up(c, a, 2.0, b, -3.0) == (wrong == 0)


def test_gradients_of_several_kinds_add_up():
    a, b = np.ones((2, 3)), np.full((2, 3), 1 + 2j)
    assert adds_up(2 * a + b, a, 2.0, b, 1.0)
    assert not adds_up(2 * a + b.conj(), a, 2.0, b, 1.0)
    assert adds_up((a * 2).astype(np.float32), a.astype(np.float32), 2.0)


def test_several_small_gradients_add_up_each_to_its_own_rounding():
    first = [np.array([1e8, 2e8]), np.array([[1e-8]]), np.ones(3)]
    second = [3 * a for a in first]

    def wrong(which, error):
        combined = [2 * a - b for a, b in zip(first, second, strict=True)]
        combined[which].flat[0] += error
        return all_add_up(list(zip(combined, first, second, strict=True)), 2.0, -1.0)

    assert wrong(0, 1e-10)  # below the rounding of 1e8
    assert not wrong(1, 1e-10)
    assert not wrong(2, 1e-10)
    assert not wrong(2, np.nan)


@pytest.mark.parametrize("shape", [(), (1,), (0,), (5,), (3, 4)])
def test_elsewhere_is_the_same_entries_in_other_places(shape):
    x = np.random.default_rng(0).normal(size=shape)
    np.testing.assert_array_equal(moved_elsewhere(x), 0.75 * x.reshape(-1)[::-1].reshape(shape))
    np.testing.assert_array_equal(moved_elsewhere(np.arange(4)), [3, 2, 1, 0])


def test_a_large_array_is_turned_in_strips():
    x = np.random.default_rng(0).normal(size=(333, 251, 2))
    turned = laid_out(x, Layout.FORTRAN)
    assert turned.flags.f_contiguous
    np.testing.assert_array_equal(turned, x)


def test_zeros_and_magnitudes():
    assert any_nonzero(np.array([0.0, 0.0, 2.0]))
    assert not any_nonzero(np.zeros(3))
    assert not any_nonzero(np.zeros((0, 2)))
    assert all_nonzero(np.array([1.0, -1.0]))
    assert not all_nonzero(np.array([1.0, 0.0]))
    assert largest_of(np.array([1.0, -3.0])) == 3
    assert largest_of(np.array([3j, 1])) == 3
    assert np.isnan(largest_of(np.array([1.0, np.nan])))
    assert largest_of(np.zeros(0)) == 0
    assert root(9.0, 5.0) == 3
    assert root(np.inf, -5.0) == 5
    assert root(0.0, 5.0) == 5


@pytest.mark.parametrize("size", [4, 5000])
def test_the_same_numbers_whatever_their_bytes(size):
    x = np.ones(size)
    x[:2] = 0.0, np.nan
    y = x.copy()
    assert same(x, y)
    y[0] = -0.0
    assert same(x, y)
    assert same(x, np.asfortranarray(x))
    y[2] = 1 + 1e-16 + 2e-16
    assert not same(x, y)
    assert not same(x, x[:-1])
    assert not same(np.zeros((2, 3)), np.zeros((3, 2)))
    assert not same(np.zeros(1), np.zeros(1, np.int64).view(np.float64) + 1)


def test_a_large_input_stays_elsewhere_and_what_remembers_a_small_one_is_caught():
    seen, last = [], {}

    def scaled(x, w):
        seen.append((x.copy(), w.copy()))
        last["w"] = w

        def scaled_vjp(dy):
            return np.full(x.size, dy @ last["w"] / x.size), dy * x.mean()

        return w * x.mean(), scaled_vjp

    x, w = np.random.default_rng(0).normal(size=70_000) + 2, np.array([1.0, -2.0, 0.5])
    report = report_vjp(scaled, x, w)
    assert "GC203" in {finding.code for finding in report.errors}
    assert any((other == x).all() and not (moved == w).all() for other, moved in seen)


def test_a_large_input_by_itself_is_moved_elsewhere():
    last = {}

    def square(x):
        last["x"] = x.copy()
        return x * x, lambda dy: (2 * last["x"] * dy,)

    report = report_vjp(square, np.random.default_rng(0).normal(size=70_000))
    assert "GC203" in {finding.code for finding in report.errors}


@pytest.mark.parametrize("entry", [0, 54_321, 69_999])
def test_one_entry_of_a_large_gradient_that_is_not_linear_shows_in_its_sum(entry):
    def square(x):
        def square_vjp(dy):
            dx = 2 * x * dy
            dx[entry] *= 2 + abs(dx[entry])
            return (dx,)

        return x * x, square_vjp

    report = report_vjp(square, np.random.default_rng(0).normal(size=70_000))
    assert "GC201" in {finding.code for finding in report.errors}


def test_sums_of_a_large_array_keep_what_is_left_over():
    x = np.random.default_rng(0).normal(size=2 * 64 + 3)
    sums = _sums(x)
    assert sums.shape == (5,)
    np.testing.assert_array_equal(sums[2:], x[-3:])
    np.testing.assert_allclose(_sums(3 * x), 3 * sums)
