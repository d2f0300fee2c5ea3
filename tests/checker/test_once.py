"""A vjp that may be asked once only, by design: with `once=True` each is asked of a fresh forward."""

import numpy as np
import pytest

from gradcheck import Case, UsageError, report_case, report_vjp
from gradcheck.laws.holding import RIGHT

pytestmark = pytest.mark.usefixtures("unexplained")

X = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]])


def overwrites_cotangent(factor=2.0):
    def op(x):
        def vjp(dy):
            dy *= factor * x
            return (dy,)

        return x * x, vjp

    return op


def overwrites_saved(factor=2.0):
    def op(x):
        saved = factor * x

        def vjp(dy):
            np.multiply(saved, dy, out=saved)
            return (saved,)

        return x * x, vjp

    return op


def one_shot(factor=2.0):
    def op(x):
        saved = [factor * x]

        def vjp(dy):
            return (saved.pop() * dy,)

        return x * x, vjp

    return op


def overwrites_input(factor=2.0):
    def op(x):
        y = x * x

        def vjp(dy):
            x[...] = factor * x * dy
            return (x,)

        return y, vjp

    return op


KINDS = [overwrites_cotangent, overwrites_saved, one_shot, overwrites_input]


@pytest.mark.parametrize("make", KINDS)
def test_the_values_are_judged(make):
    assert report_vjp(make(), X, once=True).verdict == "correct"
    assert report_case(Case(make(), "(n,d)->(n,d)", once=True), examples=12).verdict == "correct"
    report = report_vjp(make(3.0), X, once=True)
    assert {finding.code for finding in report.errors} == {"GC301"}, str(report)
    assert "ratio 1.5" in " ".join(str(report).split())


@pytest.mark.parametrize("make", KINDS)
def test_without_it_the_finding_says_whether_they_hold_and_names_the_option(make):
    report = report_vjp(make(), X)
    assert {finding.code for finding in report.errors} <= {"GC203", "GC204"}, str(report)
    assert report.verdict == "wrong"
    assert RIGHT in report.remarks
    assert "once=True" in RIGHT
    wrong = report_vjp(make(3.0), X)
    assert "the values are wrong too" in " ".join(str(wrong).split())


def test_laws_that_compare_answers_still_hold():
    def op(x):
        saved = [x]

        def vjp(dy):
            return (2 * saved.pop() * abs(dy),)

        return x * x, vjp

    assert {finding.code for finding in report_vjp(op, X, once=True).errors} >= {"GC201"}
    total = []

    def grows(x):
        total.append(1)
        return x * x, lambda dy: (2 * x * dy * len(total),)

    assert report_vjp(grows, X, once=True).verdict == "wrong"


def test_what_the_op_offers_is_asked_so_too():
    op = one_shot()

    def wanting(wanted):
        return one_shot(2.0 if all(wanted) else 3.0)

    def pair(x, w):
        saved = [x, w]

        def vjp(dy):
            w, x = saved.pop(), saved.pop()
            return w * dy, x * dy

        return x * w, vjp

    pair.wanting = lambda wanted: pair
    assert {finding.code for finding in report_vjp(pair, X, X + 1, once=True).errors} == {"GC208"}
    op.wanting = wanting
    assert report_vjp(op, X, once=True).verdict == "correct"


def test_together_with_a_surrogate():
    def op(x):
        saved = [1.0]

        def vjp(dy):
            dy *= saved.pop()
            return (dy,)

        return np.round(x), vjp

    assert report_vjp(op, X, once=True, surrogate=lambda x: x).verdict == "correct"
    report = report_vjp(op, X, surrogate=lambda x: x)
    assert report.verdict == "wrong"
    assert RIGHT in report.remarks


@pytest.mark.explained
def test_the_line_is_pointed_at_and_the_snippet_says_once():
    report = report_vjp(one_shot(3.0), X, once=True)
    assert "saved.pop() * dy" in str(report)
    assert "once=True" in report.snippet


def test_bad_input_is_a_sentence():
    with pytest.raises(UsageError, match="once is 2; it is True or False"):
        Case(one_shot(), "(n)->(n)", once=2)
