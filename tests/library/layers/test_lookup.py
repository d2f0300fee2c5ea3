"""Embedding with duplicates and a row of padding; dropout's mask; linear layers with any axes in front."""

import numpy as np
import pytest

import manual_bp

from ..against_torch import assert_agrees

WEIGHT = np.random.default_rng(2).normal(size=(5, 3))


@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint8])
@pytest.mark.parametrize("rows", [[[1, 1, 4], [1, 0, 4]], [], 3, [2, 2, 2, 2]])
@pytest.mark.parametrize("padding_idx", [None, 1, -1])
def test_embedding_adds_up_duplicates(rows, dtype, padding_idx):
    assert_agrees("embedding", np.array(rows, dtype), WEIGHT, padding_idx=padding_idx)


def test_the_row_of_padding_has_its_value_and_no_gradient():
    y, vjp = manual_bp.embedding(np.array([1, 4]), WEIGHT, padding_idx=-1)
    np.testing.assert_array_equal(y[1], WEIGHT[4])
    _, dweight = vjp(np.ones_like(y))
    assert dweight[1].all()
    assert not dweight[4].any()


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_dropout_keeps_the_mean(p):
    x, mask = np.ones(100_000), np.random.default_rng(0).random(100_000) >= p
    y, vjp = manual_bp.dropout(x, mask, p=p)
    assert set(np.unique(y)) <= {0.0, 1.0 / (1.0 - p) if p < 1 else 0.0}
    assert y.mean() == pytest.approx(float(p < 1), abs=0.01)
    np.testing.assert_array_equal(vjp(x)[0], y)


@pytest.mark.parametrize("front", [(), (2,), (0,), (2, 3), (2, 1, 3)])
def test_linear_layers_take_any_axes_in_front(front):
    rng = np.random.default_rng(1)
    x, x2, weight = (rng.normal(size=shape) for shape in ((*front, 5), (*front, 3), (4, 5, 3)))
    assert_agrees("linear", x, weight[:, :, 0])
    assert_agrees("linear", x, weight[:, :, 0], weight[:, 0, 0])
    if front != (0,):  # torch's own backward divides by zero there
        assert_agrees("bilinear", x, x2, weight)
        assert_agrees("bilinear", x, x2, weight, weight[:, 0, 0])
