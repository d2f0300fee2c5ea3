"""How small an error is suspected: quick ladders, likely rounding, and what a suspicion may cost a right op."""

import numpy as np
import pytest

import manual_bp
from gradcheck import report_vjp
from gradcheck.numerics import QUICK, Line, Point, draw_direction
from tests.witnesses.test_cost import network

pytestmark = pytest.mark.usefixtures("unexplained")

EPS = np.finfo(float).eps


def quick(slope):
    """The quick ladder's estimate of a function with this even slope, which is 1 at 0."""
    return QUICK.climb(lambda t: t * slope(t), EPS, EPS, QUICK.enough)


@pytest.mark.parametrize("bend", [0.5, 2.0, 4.0])
def test_a_coefficient_that_vanishes_does_not_look_like_convergence(bend):
    estimate = quick(lambda t: 1 + bend * t**2 + 8 * bend**3 * t**6)
    assert abs(estimate.value - 1) <= 4 * estimate.error


def test_a_slope_far_beyond_the_claim_is_no_overflow():
    estimate = QUICK.climb(lambda t: 1e200 * t * (1 + t**2), EPS, EPS, 1e-10 * QUICK.enough)
    assert estimate.value == pytest.approx(1e200)


def test_a_slope_that_meets_the_claim_settles_a_ladder_of_two_rungs():
    def change(step):
        return np.sin(step)

    met = QUICK.climb(change, EPS, EPS, QUICK.enough, lambda estimate: abs(estimate.value - 1) <= estimate.error)
    assert len(met.rungs) == 2
    assert abs(met.value - 1) <= met.error < 1e-11
    missed = QUICK.climb(change, EPS, EPS, QUICK.enough, lambda estimate: abs(estimate.value - 2) <= estimate.error)
    assert len(missed.rungs) > 2
    assert missed.rungs[0].step == 2 * met.rungs[0].step, "the third is a larger step, where rounding weighs less"
    assert abs(missed.value - 1) <= 4 * missed.error


def test_entries_contribute_alike_within_what_they_may_be_scaled_by():
    rng = np.random.default_rng(0)
    x, g = rng.normal(size=(30, 30)), rng.normal(size=(30, 30)) * 10.0 ** rng.uniform(-2, 2, (30, 30))
    direction = draw_direction(rng, (x,), (g,))
    (tangent,), before = direction.tangents, np.abs(g * x)
    contributions = g * tangent
    assert (contributions > 0).all()
    assert direction.size == pytest.approx(contributions.sum())
    assert contributions.max() / np.median(contributions) < before.max() / np.median(before) / 8
    assert np.abs(tangent / x).max() < 1.6
    assert np.abs(tangent / x).min() > 0.5 / 64
    (share,), (factor,) = direction.shares, direction.factors
    assert 0.5 < share / factor / before.sum() < 1.5, "the factor gives back the share of unscaled moves"


@pytest.mark.parametrize("seed", range(3))
def test_tanh_whose_coefficients_cancel_is_no_suspect(seed):
    x = np.random.default_rng(0).normal(size=(40, 25))
    assert report_vjp(manual_bp.tanh, x, seed=seed).forwards <= 12


def test_independent_roundings_add_up_like_a_random_walk():
    x = np.linspace(1.0, 2.0, 10_000)
    point = Point((x,), (x,), lambda inputs: tuple(inputs), lambda cotangents, _: tuple(cotangents))
    line = Line(point, [np.ones_like(x)], [x])
    shares, norms = [float(x @ x)], [float(np.sqrt(np.sum(x**4)))]
    worst, likely = line.noise(shares, [1.0]), line.likely_noise(norms, [1.0])
    assert likely == pytest.approx(EPS * np.hypot(np.linalg.norm(x), norms[0]))
    assert 50 * likely < worst


def test_squares_beyond_the_range_of_floats_do_not_hide_the_noise():
    x = np.array([1e180, 1e180])
    line = Line(Point((x,), (x,), lambda inputs: tuple(inputs), lambda u, _: tuple(u)), [np.ones(2)], [None])
    with np.errstate(over="ignore"):  # as during a check
        assert line.likely_noise([0.0], [1.0]) == pytest.approx(2e180 * EPS)


@pytest.mark.parametrize("seed", range(3))
def test_an_error_of_1e_7_in_one_of_a_thousand_weights_is_caught(seed):
    inputs = network(32, 8, seed)

    def bent(W1, B1, W2, B2, X, Y):
        J, vjp = manual_bp.two_layer(W1, B1, W2, B2, X, Y)

        def bent_vjp(dJ):
            dW1, *others = vjp(dJ)
            shares = np.abs(dW1 * W1)
            entry = np.unravel_index(np.argsort(shares, axis=None)[dW1.size // 2], dW1.shape)  # the median one
            dW1[entry] *= 1 + 1e-7
            return dW1, *others

        return J, bent_vjp

    right = report_vjp(manual_bp.two_layer, *inputs, seed=seed)
    assert right.verdict == "correct"
    assert right.worst_floor < 5e-11
    wrong = report_vjp(bent, *inputs, seed=seed)
    assert wrong.verdict == "wrong"
    assert wrong.errors[0].argument == "W1"


def one_wrong_entry(forward, backward, entry):
    def op(x, w):
        y, vjp = forward(x, w), backward(x, w)

        def op_vjp(dy):
            dx, dw = vjp(dy)
            dx.reshape(-1)[entry] *= 1 + 1e-7
            return dx, dw

        return y, op_vjp

    return op


@pytest.mark.parametrize("seed", range(3))
def test_an_entry_that_by_itself_is_lost_in_the_outputs_is_found_by_what_is_left_without_it(seed):
    x = np.random.default_rng(0).normal(size=(40, 25))
    entry = 519
    share = abs(x.flat[entry]) ** 3 / (np.abs(x) ** 3).sum()
    assert share < 3e-6

    def cube(x):
        def cube_vjp(dy):
            dx = 3 * x**2 * dy
            dx.flat[entry] *= 1 + 4e-7
            return (dx,)

        return x**3, cube_vjp

    report = report_vjp(cube, x, seed=seed)
    assert report.verdict == "wrong"
    assert report.errors[0].index == np.unravel_index(entry, x.shape)
    assert report.errors[0].claimed / report.errors[0].expected - 1 == pytest.approx(4e-7, rel=0.3)


@pytest.mark.parametrize("seed", range(3))
def test_a_claim_that_cancels_is_no_kink(seed):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(40, 25)), rng.normal(size=(25, 6)) / 5

    def product(x, w):
        return x @ w

    def backward(x, w):
        return lambda dy: (dy @ w.T, x.T @ dy)

    op = one_wrong_entry(product, backward, 603)  # dy @ w.T cancels there: claims nearby differ by a thousandth
    assert report_vjp(op, x, w, seed=seed).verdict == "wrong"
