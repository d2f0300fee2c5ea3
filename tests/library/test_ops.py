"""manual_bp: values, dtypes, shapes and errors. Gradients are the gate's business (see cases.py)."""

import math

import numpy as np
import pytest

import manual_bp
from gradcheck import Case, Integers, check_case

OPS = ["sigmoid", "tanh", "relu", "linear", "affine", "mse", "softmax", "cross_entropy", "perceptron", "two_layer"]
DOMAINS = {"cross_entropy": {"labels": Integers(0, "c")}}


@pytest.mark.parametrize("name", OPS)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_every_backward_is_proved_against_finite_differences(name, dtype):
    check_case(Case(getattr(manual_bp, name), domains=DOMAINS.get(name), dtype=dtype), examples=60, seed=11)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "softmax"])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3, 4), (0, 3)])
def test_elementwise_ops_take_any_shape(name, shape):
    if name == "softmax" and not shape:
        with pytest.raises(ValueError, match="softmax"):
            manual_bp.softmax(np.array(1.0))
        return
    x = np.linspace(-2, 2, max(1, math.prod(shape)))[: math.prod(shape)].reshape(shape)
    y, vjp = getattr(manual_bp, name)(x)
    assert np.shape(y) == shape
    assert np.shape(vjp(np.ones(shape))[0]) == shape


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_overflows_at_the_ends(dtype):
    x = np.array([-1e4, -100.0, 0.0, 100.0, 1e4], dtype)
    with np.errstate(all="raise", under="ignore"):
        y, vjp = manual_bp.sigmoid(x)
        assert y[0] == 0
        assert y[-1] == 1
        assert y[2] == 0.5
        assert np.isfinite(vjp(np.ones_like(x))[0]).all()
        p, _ = manual_bp.softmax(x[None])
        assert p.sum() == pytest.approx(1)
        J, vjp = manual_bp.cross_entropy(x[None], np.array([0]))
        assert pytest.approx(2e4) == J
        assert np.isfinite(vjp(1.0)[0]).all()


def test_known_values():
    assert manual_bp.sigmoid(np.array([math.log(3)]))[0] == pytest.approx([0.75])
    J, vjp = manual_bp.mse(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 0.0], [0.0, 0.0]]))
    assert J == 15, "1 + 4 + 9 + 16 over two samples"
    np.testing.assert_array_equal(vjp(1.0)[0], [[1.0, 2.0], [3.0, 4.0]])
    J, _ = manual_bp.cross_entropy(np.zeros((4, 10)), np.arange(4))
    assert pytest.approx(math.log(10)) == J


def test_relu_returns_the_subgradient_0_at_0():
    _, vjp = manual_bp.relu(np.array([-1.0, 0.0, 1.0]))
    np.testing.assert_array_equal(vjp(np.ones(3))[0], [0, 0, 1])


@pytest.mark.parametrize("name", OPS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_cost_and_every_gradient_keep_the_dtype(name, dtype):
    from gradcheck.generation import Example, draw_inputs

    case = Case(getattr(manual_bp, name), domains=DOMAINS.get(name), dtype=np.dtype(dtype).name)
    inputs = draw_inputs(case, Example(dict.fromkeys(case.parsed.names, 3), seed=5))
    y, vjp = getattr(manual_bp, name)(*inputs)
    assert y.dtype == dtype
    for dy in (np.ones_like(y), np.asarray(np.ones_like(y), np.float64), 1.0 if y.ndim == 0 else np.ones_like(y)):
        for gradient, x in zip(vjp(dy), inputs, strict=True):
            assert (gradient is None) == (x.dtype.kind != "f")
            assert gradient is None or (gradient.dtype == dtype and gradient.shape == x.shape)


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda: manual_bp.affine(np.ones((3, 4)), np.ones((5, 2)), np.ones((3, 1))), "affine"),
        (lambda: manual_bp.affine(np.ones((3, 4)), np.ones((4, 2)), np.ones(3)), "B"),
        (lambda: manual_bp.linear(np.ones((2, 3)), np.ones((4, 5)), np.ones(4)), "linear"),
        (lambda: manual_bp.mse(np.ones((2, 3)), np.ones((3, 2))), "mse"),
        (lambda: manual_bp.mse(np.ones((2, 0)), np.ones((2, 0))), "sample"),
        (lambda: manual_bp.sigmoid(np.array([1, 2])), "int64"),
        (lambda: manual_bp.sigmoid([1.0, 2.0]), "list"),
        (lambda: manual_bp.sigmoid(np.array(["a"])), "sigmoid"),
        (lambda: manual_bp.cross_entropy(np.ones((2, 3)), np.array([0, 3])), "3"),
        (lambda: manual_bp.cross_entropy(np.ones((2, 3)), np.array([0, -1])), "-1"),
        (lambda: manual_bp.cross_entropy(np.ones((2, 3)), np.array([0.0, 1.0])), "labels"),
        (lambda: manual_bp.linear(np.ones((2, 3), np.float32), np.ones((4, 3)), np.ones(4)), "float32"),
        (lambda: manual_bp.two_layer(*[np.ones((2, 2))] * 6), "B1"),
        (lambda: manual_bp.sigmoid(np.ones(3))[1](np.ones(4)), "shape"),
    ],
)
def test_bad_input_gets_one_sentence(call, part):
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)
