"""The numerical derivative against derivatives that are known otherwise, and its error against its real error."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcheck import report_vjp
from gradcheck.numerics import LADDER, differs_at, within
from gradcheck.numerics.kink import is_singular, kink_interval
from gradcheck.numerics.noise import measured_noise

EPS = np.finfo(float).eps

SMOOTH = [
    (math.exp, math.exp),
    (math.sin, math.cos),
    (math.atan, lambda x: 1 / (1 + x * x)),
    (lambda x: 1 / (1 + math.exp(-x)), lambda x: math.exp(-x) / (1 + math.exp(-x)) ** 2),
    (lambda x: math.sin(1e4 * x), lambda x: 1e4 * math.cos(1e4 * x)),
    (lambda x: x**3, lambda x: 3 * x * x),
    (lambda x: 7 * x, lambda x: 7.0),
]


def climbed(function, x):
    """Differentiate along x (1 + t), whose derivative is x f'(x)."""
    start = function(x)
    noise = EPS * (abs(start) + abs(x) * abs((function(x * (1 + 1e-6)) - start) / (x * 1e-6)))
    return LADDER.climb(lambda t: function(x * (1 + t)) - start, noise, EPS)


@pytest.mark.parametrize("pair", SMOOTH)
@pytest.mark.parametrize("x", [0.3, 1.7, -2.2])
def test_the_error_is_honest_and_small(pair, x):
    function, derivative = pair
    estimate = climbed(function, x)
    truth = x * derivative(x)
    assert abs(estimate.value - truth) <= 4 * estimate.error
    assert estimate.error <= 1e-8 * (abs(truth) + 1)


def test_the_ladder_recovers_below_a_nearby_kink():
    estimate = climbed(lambda x: max(x, 1.0), 1.01)
    assert estimate.value == pytest.approx(1.01, abs=1e-12)


def test_off_the_domain_there_is_no_estimate():
    estimate = LADDER.climb(lambda t: math.nan, 0.0, EPS)
    assert math.isnan(estimate.value)
    assert math.isinf(estimate.error)


def test_a_ladder_prints_itself():
    assert repr(LADDER) == "Ladder(first=0.125, ratio=2.0, rungs=44, depth=6, enough=0.0, leaps=True, straight=False)"


def test_noise_is_measured():
    rng = np.random.default_rng(0)
    noisy = [1e-9 * rng.normal() + 3 * k * 1e-12 for k in range(100)]
    found = [measured_noise(lambda t, k=k: noisy[k + round(t) + 4], 1.0) for k in range(80)]
    assert 0.3e-9 < np.median(found) < 3e-9


def test_kinks_are_told_from_curves():
    def rungs(function):
        return LADDER.settle(LADDER.climb(function, EPS, EPS).rungs, EPS, EPS).rungs

    low, high = kink_interval(rungs(abs), EPS)
    assert low == pytest.approx(-1)
    assert high == pytest.approx(1)
    assert kink_interval(rungs(math.expm1), EPS) is None
    assert kink_interval(rungs(lambda t: max(t - 0.01, 0)), EPS) is None
    assert is_singular(rungs(lambda t: math.sqrt(t) if t > 0 else math.nan), EPS)
    assert not is_singular(rungs(math.sin), EPS)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=True))
def test_nan_is_never_within(error, tolerance):
    assert within(error, tolerance) == (not math.isnan(tolerance) and error <= tolerance)
    assert not within(math.nan, tolerance)


def test_the_comparison_of_arrays_can_fail():
    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert differs_at(a, a, 0.0) is None
    assert differs_at(a + np.array([[0, 0], [1e-3, 0]]), a, 1e-4) == (1, 0)
    assert differs_at(np.array([np.nan]), np.array([0.0]), np.inf) == (0,)


def pair(forward, derivative):
    def op(x):
        def op_vjp(dy):
            return (derivative(x) * dy,)

        return forward(x), op_vjp

    return op


def float32_inside(x):
    return np.sin(x.astype(np.float32)).astype(np.float64)


@pytest.mark.parametrize(
    ("forward", "derivative", "x"),
    [
        (np.log, lambda x: 1 / x, np.array([1e-7, 1e-3, 2.0, 3e12])),
        (np.sqrt, lambda x: 0.5 / np.sqrt(x), np.array([1e-12, 1.0, 1e12])),
        (np.square, lambda x: 2 * x, np.array([1e150, 2e150])),
        (lambda x: 1e-7 * np.sin(x), lambda x: 1e-7 * np.cos(x), np.array([0.3, 2.0])),
        (lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0, np.array([0.0, 1.0, -2.0, 0.0])),
        (lambda x: np.maximum(x, 0), lambda x: (x >= 0) * 1.0, np.array([0.0, 1.0, -2.0, 0.0])),
        (np.abs, lambda x: np.sign(x), np.array([0.0, 1.0, -2.0])),
        (lambda x: x**3, lambda x: 3 * x**2, np.array([0.0, 1.0])),
        (lambda x: np.sin(1e3 * x), lambda x: 1e3 * np.cos(1e3 * x), np.array([0.4, 1.2])),
        (lambda x: (x - x.mean()) / x.std(), None, 1e8 + np.array([0.5, -1.0, 2.0, 1.0])),
    ],
)
def test_correct_backwards_at_awkward_points_are_not_rejected(forward, derivative, x):
    def standardise(x):
        centred, deviation = x - x.mean(), x.std()
        y = centred / deviation

        def standardise_vjp(dy):
            return ((dy - dy.mean() - y * (dy * y).mean()) / deviation,)

        return y, standardise_vjp

    op = standardise if derivative is None else pair(forward, derivative)
    assert report_vjp(op, x).verdict != "wrong"


