"""What is returned from memory that nobody has written is no function of the inputs (GC203, GC206)."""

from __future__ import annotations

import numpy as np
import pytest

from gradcheck import Case, Integers, report_case, report_vjp
from gradcheck.laws import joint_equation
from gradcheck.laws.gc203_repeatable import check as of_the_backward
from gradcheck.laws.gc206_forward_repeatable import check as of_the_forward
from gradcheck.laws.unwritten import CAUSE, marked

pytestmark = pytest.mark.usefixtures("unexplained")

X = np.array([[0.7, -1.3, 2.2], [0.1, 0.4, -0.6]])


def all_of(gradient, value):
    gradient[...] = value


def all_but_the_last_row(gradient, value):
    gradient[:-1] = value[:-1]


def added_up(gradient, value):
    """Into memory that nobody has set to zero."""
    gradient[:1] = 0
    gradient += value


def nothing(gradient, value):
    pass


def square(write):
    def op(x):
        def op_vjp(dy):
            gradient = np.empty_like(x)
            write(gradient, 2 * x * dy)
            return (gradient,)

        return x * x, op_vjp

    return op


def square_of(write):
    def op(x):
        y = np.empty(x.shape, x.dtype)
        write(y, x * x)
        return y, lambda dy: (2 * x * dy,)

    return op


def masked(x, *, out=False):
    """A rectifier, whose gradient is left to chance where it is zero, unless an array of zeros is handed in."""

    def masked_vjp(dy):
        zeros = {"out": np.zeros_like(dy)} if out else {}
        return (np.multiply(dy, 1.0, where=x > 0, **zeros),)

    return np.maximum(x, 0), masked_vjp


def lookup(table, rows, *, cleared=False):
    """Rows that nobody looks up have a gradient of zero, which fresh memory often happens to be."""

    def lookup_vjp(dy):
        gradient = np.zeros_like(table) if cleared else np.empty_like(table)
        for row in set(rows.tolist()):
            gradient[row] = dy[rows == row].sum(axis=0)
        return gradient, None

    return table[rows], lookup_vjp


def rows(**options):
    values = {name: [value] for name, value in options.items()}
    return Case(lookup, "(m,d),(n)->(n,d)", domains={"rows": Integers(0, "m")}, options=values)


def said(report):
    return {(finding.code, finding.likely_cause) for finding in report.errors}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("write", [nothing, all_but_the_last_row, added_up])
def test_a_gradient_that_nobody_has_written_is_found_and_named(write, dtype):
    for seed in range(3):
        report = report_vjp(square(write), X.astype(dtype), seed=seed)
        assert said(report) == {("GC203", CAUSE)}, str(report)
        assert "is what memory held before" in report.errors[0].message


@pytest.mark.parametrize("write", [nothing, all_but_the_last_row])
def test_so_is_an_output_that_was_inconclusive(write, monkeypatch):
    report = report_vjp(square_of(write), X)
    assert said(report) == {("GC206", CAUSE)}, str(report)
    monkeypatch.setattr(of_the_forward, "unwritten_outputs", lambda trial: None)
    assert not report_vjp(square_of(write), X).errors


@pytest.mark.parametrize("make", [square, square_of])
def test_what_is_written_whole_is_right(make):
    for dtype in (np.float64, np.float32):
        assert report_vjp(make(all_of), X.astype(dtype)).verdict == "correct"
    assert report_case(Case(make(all_of), "(m,n)->(m,n)"), examples=20).verdict == "correct"


def test_a_ufunc_with_where_and_no_out_leaves_what_was_there():
    report = report_case(Case(masked, "(m,n)->(m,n)"), examples=20)
    assert said(report) == {("GC203", CAUSE)}, str(report)
    assert report_case(Case(masked, "(m,n)->(m,n)", options={"out": [True]}), examples=20).verdict == "correct"


def test_rows_that_are_zero_by_luck_are_found():
    assert said(report_case(rows(cleared=False), examples=20)) == {("GC203", CAUSE)}
    assert report_case(rows(cleared=True), examples=20).verdict == "correct"


def test_zeros_of_fresh_memory_excuse_nothing(monkeypatch):
    """So large that the system hands out pages of zeros; the gradient of all rows but one is zero."""
    x = np.random.default_rng(0).normal(size=(3, 2**15))

    def first(x):
        def first_vjp(dy):
            gradient = np.empty_like(x) if mark else np.zeros_like(x)
            gradient[0] = dy
            return (gradient,)

        return x[0] * 1.0, first_vjp

    mark = True
    assert said(report_vjp(first, x)) == {("GC203", CAUSE)}
    mark = False
    assert report_vjp(first, x).verdict == "correct"


@pytest.mark.explained
def test_that_is_what_finds_it(monkeypatch):
    monkeypatch.setattr(of_the_backward, "unwritten_gradients", lambda trial: None)
    assert all(cause != CAUSE for _, cause in said(report_vjp(square(nothing), X)))


def test_numpy_is_as_it_was_afterwards_whatever_the_op_does():
    empty, empty_like = np.empty, np.empty_like

    def op(x):
        assert not (np.empty is not empty and ends), "at the second call"
        return x * x, lambda dy: (2 * x * dy,)

    ends = True
    report_vjp(op, X)
    assert np.empty is empty
    assert np.empty_like is empty_like


def test_the_mark_is_what_empty_gives():
    class Asked:
        class case:  # noqa: N801 - as a trial has it
            op = None

    with marked(Asked, 3.0):
        assert (np.empty((2, 3)) == 3).all()
        assert (np.empty_like(X, dtype=np.float32) == 3).all()
        assert np.empty(4, int).shape == (4,)
    assert joint_equation.marked is marked, "which the joint equation asks with"


torch = pytest.importorskip("torch")

from gradcheck.adapters import from_torch  # noqa: E402


def kernel(*, whole, forward=False):
    class Kernel(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            y = torch.empty_like(x)
            rows = y if whole or not forward else y[:-1]
            rows.copy_((x * x)[: len(rows)])
            return y

        @staticmethod
        def backward(ctx, dy):
            (x,) = ctx.saved_tensors
            dx = torch.empty(x.shape, dtype=x.dtype)
            rows = dx if whole or forward else dx[:-1]
            rows.copy_((2 * x * dy)[: len(rows)])
            return dx

    return from_torch(Kernel)


@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16", "float16"])
def test_tensors_that_are_made_empty_are_judged_alike(dtype):
    asked = {} if dtype == "float64" else {"dtype": dtype, "reference": lambda x: x * x}

    def report(**how):
        return report_case(Case(kernel(**how), "(m,n)->(m,n)", **asked), examples=8)

    assert said(report(whole=False)) == {("GC203", CAUSE)}
    assert said(report(whole=False, forward=True)) == {("GC206", CAUSE)}
    assert report(whole=True).verdict == "correct"
