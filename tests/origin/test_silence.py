"""When nothing is said, or nothing for certain; and what the look leaves as it was."""

import sys

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.diagnosis.diagnose import FAULTS
from gradcheck.origin import attach, origin_of, origins_of
from gradcheck.protocol.deadline import limited

X, W = np.array([[0.5, -1.0], [2.0, 0.25]]), np.array([[1.5, 0.25], [-2.0, 0.75]])


def scaled_by_convention(x, w):
    """dz is half of what its name says, and right all the same: the 2 of the square comes later."""
    z = x @ w
    y = z**2

    def scaled_vjp(dy):
        dz = dy * z
        return 2 * dz @ w.T, x.T @ dz

    return y, scaled_vjp


def test_a_value_by_another_convention_is_not_accused():
    origin = origin_of(Case(scaled_by_convention, inputs=(X, W)), (X, W))
    assert origin.code == "return (2 * dz @ w.T, x.T @ dz)"
    assert origin.inputs == ("w",)


def test_lines_that_cannot_be_told_apart_are_not_told_apart():
    """Each of two entrywise factors of one gradient can make good for the other."""

    def chain(x):
        def chain_vjp(dy):
            first = 3 * dy
            second = first * x
            return (second,)

        return x * x, chain_vjp

    origin = origin_of(Case(chain, inputs=(X,)), (X,))
    assert [line.code for line in origin.among] == ["first = 3 * dy", "second = first * x"]
    assert not origin.certain
    text = str(report_vjp(chain, X))
    assert "probably made in one of these lines" in text


def test_the_line_that_shares_memory_is_named():
    def shared(a, b):
        def shared_vjp(dy):
            da = dy * b
            db = da
            db += dy
            return da, db

        return a * b, shared_vjp

    assert origin_of(Case(shared, inputs=(X, W)), (X, W)).code == "db = da"


def test_where_memory_is_shared_through_views_nothing_is_said():
    def views(table):
        def views_vjp(dy):
            dtable = np.zeros_like(table)
            first, second = dtable
            second[...] = dy * table[0]
            first = dy * table[1]
            return (dtable + 0 * first,)

        return table[0] * table[1], views_vjp

    assert all(not origin.certain for origin in origins_of(Case(views, inputs=(X,)), (X,)))


def test_a_name_that_is_not_there_has_no_place():
    def unbound(x):
        y = x * x

        def unbound_vjp(dy):
            dy = dy * y  # noqa: F823
            y *= 2  # noqa: F841
            return (dy,)

        return y, unbound_vjp

    assert origins_of(Case(unbound, inputs=(X,)), (X,)) == ()


def test_without_source_nothing_is_said():
    names = {}
    exec("def op(x):\n    def vjp(dy):\n        dz = 3 * dy\n        return (dz * x,)\n    return x * x, vjp", names)
    report = report_vjp(names["op"], X)
    assert report.verdict == "wrong"
    assert [finding.made for finding in report.errors] == [None]


def test_what_runs_too_long_is_given_up():
    with limited(0.0):
        assert origins_of(Case(scaled_by_convention, inputs=(X, W)), (X, W)) == ()


def test_more_values_than_can_be_kept_are_given_up(monkeypatch):
    monkeypatch.setattr("gradcheck.origin.history.MOST_VERSIONS", 3)
    assert origins_of(Case(scaled_by_convention, inputs=(X, W)), (X, W)) == ()


def test_debuggers_and_inputs_are_left_as_they_were():
    def tracing(*_):
        return None

    before = X.copy(), W.copy()
    old = sys.gettrace()
    sys.settrace(tracing)
    try:
        assert origin_of(Case(scaled_by_convention, inputs=(X, W)), (X, W)) is not None
        assert sys.gettrace() is tracing
    finally:
        sys.settrace(old)
    np.testing.assert_array_equal(before[0], X)
    np.testing.assert_array_equal(before[1], W)