@pytest.mark.parametrize("seed", range(25))
def test_a_forward_that_works_in_float32_inside_is_not_rejected(seed):
    def matmul32(a, b):
        left, right = a.astype(np.float32), b.astype(np.float32)

        def matmul32_vjp(dy):
            dy = dy.astype(np.float32)
            return (dy @ right.T).astype(np.float64), (left.T @ dy).astype(np.float64)

        return (left @ right).astype(np.float64), matmul32_vjp

    rng = np.random.default_rng(seed)
    report = report_vjp(pair(float32_inside, np.cos), rng.normal(size=4), seed=seed)
    assert report.verdict != "wrong", str(report)
    report = report_vjp(matmul32, rng.normal(size=(3, 4)), rng.normal(size=(4, 2)), seed=seed)
    assert report.verdict != "wrong", str(report)


@pytest.mark.parametrize("seed", range(10))
def test_several_kinks_beside_smooth_entries(seed):
    x = np.array([0.0, 6.0, 3.0, 7.0, -1.0])
    right = pair(lambda x: np.clip(x, 0, 6), lambda x: ((x > 0) & (x < 6)) * 1.0)
    assert report_vjp(right, x, seed=seed).verdict == "correct"
    wrong = pair(lambda x: np.clip(x, 0, 6), lambda x: ((x > 0) & (x < 6)) * 3.0)
    assert report_vjp(wrong, x, seed=seed).errors[0].index == (2,)


@pytest.mark.parametrize("x", [np.array([1.7e308, 1.0]), np.array([-700.0, 0.0, 700.0])])
def test_values_at_the_end_of_the_range_do_not_stop_the_check(x):
    report_vjp(pair(lambda x: x * 0.5, lambda x: 0.5 + 0 * x), x)
    report_vjp(pair(np.exp, np.exp), x)


@pytest.mark.parametrize(
    ("forward", "wrong", "x"),
    [
        (np.sqrt, lambda x: 1 / np.sqrt(x), np.array([1e12, 4e12])),
        (lambda x: np.maximum(x, 0), lambda x: 1.0 + 0 * x, np.array([-1.0, 2.0])),
        (lambda x: np.maximum(x, 0), lambda x: (x > 0) + 1.5 * (x == 0), np.array([0.0, 2.0])),
        (np.log, lambda x: 1 / (x + 1e-8), np.array([1e-7, 2.0])),
        (lambda x: x**3, lambda x: 3 * x**2 + 1e-3, np.array([0.0, 1.0])),
        (lambda x: np.sin(1e3 * x), lambda x: np.cos(1e3 * x), np.array([0.4, 1.2])),
    ],
)
def test_wrong_backwards_at_awkward_points_are_caught(forward, wrong, x):
    assert report_vjp(pair(forward, wrong), x).verdict == "wrong"


@pytest.mark.parametrize("x", [np.array([-1.0, -2.0]), np.zeros((0, 3)), np.array([-5.0])])
def test_a_point_that_shows_nothing_is_inconclusive(x):
    report = report_vjp(pair(lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.0), x)
    assert report.verdict == "inconclusive"
    assert "`x`" in str(report)


def test_the_floor_is_what_would_have_been_seen():
    x = np.linspace(0.5, 2.0, 30)
    floor = report_vjp(pair(np.sin, np.cos), x).floor["x"]
    assert floor < 1e-8
    assert report_vjp(pair(np.sin, lambda x: np.cos(x) * (1 + 3 * floor)), x).verdict == "wrong"
    assert report_vjp(pair(np.sin, lambda x: np.cos(x) * (1 + floor / 30)), x).verdict == "correct"


def test_one_entry_of_many_is_found_by_bisection():
    x = np.linspace(0.5, 2.0, 5000)

    def wrong(x):
        d = np.cos(x)
        d[4321] *= 1.001
        return d

    report = report_vjp(pair(np.sin, wrong), x)
    assert report.errors[0].index == (4321,)
    assert report.forwards < 664  # of which irregular steps take 96, and digits 72


def test_where_all_entries_are_wrong_the_loudest_is_named_without_halving():
    x = np.linspace(0.5, 2.0, 5000)
    asked = []

    def wrong(x):
        def wrong_vjp(dy):
            asked.append(1.001 * dy * np.cos(x))
            return (asked[-1],)

        return np.sin(x), wrong_vjp

    report = report_vjp(wrong, x)
    assert report.errors[0].index == (int(np.argmax(np.abs(asked[0] * x))),)
    assert report.forwards < 604  # likewise


def test_two_wrong_arguments_are_both_named():
    def weighted(x, w, b):
        def weighted_vjp(dy):
            return 2 * dy * w, dy * x, -dy

        return x * w + b, weighted_vjp

    x = np.array([1.0, -2.0])
    report = report_vjp(weighted, x, x + 0.5, x - 0.25)
    assert {finding.argument for finding in report.errors} == {"x", "b"}
    by_name = {finding.argument: finding for finding in report.errors}
    assert by_name["x"].claimed / by_name["x"].expected == pytest.approx(2)
    assert by_name["b"].claimed / by_name["b"].expected == pytest.approx(-1)
