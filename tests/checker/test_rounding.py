"""What is rounding and what is wrong: read off float32, extended precision, the last bits, the complex plane."""

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.numerics import LADDER, QUICK

pytestmark = pytest.mark.usefixtures("unexplained")


def op_of(forward, derivative):
    def op(x):
        def op_vjp(dy):
            return (dy * derivative(x),)

        return forward(x), op_vjp

    return op


def in_float32(function):
    def narrowed(x):
        return function(np.asarray(x).astype(np.float32)).astype(np.float64)

    return narrowed


@pytest.mark.parametrize(("forward", "derivative"), [(np.exp, np.exp), (np.sin, np.cos), (np.square, lambda x: 2 * x)])
def test_a_forward_that_works_in_float32_inside_is_not_rejected(forward, derivative):
    for seed in range(5):
        x = np.random.default_rng(seed).normal(size=(2, 3))
        report = report_vjp(op_of(in_float32(forward), derivative), x, seed=seed)
        assert report.verdict == "correct", str(report)
        wrong = report_vjp(op_of(in_float32(forward), lambda x: 1.01 * derivative(x)), x, seed=seed)
        assert wrong.verdict == "wrong"


@pytest.mark.parametrize("seed", range(12))
def test_at_zeros_tangents_of_few_digits_are_not_rounded_in_float32(seed):
    """At 0 the rounding of ``t v`` scales with t, so no step shows it; a tangent that float32 can hold has none."""
    op = op_of(in_float32(np.tanh), lambda x: 1 - np.tanh(x) ** 2)
    assert report_vjp(op, np.zeros((1, 2)), seed=seed).verdict != "wrong"


def half_tanh(x):
    return x * (1 + np.tanh(x)) / 2


def half_tanh_derivative(x):
    return (1 + np.tanh(x)) / 2 + x * (1 - np.tanh(x) ** 2) / 2


@pytest.mark.parametrize("x", np.linspace(-19.5, -5.0, 60))
def test_lost_digits_of_a_saturated_forward_are_nobodys_mistake(x):
    assert report_vjp(op_of(half_tanh, half_tanh_derivative), np.array([x])).verdict != "wrong"


@pytest.mark.parametrize("x", [-4.0, -1.0, 2.0])
def test_and_a_mistake_is_seen_where_digits_are_left(x):
    wrong = op_of(half_tanh, lambda x: 1.001 * half_tanh_derivative(x))
    assert report_vjp(wrong, np.array([x])).verdict == "wrong"


def one_key_attention(q, k, v):
    """Softmax over a single key is 1: the gradients of q and k are zero but for rounding."""
    scores = q @ k.T
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)

    def one_key_attention_vjp(dy):
        dweights = dy @ v.T
        dscores = weights * (dweights - (dweights * weights).sum(axis=1, keepdims=True))
        return dscores @ k, dscores.T @ q, weights.T @ dy

    return weights @ v, one_key_attention_vjp


def test_a_gradient_that_cancels_to_rounding_is_not_accused():
    for seed in range(10):
        rng = np.random.default_rng(seed)
        inputs = [np.round(rng.normal(size=size), 2) for size in ((5, 4), (1, 4), (1, 4))]
        assert report_vjp(one_key_attention, *inputs, seed=seed).verdict != "wrong"


def test_the_complex_step_sharpens_what_differences_leave_blunt():
    def beside_a_large_constant(x):
        y = np.sum(np.exp(x) + 1e7)

        def beside_vjp(dy):
            return (dy * np.exp(x),)

        return y, beside_vjp

    def in_reals_only(x):
        y, vjp = beside_a_large_constant(np.asarray(x, np.float64) if np.isrealobj(x) else np.abs(x))
        return y, vjp

    x = np.array([0.5, -1.0, 2.0])
    assert report_vjp(beside_a_large_constant, x).worst_floor < report_vjp(in_reals_only, x).worst_floor / 20


def test_narrow_structure_is_seen_at_small_steps():
    def steep(x):
        return np.tanh(1e5 * x)

    report = report_vjp(op_of(steep, lambda x: 1e5 / np.cosh(1e5 * x) ** 2), np.array([3e-6, 1.0]))
    assert report.verdict != "wrong", str(report)
    doubled = report_vjp(op_of(steep, lambda x: 2e5 / np.cosh(1e5 * x) ** 2), np.array([3e-6, -2e-6]))
    assert doubled.verdict == "wrong"


@pytest.mark.parametrize("count", [3, 4, 6])
def test_the_middle_of_tied_values_may_be_any_of_them(count):
    def median(x):
        middle = np.argsort(x, kind="stable")[len(x) // 2]

        def median_vjp(dy):
            dx = np.zeros_like(x)
            dx[middle] = dy
            return (dx,)

        return x[middle] + 0.0, median_vjp

    def twice(x):
        y, vjp = median(x)
        return y, lambda dy: (2 * vjp(dy)[0],)

    for seed in range(3):
        assert report_vjp(median, np.ones(count), seed=seed).verdict != "wrong"
        assert report_vjp(twice, np.ones(count), seed=seed).verdict != "correct"


def test_rounding_inside_a_backward_that_no_dtype_explains_is_wrong():
    def double(x):
        def double_vjp(dy):
            return (2 * (np.ascontiguousarray(dy).view(np.int64) & ~0xFFFFFFFFFFF).view(np.float64),)

        return 2 * x, double_vjp

    assert report_case(Case(double, "(n)->(n)"), examples=10).verdict == "wrong"


def test_the_ladders_print_themselves():
    assert "first=0.001953125" in repr(QUICK)
    assert "first=0.125" in repr(LADDER)


def float32_case(derivative):
    def expm1(x):
        y = np.expm1(x)

        def expm1_vjp(dy):
            return (dy * derivative(x, y),)

        return y, expm1_vjp

    return Case(expm1, "(n)->(n)", dtype="float32")


def test_digits_that_a_narrow_backward_loses_by_cancellation_are_said():
    """Below -17 ``y + 1`` is 0 in float32, 100 % off; beside other entries no direction shows it."""
    for seed in range(3):
        losing = report_case(float32_case(lambda x, y: y + 1), seed=seed)
        assert sum("of `x` loses digits" in remark for remark in losing.remarks) == 1, str(losing)
        keeping = report_case(float32_case(lambda x, y: np.exp(x)), seed=seed)
        assert not any("of `x` loses digits" in remark for remark in keeping.remarks), str(keeping)


@pytest.mark.parametrize("size", [1e-18, 1e-30])
def test_a_gradient_below_the_rounding_of_its_cotangent_is_judged_where_the_forward_keeps_its_digits(size):
    x = np.array([0.5, -1.2, 2.0])
    for seed in range(3):
        right = op_of(lambda x: size * x * x, lambda x: 2 * size * x)
        assert report_vjp(right, x, seed=seed).verdict == "correct"
        doubled = op_of(lambda x: size * x * x, lambda x: 4 * size * x)
        assert report_vjp(doubled, x, seed=seed).verdict == "wrong"
