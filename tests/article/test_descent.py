"""The cost falls: one step for every small enough learning rate, and all the way on real data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import manual_bp


@st.composite
def networks(draw):
    i, h, o, m = (draw(st.integers(1, 6)) for _ in range(4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    parameters = manual_bp.initial_parameters((i, h, o), seed=draw(st.integers(0, 1000)))
    return parameters, (rng.normal(size=(i, m)), rng.uniform(size=(o, m)))


def steps_from(cost, parameters, data):
    """The cost before, the squared length of the gradient, and the cost after a step at any learning rate."""
    before, vjp = cost(*parameters, *data)
    gradients = vjp(1.0)[: len(parameters)]

    def after(rate):
        return cost(*manual_bp.gradient_step(parameters, gradients, rate), *data)[0]

    return before, sum(float(np.sum(g * g)) for g in gradients), after


@given(networks())
def test_every_small_enough_learning_rate_lowers_the_cost(network):
    """Below some rate every rate lowers the cost, and by what the gradient promises: rate times |g|^2."""
    parameters, data = network
    before, squared, after = steps_from(manual_bp.two_layer, parameters, data)
    rates = [2.0**-k for k in range(12)]
    visible = [rate for rate in rates if rate * squared > 1e-10 * before]
    lowered = [after(rate) < before for rate in visible]
    if len(visible) > 6:
        assert all(lowered[-6:]), lowered
        smallest = visible[-1]
        assert (before - after(smallest)) / (smallest * squared) == pytest.approx(1, rel=0.05)


@given(networks())
def test_a_step_along_the_gradient_raises_the_cost(network):
    parameters, data = network
    before, vjp = manual_bp.two_layer(*parameters, *data)
    gradients = vjp(1.0)[:4]
    squared = sum(float(np.sum(g * g)) for g in gradients)
    uphill = tuple(p + 1e-3 * g for p, g in zip(parameters, gradients, strict=True))
    if 1e-3 * squared > 1e-10 * before:
        assert manual_bp.two_layer(*uphill, *data)[0] > before


def test_training_on_real_data_never_raises_the_cost():
    sklearn_datasets = pytest.importorskip("sklearn.datasets")
    data = sklearn_datasets.load_diabetes(scaled=False)
    X = ((data.data - data.data.mean(axis=0)) / data.data.std(axis=0)).T
    Y = ((data.target - data.target.min()) / np.ptp(data.target))[np.newaxis, :]
    for op, sizes in ((manual_bp.perceptron, (10, 1)), (manual_bp.two_layer, (10, 5, 1))):
        start = manual_bp.initial_parameters(sizes, seed=0)
        run = manual_bp.gradient_descent(op, start, (X, Y), learning_rate=1.0, steps=500)
        assert len(run.costs) == 501
        assert all(later < earlier for earlier, later in zip(run.costs, run.costs[1:], strict=False))
        variance = float(Y.var())
        assert run.costs[-1] < 0.6 * variance, "better than predicting the mean"


def test_the_listing_does_not_train():
    """With the article's gradient the same run does not reach what the right gradient reaches."""
    from .listing import article_listing

    rng = np.random.default_rng(3)
    X, Y = rng.normal(size=(3, 50)), rng.uniform(size=(3, 50))
    start = manual_bp.initial_parameters((3, 3, 3), seed=1)

    def last(op):
        return manual_bp.gradient_descent(op, start, (X, Y), learning_rate=0.02, steps=200).costs[-1]

    assert last(manual_bp.two_layer) < last(article_listing)
