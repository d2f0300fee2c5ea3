"""reference: the same names as manual_bp, and training that takes the same path."""

import math

import numpy as np
import pytest
import torch

import manual_bp
import reference
from tests.library_cases.networks import NO_OPS


def test_the_same_public_names():
    """Of all ops; what trains them has its witness in torch.optim (tests/library/training)."""
    assert set(reference.__all__) <= set(manual_bp.__all__)
    assert set(manual_bp.__all__) - NO_OPS <= set(reference.__all__)


def test_both_train_along_the_same_path():
    rng = np.random.default_rng(0)
    X, Y = rng.normal(size=(4, 20)), rng.uniform(size=(2, 20))
    start = manual_bp.initial_parameters((4, 3, 2), seed=1)
    mine = manual_bp.gradient_descent(manual_bp.two_layer, start, (X, Y), learning_rate=1.0, steps=100)
    twins = reference.gradient_descent(
        reference.two_layer,
        tuple(map(torch.from_numpy, start)),
        (torch.from_numpy(X), torch.from_numpy(Y)),
        learning_rate=1.0,
        steps=100,
    )
    np.testing.assert_allclose(mine.costs, twins.costs, rtol=1e-11)
    for a, b in zip(mine.parameters, twins.parameters, strict=True):
        np.testing.assert_allclose(a, b.detach().numpy(), rtol=1e-9)


def test_the_update_is_the_same():
    theta, gradient = np.array([1.0, 2.0]), np.array([0.5, -0.5])
    (mine,) = manual_bp.gradient_step((theta,), (gradient,), 0.3)
    (twins,) = reference.gradient_step((torch.from_numpy(theta),), (torch.from_numpy(gradient),), 0.3)
    np.testing.assert_allclose(mine, twins.detach().numpy(), rtol=1e-15)


def test_a_cost_that_is_not_finite_stops_both():
    huge = torch.tensor([1e200], dtype=torch.float64)
    with pytest.raises(reference.NonFiniteCostError):
        reference.gradient_descent(lambda x: (x * x).sum(), (huge,), learning_rate=1.0, steps=3)


def test_initial_parameters_have_the_same_shapes_and_bounds():
    mine = manual_bp.initial_parameters((30, 20, 10), seed=0)
    twins = reference.initial_parameters((30, 20, 10), seed=0)
    assert [p.shape for p in mine] == [tuple(p.shape) for p in twins]
    for p, fan in ((twins[0], 50), (twins[2], 30)):
        assert 0.9 * math.sqrt(6 / fan) < float(p.abs().max()) <= math.sqrt(6 / fan)