def test_a_fault_of_ours_is_a_remark_and_costs_no_verdict(monkeypatch):
    monkeypatch.delenv(FAULTS, raising=False)
    monkeypatch.setattr(attach, "origins_of_case", lambda *_: 1 / 0)
    report = report_case(Case(scaled_by_convention, "(m,n),(n,o)->(m,o)"))
    assert report.verdict == "wrong"
    assert "ZeroDivisionError" in " ".join(report.remarks)
    monkeypatch.setenv(FAULTS, "raise")
    with pytest.raises(ZeroDivisionError):
        report_case(Case(scaled_by_convention, "(m,n),(n,o)->(m,o)"))


def test_a_fault_in_what_listens_is_not_taken_for_the_op_s(monkeypatch):
    monkeypatch.setattr("gradcheck.origin.history.History.begins", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        origins_of(Case(scaled_by_convention, inputs=(X, W)), (X, W))


def test_a_size_that_decides_which_lines_run_is_not_accused():
    """With another size nothing is left over, which hides the mistake."""

    def biased(x, b):
        def biased_vjp(dy):
            length = dy.shape[0]
            whole = length - length % 3
            db = dy[:whole].sum(axis=0)
            if whole > length:
                db = db + dy[whole:].sum(axis=0)
            return dy, db

        return x + b, biased_vjp

    inputs = np.random.default_rng(0).standard_normal((7, 3)), np.array([1.5, -0.5, 0.25])
    origin = origin_of(Case(biased, inputs=inputs), inputs)
    assert origin is None or not origin.certain or origin.code.startswith(("if", "db = db"))


def test_a_factor_that_any_line_on_the_way_could_take_out_is_nobodys_for_certain():
    """The slope of a softmax has a direction in which nothing moves: fewer numbers of ``g`` matter than of ``dx``."""

    def softmax(x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        y = e / e.sum(axis=1, keepdims=True)

        def softmax_vjp(dy):
            g = 1.0 * dy
            dx = y * ((g * y).sum(axis=1, keepdims=True) - g)
            return (dx,)

        return y, softmax_vjp

    inputs = (np.random.default_rng(0).standard_normal((2, 3)),)
    origin = origin_of(Case(softmax, inputs=inputs), inputs)
    assert "dx = y * ((g * y).sum(axis=1, keepdims=True) - g)" in [line.code for line in origin.among]
    assert not origin.certain


def test_halves_of_the_cotangent_are_no_gradients_by_their_name():
    """``da, db`` are the halves of ``g``, and not the gradients of ``a`` and ``b``."""

    def rotated(q, angle):
        c, s = np.cos(angle), np.sin(angle)
        a, b = q[:2], q[2:]

        def rotated_vjp(g):
            da, db = g[:2], g[2:]
            return np.concatenate([da * c - db * s, db * c + da * s]), None

        return np.concatenate([a * c - b * s, a * s + b * c]), rotated_vjp

    inputs = np.array([0.5, -1.0, 2.0, 0.25]), np.array(0.75)
    origin = origin_of(Case(rotated, inputs=inputs, constants=("angle",)), inputs)
    assert origin is None or not origin.certain or "concatenate" in origin.code


def test_a_size_that_mends_all_at_one_example_by_chance_is_not_accused():
    """Where there is one column less than there are rows, ``n - 1`` is the size of the other axis."""

    def standardized(x):
        n = len(x)
        spread = np.sqrt(x.var(axis=0, ddof=1) + 1e-3)
        y = (x - x.mean(axis=0)) / spread

        def standardized_vjp(g):
            proj = y * (g * y).sum(axis=0) / n
            return ((g - g.mean(axis=0) - proj) / spread,)

        return y, standardized_vjp

    case = Case(standardized, "(n,c)->(n,c)", sizes={"n": (2, None)})
    made = report_case(case, examples=40).errors[0].made
    assert made is None or not made.certain or made.where.code.startswith("proj")
    by_chance = origin_of(case, (np.random.default_rng(0).standard_normal((5, 4)),))
    assert by_chance.certain
    assert by_chance.code == "n = len(x)"
