"""A finding that stops a check still says whether the values hold, asked of a fresh forward for each vjp."""

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.laws import LAWS
from gradcheck.laws.holding import RIGHT
from gradcheck.point import judge_point

pytestmark = pytest.mark.usefixtures("unexplained")

SEED = 14  # at which a vjp is asked twice in a row
X = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]])


def in_place(factor):
    def op(x):
        def vjp(dy):
            dy *= factor * x
            return (dy.copy(),)

        return x * x, vjp

    return op


def wears_out(factor):
    def op(x):
        saved = [factor * x]

        def vjp(dy):
            slope, saved[0] = saved[0], 0 * saved[0]
            return (slope * dy,)

        return x * x, vjp

    return op


def forward_in_place(factor):
    def op(x):
        kept = x.copy()
        x *= x
        return x.copy(), lambda dy: (factor * kept * dy,)

    return op


def accumulates(factor):
    total = {}

    def op(x):
        total[x.shape] = 0.0

        def vjp(dy):
            total[x.shape] = total[x.shape] + factor * x * dy
            return (total[x.shape] + 0.0,)

        return x * x, vjp

    return op


def overwrites_output(factor):
    def op(x):
        y = x * x

        def vjp(dy):
            y[...] = factor * x * dy
            return (y.copy(),)

        return y, vjp

    return op


def by_identity(factor):
    kept = {}

    def op(x):
        if id(x) not in kept:
            kept[id(x)] = x, factor * x
        slope = kept[id(x)][1]
        return x * x, lambda dy: (slope * dy,)

    return op


STOPPED = [in_place, wears_out, forward_in_place, accumulates, overwrites_output, by_identity]


@pytest.mark.parametrize("make", STOPPED)
def test_right_values_are_said_to_be_right(make):
    for report in (report_vjp(make(2.0), X, seed=SEED), report_case(Case(make(2.0), "(n,d)->(n,d)"), examples=30)):
        assert report.verdict == "wrong"
        assert {finding.code for finding in report.errors} <= {"GC203", "GC204"}, str(report)
        assert RIGHT in report.remarks


@pytest.mark.parametrize("make", STOPPED)
def test_wrong_values_are_said_to_be_wrong_too(make):
    report = report_vjp(make(3.0), X, seed=SEED)
    assert {"GC301"} < {finding.code for finding in report.errors} <= {"GC203", "GC204", "GC301"}, str(report)
    assert RIGHT not in report.remarks
    assert "asked of a fresh forward each time the values are wrong too" in " ".join(str(report).split())
    assert "ratio 1.5" in " ".join(str(report).split())


def test_where_nothing_can_be_seen_nothing_is_said_to_hold():
    report = report_vjp(in_place(2.0), 0 * X)
    assert report.verdict == "wrong"
    assert RIGHT not in report.remarks


def test_it_is_the_laws_about_values_that_say_so():
    others = [law for law in LAWS if law.code != "GC301"]
    report = judge_point(Case(in_place(3.0), inputs=(X,)), (X,), laws=others)
    assert "GC301" not in {finding.code for finding in report.errors}


def test_nested_inputs_and_options_are_private_too():
    def op(params, *, scale):
        def vjp(dy):
            params["w"] *= 2 * dy * scale
            return ({"w": params["w"].copy()},)

        return params["w"] ** 2 * scale, vjp

    report = report_vjp(op, {"w": X}, options={"scale": np.array([1.0, 2.0, 3.0])})
    assert {finding.code for finding in report.errors} <= {"GC203", "GC204"}, str(report)
    assert RIGHT in report.remarks
