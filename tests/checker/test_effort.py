"""Limits of effort: what each saves is seen where it is lifted, and what it must not cost."""

from dataclasses import replace

import numpy as np

from gradcheck import Case, report_vjp
from gradcheck.generation import planned as planning
from gradcheck.generation import search
from gradcheck.numerics import locate
from gradcheck.point import judge_point

FAR = 750.0


def relu(at_zero):
    def op(x):
        return np.maximum(x, 0), lambda dy: (dy * np.where(x == 0, at_zero, x > 0),)

    return op


def test_kinks_of_straight_pieces_are_told_in_few_steps(monkeypatch):
    x = np.append(np.zeros(40), np.arange(1.0, 9.0))
    with_it = report_vjp(relu(0), x)
    monkeypatch.setattr(locate, "_AT_A_KINK", replace(locate._AT_A_KINK, straight=False))
    without = report_vjp(relu(0), x)
    assert {finding.code for finding in with_it.findings} == {"GC903"}
    assert with_it.verdict == without.verdict
    assert not with_it.errors
    assert with_it.forwards < 0.8 * without.forwards


def test_what_lies_beyond_both_straight_pieces_is_wrong():
    report = report_vjp(relu(1.5), np.zeros(48))
    assert {finding.code for finding in report.errors} == {"GC301"}


def versine(doubled=()):
    """1 - cos(x), of which small inputs leave no digit."""

    def op(x):
        slope = np.sin(x)
        slope[list(doubled)] *= 2
        return (1 - np.cos(x)).sum(), lambda dy: (dy * slope,)

    return op


def test_many_entries_that_rounding_puts_off_are_not_looked_into_one_by_one(monkeypatch):
    x = np.random.default_rng(0).normal(size=70)
    with_it = report_vjp(versine(), 1e-6 * x)
    monkeypatch.setattr(locate, "BLUNT_ATTEMPTS", 1000)
    without = report_vjp(versine(), 1e-6 * x)
    assert with_it.verdict == without.verdict == "inconclusive"
    assert with_it.forwards < 0.7 * without.forwards


def test_one_that_is_wrong_among_many_is_found():
    x = np.random.default_rng(0).normal(size=70)
    assert {finding.index for finding in report_vjp(versine([31]), x).errors} == {(31,)}


def clipped(x):
    return np.clip(x, -FAR, FAR), lambda dy: (dy * (np.abs(x) <= FAR - 50),)


def test_spread_values_have_entries_enough_to_leave_no_gap(monkeypatch):
    case = Case(clipped, "(m,n)->(m,n)")

    def found():
        return [search(case, 100, seed, verdict_only=True).verdict == "wrong" for seed in range(6)]

    assert all(found())
    monkeypatch.setattr(planning, "SPREAD_ENTRIES", 36)
    assert not all(found())


def test_where_only_the_verdict_is_asked_for_one_wrong_argument_is_located():
    """Which of the others are wrong too is looked for in the report that is shown, not in each that leads to it."""

    def squares(a, b, c, d):
        return a**2 + b**2 + c**2 + d**2, lambda dy: tuple(3 * x * dy for x in (a, b, c, d))

    inputs = tuple(np.array([0.5, 1.5]) + place for place in range(4))
    case = Case(squares, inputs=inputs)
    whole, verdict = judge_point(case, inputs), judge_point(case, inputs, verdict_only=True)
    assert [finding.argument for finding in whole.errors] == ["a", "b", "c", "d"]
    assert [finding.argument for finding in verdict.errors] == ["a"]
    assert verdict.forwards < whole.forwards / 2
