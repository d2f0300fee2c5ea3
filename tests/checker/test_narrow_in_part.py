"""Ops of which only a part computes in float16: their digits are read of each input's own contribution."""

from __future__ import annotations

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.numerics.digits import kept_digits

pytestmark = pytest.mark.usefixtures("unexplained")


def _half(x):
    return x.astype(np.float16).astype(x.dtype)


def residual(x, *, factor=1.0):
    """x + tanh(x) with tanh, and the backward of it, in float16."""
    t = np.tanh(_half(x))
    return x + _half(t), lambda dy: (factor * (dy + _half(_half(dy) * _half(1 - t * t))),)


def bias(x, b, *, factor=1.0):
    """x * x + b with b, and its gradient, in float16: beside a large x nothing of its rounding shows."""
    return x * x + _half(b), lambda dy: (2 * x * dy, factor * _half(dy.sum(axis=0)))


def branch(x, *, factor=1.0):
    """Float16 on one side of zero only."""
    t = np.tanh(_half(x))
    slope = np.where(x > 0, 1, 1 - t * t)
    return np.where(x > 0, x, _half(t)), lambda dy: (factor * np.where(x > 0, dy, _half(_half(dy) * slope)),)


AT = [
    (residual, (np.array([0.13]),)),
    (residual, (np.array([-0.97]),)),
    (bias, (np.array([[90.0]]), np.array([0.3]))),
    (branch, (np.array([0.0, -0.4]),)),
    (branch, (np.array([0.0]),)),
    (residual, (np.array([3e-9]),)),
]


@pytest.mark.parametrize(("op", "at"), AT)
@pytest.mark.parametrize("seed", range(3))
def test_a_part_in_float16_is_not_accused(op, at, seed):
    report = report_vjp(op, *at, seed=seed)
    assert report.verdict != "wrong", str(report)


@pytest.mark.parametrize("op", [residual, branch])
def test_a_case_of_it_is_not_accused_at_any_example(op):
    report = report_case(Case(op, "(n)->(n)"), examples=25)
    assert report.verdict != "wrong", str(report)


@pytest.mark.parametrize("op", [residual, branch])
def test_what_is_twice_as_large_is_wrong_all_the_same(op):
    report = report_case(Case(lambda x: op(x, factor=2.0), "(n)->(n)"), examples=25)
    assert report.verdict == "wrong"
    assert report.errors[0].code == "GC301"


def test_a_gradient_that_is_not_a_number_at_any_cotangent_is_wrong_all_the_same():
    """Only what a smaller cotangent mends has left the range of float16."""
    report = report_vjp(lambda x: (residual(x)[0], lambda dy: (dy * np.nan,)), np.array([0.3, 0.7]))
    assert [finding.code for finding in report.errors] == ["GC107"]


def test_a_gradient_beyond_the_range_of_float16_is_not_accused():
    def op(x):
        t = np.tanh(_half(x))
        return 1e4 * x + _half(t), lambda dy: (dy * 1e4 + (_half(dy * 1e5) - _half(dy * 1e5)) + dy * (1 - t * t),)

    reports = [report_vjp(op, np.array([0.3, 0.7]), seed=seed) for seed in range(8)]
    assert all(report.verdict != "wrong" for report in reports)
    found = [finding.message for report in reports for finding in report.findings]
    assert any("leaves the range of the narrower dtype" in message for message in found)


def test_digits_are_read_of_what_an_input_contributes():
    """Of a sum in float64 and a small part in float16, the part keeps three digits and the sum six."""
    read = kept_digits(lambda arrays: [arrays[0] * 1e3 + _half(arrays[0])], [np.array([1.0])], np.random.default_rng(0))
    assert 1e-8 < read.of_values[0] < 1e-5
    alone = kept_digits(lambda arrays: [1e3 + _half(arrays[0])], [np.array([1.0])], np.random.default_rng(0))
    assert 1e-4 < alone.of_changes[0] < 1e-2
