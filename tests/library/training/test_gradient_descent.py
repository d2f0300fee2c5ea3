import math

import numpy as np
import pytest

import manual_bp


def bowl(theta):
    """Half the squared length of theta; its gradient is theta."""

    def bowl_vjp(dJ):
        return (dJ * theta,)

    return 0.5 * np.sum(theta * theta), bowl_vjp


def test_the_update_rule():
    (updated,) = manual_bp.gradient_step((np.array([1.0, -2.0]),), (np.array([0.5, 4.0]),), 0.25)
    np.testing.assert_array_equal(updated, [0.875, -3.0])


def test_the_update_leaves_its_inputs_alone_and_keeps_the_dtype():
    theta, gradient = np.ones(3, np.float32), np.ones(3, np.float32)
    (updated,) = manual_bp.gradient_step((theta,), (gradient,), 0.5)
    assert updated.dtype == np.float32
    np.testing.assert_array_equal(theta, 1)
    assert not np.shares_memory(updated, theta)


def test_the_fit_loop_reports_the_cost_at_each_step():
    seen = []
    run = manual_bp.gradient_descent(
        bowl, (np.array([2.0]),), learning_rate=0.5, steps=3, on_step=lambda step, cost: seen.append((step, cost))
    )
    assert run.costs == (2.0, 0.5, 0.125, 0.03125)
    assert seen == list(enumerate(run.costs))
    np.testing.assert_array_equal(run.parameters[0], [0.25])


def test_no_steps_report_the_cost_as_it_is():
    assert manual_bp.gradient_descent(bowl, (np.array([2.0]),), steps=0).costs == (2.0,)


def test_a_cost_that_is_not_finite_stops_the_run_with_a_sentence():
    with np.errstate(all="ignore"), pytest.raises(manual_bp.NonFiniteCostError) as caught:
        manual_bp.gradient_descent(bowl, (np.array([1e200]),), learning_rate=1e100, steps=10)
    message = str(caught.value)
    assert "1e+100" in message
    assert "\n" not in message
    assert isinstance(caught.value, ArithmeticError)


@pytest.mark.parametrize("rate", [0.0, -1.0, math.nan, math.inf])
def test_a_learning_rate_is_finite_and_positive(rate):
    with pytest.raises(ValueError, match="learning"):
        manual_bp.gradient_step((np.ones(2),), (np.ones(2),), rate)


@pytest.mark.parametrize(
    "gradients", [(np.ones(2), np.ones(2)), (np.ones(3),), (None,), ()], ids=["many", "shape", "none", "few"]
)
def test_gradients_that_do_not_fit_are_refused(gradients):
    with pytest.raises((ValueError, TypeError)) as caught:
        manual_bp.gradient_step((np.ones(2),), gradients, 0.1)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("steps", [-1, 2.5])
def test_steps_are_counted(steps):
    with pytest.raises((ValueError, TypeError), match="steps"):
        manual_bp.gradient_descent(bowl, (np.ones(2),), steps=steps)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_initial_parameters(dtype):
    parameters = manual_bp.initial_parameters((30, 20, 10), seed=4, dtype=dtype)
    assert [p.shape for p in parameters] == [(20, 30), (20, 1), (10, 20), (10, 1)]
    assert all(p.dtype == dtype for p in parameters)
    bound = math.sqrt(6 / 50)
    assert 0.9 * bound < abs(parameters[0]).max() <= bound
    assert not parameters[1].any()
    again = manual_bp.initial_parameters((30, 20, 10), seed=4, dtype=dtype)
    assert all(np.array_equal(a, b) for a, b in zip(parameters, again, strict=True))
    other = manual_bp.initial_parameters((30, 20, 10), seed=5, dtype=dtype)
    assert not np.array_equal(parameters[0], other[0])


@pytest.mark.parametrize("sizes", [(3,), (), (3, 0), (3, -1), (3, 2.5)])
def test_sizes_that_make_no_network_are_refused(sizes):
    with pytest.raises((ValueError, TypeError)):
        manual_bp.initial_parameters(sizes, seed=0)
