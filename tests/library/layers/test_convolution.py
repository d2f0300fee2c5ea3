"""Convolutions at drawn sizes and options, in blocks of samples, within bounded memory."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import manual_bp
from manual_bp.layers import _convolution

from ..against_torch import assert_agrees

SMALL = settings(max_examples=40, deadline=None)


def numbers(*shapes):
    rng = np.random.default_rng(3)
    return [rng.normal(size=shape) for shape in shapes]


def per_axis(low, high):
    return st.one_of(st.integers(low, high), st.tuples(st.integers(low, high), st.integers(low, high)))


sizes = st.fixed_dictionaries({name: st.integers(1, 3) for name in ("n", "c", "o", "k", "l", "groups")})


@SMALL
@given(sizes, st.integers(1, 8), st.integers(1, 8), per_axis(1, 3), per_axis(0, 2), per_axis(1, 3), st.booleans())
def test_conv2d_at_every_option(size, height, width, stride, padding, dilation, biased):
    n, c, o, rows, columns, groups = (size[name] for name in ("n", "c", "o", "k", "l", "groups"))
    around, apart = np.broadcast_to(padding, 2), np.broadcast_to(dilation, 2)
    assume(height + 2 * around[0] > apart[0] * (rows - 1) and width + 2 * around[1] > apart[1] * (columns - 1))
    inputs = numbers((n, groups * c, height, width), (groups * o, c, rows, columns), (groups * o,))
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    assert_agrees("conv2d", *inputs[: 3 if biased else 2], **options)


@SMALL
@given(sizes, st.integers(1, 12), st.integers(1, 4), st.integers(0, 3), st.integers(1, 3), st.booleans())
def test_conv1d_at_every_option(size, length, stride, padding, dilation, biased):
    n, c, o, k, _, groups = (size[name] for name in ("n", "c", "o", "k", "l", "groups"))
    assume(length + 2 * padding > dilation * (k - 1))
    inputs = numbers((n, groups * c, length), (groups * o, c, k), (groups * o,))
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    assert_agrees("conv1d", *inputs[: 3 if biased else 2], **options)


@SMALL
@given(sizes, st.integers(1, 5), st.integers(1, 5), per_axis(1, 3), per_axis(0, 2), per_axis(1, 3), per_axis(0, 2))
def test_conv_transpose2d_at_every_option(size, height, width, stride, padding, dilation, output_padding):
    n, c, o, rows, columns, groups = (size[name] for name in ("n", "c", "o", "k", "l", "groups"))
    s, p, d, more = (np.broadcast_to(one, 2) for one in (stride, padding, dilation, output_padding))
    assume((more < np.maximum(s, d)).all())
    shape = (np.array([height, width]) - 1) * s - 2 * p + d * (np.array([rows, columns]) - 1) + more + 1
    assume((shape > 0).all())
    inputs = numbers((n, groups * c, height, width), (groups * c, o, rows, columns), (groups * o,))
    options = {"stride": stride, "padding": padding, "output_padding": output_padding, "groups": groups}
    assert_agrees("conv_transpose2d", *inputs, **options, dilation=dilation)


@pytest.mark.parametrize("name", ["conv2d", "conv_transpose2d"])
@pytest.mark.parametrize("block", [1, 500])
def test_blocks_of_samples_change_nothing(name, block, monkeypatch):
    inputs = numbers((7, 4, 6, 5), (4, 2, 3, 2), (4,))
    options = {"groups": 2, "padding": 1, "stride": 2}
    y, vjp = getattr(manual_bp, name)(*inputs, **options)
    whole = y, *vjp(y)
    monkeypatch.setattr(_convolution, "BLOCK", block)
    y, vjp = getattr(manual_bp, name)(*inputs, **options)
    for one, other in zip(whole, (y, *vjp(y)), strict=True):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)


def test_memory_is_that_of_a_block_and_not_of_all_windows():
    x, weight = (array.astype(np.float32) for array in numbers((64, 8, 32, 32), (8, 8, 5, 5)))
    windows = x.nbytes * 25
    tracemalloc.start()
    y, vjp = manual_bp.conv2d(x, weight, padding=2)
    vjp(y)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < windows / 4, f"{peak / x.nbytes:.1f} times the input"
