"""Array ops: the choices at ties and zeros, and bad input. (That the gradients are right is the gate's business.)"""

import math

import numpy as np
import pytest

import manual_bp
from manual_bp._scalars import ones, scalar

ONES = np.ones((2, 3))


@pytest.mark.parametrize(
    ("call", "gradients"),
    [
        (lambda: manual_bp.max(np.array([2.0, 2.0, 1.0])), [[0.5, 0.5, 0.0]]),
        (lambda: manual_bp.max(np.array([2.0, 2.0, 1.0]), dim=0), [[1.0, 0.0, 0.0]]),
        (lambda: manual_bp.min(np.array([2.0, 1.0, 1.0]), dim=0), [[0.0, 1.0, 0.0]]),
        (lambda: manual_bp.norm(np.zeros(2)), [[0.0, 0.0]]),
        (lambda: manual_bp.norm(np.array([0.0, 2.0]), p=0.5), [[0.0, 1.0]]),
        (lambda: manual_bp.norm(np.array([-2.0, 2.0, 1.0]), p=math.inf), [[-0.5, 0.5, 0.0]]),
        (lambda: manual_bp.norm(np.array([3.0, 4.0]), p=0.0), [[0.0, 0.0]]),
        (lambda: manual_bp.prod(np.array([0.0, 0.0, 3.0])), [[0.0, 0.0, 0.0]]),
        (lambda: manual_bp.pow(np.array(0.0), np.array(0.0)), [0.0, 0.0]),
        (lambda: manual_bp.pow(np.array(-2.0), np.array(3.0)), [12.0, np.nan]),
        (lambda: manual_bp.var(np.array([3.0])), [[np.nan]]),
        (lambda: manual_bp.logsumexp(np.array([-np.inf, -np.inf])), [[0.0, 0.0]]),
        (lambda: manual_bp.sqrt(np.array(0.0)), [np.inf]),
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value", "ignore:divide by zero")
def test_the_choice_is_the_one_that_the_docstring_says(call, gradients):
    _, vjp = call()
    for found, expected in zip(vjp(1.0), gradients, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_clip_lets_the_bounds_pass():
    _, vjp = manual_bp.clip(np.array([-1.0, 1.0, 2.0]), min=-1.0, max=1.0)
    np.testing.assert_array_equal(vjp(np.ones(3))[0], [1.0, 1.0, 0.0])


def test_a_python_number_is_an_array_of_shape_0():
    y, vjp = manual_bp.mul(ONES.astype(np.float32), 2.0)
    assert y.dtype == np.float32
    assert vjp(np.ones_like(y))[1] == 6.0


def test_sums_of_many_rows_round_no_more_than_those_of_few():
    x = np.random.default_rng(0).uniform(size=(5003, 3)).astype(np.float32)
    y, _ = manual_bp.sum(x, dim=0)
    np.testing.assert_allclose(y, x.astype(np.float64).sum(axis=0), rtol=4e-7)


@pytest.mark.parametrize("rows", [1, 7, 32, 33])  # a product with ones up to 32 entries
@pytest.mark.parametrize("dim", [0, 1])
def test_sums_of_few_are_those_of_many(rows, dim):
    x = np.random.default_rng(0).normal(size=(rows, rows)).astype(np.float32)
    y, _ = manual_bp.sum(x, dim=dim)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, x.astype(np.float64).sum(axis=dim), atol=4e-7 * rows)
    J, _ = manual_bp.mse_loss(x, np.zeros_like(x), reduction="sum")
    assert J.dtype == np.float32
    assert pytest.approx(np.sum(x.astype(np.float64) ** 2), rel=1e-6) == J


def test_numbers_that_are_handed_out_again_cannot_be_changed():
    for shared in (scalar(0.5, np.dtype(np.float32)), ones(3, np.dtype(np.float64))):
        assert not shared.flags.writeable
    _, vjp = manual_bp.sum(ONES, dim=0)
    assert vjp(np.ones(ONES.shape[1]))[0].flags.writeable


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda: manual_bp.add(ONES, np.ones((3, 2))), "do not broadcast"),
        (lambda: manual_bp.add(ONES, ONES, alpha="a"), "alpha must be a number"),
        (lambda: manual_bp.mul(ONES, ONES.astype(np.float32)), "must have one dtype"),
        (lambda: manual_bp.sum(ONES, dim=2), "dim must be an axis of an array of 2 axes"),
        (lambda: manual_bp.sum(ONES, dim=(0, 0)), "dim names an axis twice"),
        (lambda: manual_bp.sum(ONES, keepdim=1), "keepdim must be True or False"),
        (lambda: manual_bp.mean(np.ones((0, 2))), "needs at least one entry along axis 0"),
        (lambda: manual_bp.max(ONES, dim=(0, 1)), "dim must be an integer"),
        (lambda: manual_bp.norm(ONES, p=math.nan), "p must be finite"),
        (lambda: manual_bp.matmul(ONES, ONES), "last axis of x must be as long"),
        (lambda: manual_bp.matmul(np.array(1.0), ONES), "need an axis"),
        (lambda: manual_bp.einsum(ONES, ONES), "axes of one letter must have one size"),
        (lambda: manual_bp.einsum(ONES, ONES, equation="ij->i"), "must name two operands"),
        (lambda: manual_bp.einsum(ONES, ONES, equation="ij,ij->k"), "the result of equation"),
        (lambda: manual_bp.einsum(ONES, ONES, equation="i,ij->j"), "does not fit the axes of x"),
        (lambda: manual_bp.transpose(ONES, dim0=2), "dim0 must be an axis"),
        (lambda: manual_bp.reshape(ONES, shape=(4, 2)), "6 entries do not fit"),
        (lambda: manual_bp.reshape(ONES, shape=6), "shape must be a tuple of integers"),
        (lambda: manual_bp.concatenate(ONES), "tensors must be a tuple of arrays"),
        (lambda: manual_bp.concatenate(()), "at least one array"),
        (lambda: manual_bp.concatenate((ONES, np.ones((2, 4)))), "shapes may differ along axis 0 only"),
        (lambda: manual_bp.stack((ONES, np.ones((2, 4)))), "all arrays must have one shape"),
        (lambda: manual_bp.take(ONES, np.array([6])), r"index must lie in \[-6, 6\)"),
        (lambda: manual_bp.gather(ONES, np.array([[3]])), r"index must lie in \[0, 3\)"),
        (lambda: manual_bp.gather(ONES, np.zeros((3, 1), int)), "index may not be longer than x along axis 0"),
        (lambda: manual_bp.scatter_add(ONES, np.zeros((2, 4), int), ONES), "index may not be longer than src"),
        (lambda: manual_bp.where(ONES, ONES, ONES), "condition must be an array of truth values"),
        (lambda: manual_bp.clip(ONES), "needs a bound"),
        (lambda: manual_bp.pad(ONES, pad=(1,)), "two numbers for each"),
        (lambda: manual_bp.pad(ONES, pad=(3, 0), mode="reflect"), "can add 0 to 2"),
        (lambda: manual_bp.pad(ONES, pad=(-2, -2)), "cut off more than the 3 entries"),
        (lambda: manual_bp.pad(ONES, pad=(1, 1), mode="mirror"), "mode must be"),
        (lambda: manual_bp.cumsum(ONES)[1](np.ones(3)), "the cotangent must have the shape of the output"),
    ],
)
def test_bad_input_gets_one_sentence(call, part):
    with pytest.raises((ValueError, TypeError), match=part) as caught:
        call()
    assert "\n" not in str(caught.value)
