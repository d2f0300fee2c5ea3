"""Pooling at drawn sizes and options, at arrays full of ties: torch's choice among equals."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import manual_bp

from ..against_torch import assert_agrees

SMALL = settings(max_examples=40, deadline=None)
KERNELS = st.one_of(st.integers(1, 4), st.tuples(st.integers(1, 4), st.integers(1, 4)))
LENGTHS = st.integers(1, 11)


def ties(*shape):
    return np.random.default_rng(5).integers(0, 3, shape).astype(float)


def fits(height, width, kernel, padding, dilation=1):
    """Whether padding and windows fit, and no window lies in the padding with all its entries: torch crashes there."""
    for length, size in zip((height, width), np.broadcast_to(kernel, 2), strict=True):
        last = length + 2 * padding - dilation * (size - 1) - 1
        if padding > size // 2 or last < 0:
            return False
        entries = np.arange(last + size)[:, None] - padding + dilation * np.arange(size)
        if not ((entries >= 0) & (entries < length)).any(axis=1)[: last + 1].all():
            return False
    return True


@SMALL
@given(LENGTHS, LENGTHS, KERNELS, st.one_of(st.none(), KERNELS), st.integers(0, 2), st.integers(1, 3), st.booleans())
def test_max_pool2d_at_every_option(height, width, kernel, stride, padding, dilation, ceil_mode):
    assume(fits(height, width, kernel, padding, dilation))
    options = {"kernel_size": kernel, "stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    assert_agrees("max_pool2d", ties(2, 1, height, width), **options, dilation=dilation)


@SMALL
@given(LENGTHS, LENGTHS, KERNELS, st.one_of(st.none(), KERNELS), st.integers(0, 2), st.booleans(), st.booleans())
def test_avg_pool2d_at_every_option(height, width, kernel, stride, padding, ceil_mode, counted):
    assume(fits(height, width, kernel, padding))
    options = {"kernel_size": kernel, "stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    assert_agrees("avg_pool2d", ties(2, 1, height, width), **options, count_include_pad=counted)


@SMALL
@given(st.integers(1, 4), st.one_of(st.none(), st.integers(1, 4)), st.integers(0, 2), LENGTHS, st.booleans())
def test_pooling_over_one_axis(kernel, stride, padding, length, ceil_mode):
    assume(fits(length, length, kernel, padding))
    options = {"kernel_size": kernel, "stride": stride, "padding": padding, "ceil_mode": ceil_mode}
    assert_agrees("max_pool1d", ties(3, length), **options)
    assert_agrees("avg_pool1d", ties(3, length), **options)


@SMALL
@given(LENGTHS, LENGTHS, st.tuples(st.integers(1, 6), st.one_of(st.none(), st.integers(1, 6))))
def test_adaptive_pooling_whose_bins_overlap(height, width, output_size):
    x = ties(2, 1, height, width)
    assert_agrees("adaptive_max_pool2d", x, output_size=output_size)
    assert_agrees("adaptive_avg_pool2d", x, output_size=output_size)
    assert_agrees("adaptive_max_pool1d", x[0], output_size=output_size[0])
    assert_agrees("adaptive_avg_pool1d", x[0], output_size=output_size[0])


def test_the_first_of_equals_takes_all():
    y, vjp = manual_bp.max_pool2d(np.zeros((1, 1, 3, 3)), kernel_size=2, stride=1)
    (dx,) = vjp(np.ones_like(y))
    np.testing.assert_array_equal(dx[0, 0], [[1, 1, 0], [1, 1, 0], [0, 0, 0]])


@pytest.mark.parametrize("entries", [255, 256, 300])
def test_windows_of_more_than_a_byte(entries):
    x = np.zeros((1, 1, entries))
    x[..., -1] = 1.0
    _, vjp = manual_bp.max_pool1d(x, kernel_size=entries)
    (dx,) = vjp(np.ones((1, 1, 1)))
    np.testing.assert_array_equal(dx, x)
