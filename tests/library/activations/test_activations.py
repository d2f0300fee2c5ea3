"""Activations: what the gate does not ask. Subgradients at kinks, far ends, bad input."""

import numpy as np
import pytest

import manual_bp


@pytest.mark.parametrize(
    ("name", "options", "at", "slopes"),
    [
        ("leaky_relu", {"negative_slope": 0.25}, [0.0], [0.25]),
        ("elu", {"alpha": 0.5}, [0.0], [0.5]),
        ("hardtanh", {}, [-1.0, 1.0], [0.0, 0.0]),
        ("hardsigmoid", {}, [-3.0, 3.0], [0.0, 0.0]),
    ],
)
def test_the_subgradient_at_a_kink_is_the_one_that_the_docstring_says(name, options, at, slopes):
    _, vjp = getattr(manual_bp, name)(np.array(at), **options)
    np.testing.assert_array_equal(vjp(np.ones(len(at)))[0], slopes)


@pytest.mark.parametrize(
    "name", ["elu", "softplus", "silu", "gelu", "mish", "log_sigmoid", "log_softmax", "hardsigmoid"]
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_overflows_at_the_ends(name, dtype):
    x = np.array([-1e4, -100.0, 0.0, 100.0, 1e4], dtype)
    with np.errstate(all="raise", under="ignore"):
        y, vjp = getattr(manual_bp, name)(x)
        assert np.isfinite(y).all()
        assert np.isfinite(vjp(np.ones_like(x))[0]).all()


def test_the_slope_of_hardsigmoid_is_a_sixth_in_float64():
    _, vjp = manual_bp.hardsigmoid(np.zeros(1))
    assert vjp(np.ones(1))[0][0] == 1 / 6


@pytest.mark.parametrize(
    ("call", "part"),
    [
        (lambda: manual_bp.leaky_relu(np.ones(2), negative_slope="a"), "negative_slope must be a number"),
        (lambda: manual_bp.elu(np.ones(2), alpha=np.nan), "alpha must be finite"),
        (lambda: manual_bp.softplus(np.ones(2), beta=0.0), "beta must be finite and above 0"),
        (lambda: manual_bp.gelu(np.ones(2), approximate="exact"), "approximate must be 'none' or 'tanh'"),
        (lambda: manual_bp.hardtanh(np.ones(2), min_val=1.0), "min_val must be below max_val"),
        (lambda: manual_bp.log_softmax(np.ones(2), dim=1), "dim must be an axis of an array of 1 axes"),
        (lambda: manual_bp.softmax(np.ones(2), dim=0.5), "dim must be an integer"),
        (lambda: manual_bp.softmax(np.ones((2, 0))), "needs at least one entry along axis 1"),
        (lambda: manual_bp.glu(np.ones((2, 3))), "even number of entries along axis 1"),
        (lambda: manual_bp.swiglu(np.ones(2), np.ones(3)), "must have one shape"),
        (lambda: manual_bp.silu(np.ones(2))[1](np.ones(3)), "the cotangent must have the shape of the output"),
    ],
)
def test_bad_input_gets_one_sentence(call, part):
    with pytest.raises((ValueError, TypeError), match=part) as caught:
        call()
    assert "\n" not in str(caught.value)
