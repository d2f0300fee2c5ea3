"""The cotangents of the joint equation: what training asks with, and large and tiny ones, all met over a case."""

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.laws import joint_equation
from gradcheck.laws.asking import Asked, spread
from gradcheck.laws.asking import asked as ask
from gradcheck.laws.fast_path import fast_path
from gradcheck.protocol import read_inputs
from gradcheck.trial import Trial

pytestmark = pytest.mark.usefixtures("unexplained")

X = np.array([[0.5, -1.25, 2.0], [1.5, 0.75, -0.25]])


def square(gradient):
    def op(x):
        def square_vjp(dy):
            return (gradient(x, dy),)

        return x * x, square_vjp

    return op


def cost(gradient):
    def op(x):
        def cost_vjp(dy):
            return (gradient(x, dy),)

        return np.sum(x * x), cost_vjp

    return op


def short_cut(special):
    return lambda x, dy: (3 if special(dy) else 2) * x * dy


SPECIAL = {
    "one": lambda dy: bool((dy == 1).all()),
    "constant": lambda dy: dy.size > 1 and bool((dy == dy.flat[0]).all()),
    "one row": lambda dy: dy.size > 1 and np.count_nonzero(dy) == 1,
    "one hot": lambda dy: dy.size > 1 and np.count_nonzero(dy) == 1 and dy.sum() == 1,
    "expanded": lambda dy: dy.ndim > 0 and dy.size > 1 and not any(dy.strides),
}
SPECIAL_OF_A_COST = {"one": lambda dy: dy == 1, "no more than one": lambda dy: dy == int(dy)}
NOT_LINEAR = {
    "clipped at 1": lambda x, dy: 2 * x * np.clip(dy, -1, 1),
    "clipped at 40": lambda x, dy: 2 * x * np.clip(dy, -40, 40),
    "tiny ones dropped": lambda x, dy: 2 * x * dy * (abs(dy) > 1e-4),
    "tinier ones dropped": lambda x, dy: 2 * x * dy * (abs(dy) > 1e-9),
    "absolute": lambda x, dy: 2 * x * abs(dy),
    "squared": lambda x, dy: 2 * x * dy * dy,
    "normalised": lambda x, dy: 2 * x * dy / (abs(dy).max(initial=0.0) or 1),
    "constant added": lambda x, dy: 2 * x * dy + 1e-9,
}


@pytest.mark.parametrize("kind", SPECIAL)
def test_a_fast_path_is_found_over_a_case(kind):
    report = report_case(Case(square(short_cut(SPECIAL[kind])), "(n,d)->(n,d)"))
    assert {finding.code for finding in report.errors} <= {"GC201", "GC207"}, str(report)
    assert report.verdict == "wrong"


@pytest.mark.parametrize("kind", SPECIAL_OF_A_COST)
def test_a_fast_path_of_a_cost_is_found_over_a_case_and_at_a_point(kind):
    op = cost(short_cut(SPECIAL_OF_A_COST[kind]))
    for report in (report_case(Case(op, "(n)->()")), report_vjp(op, X)):
        assert {finding.code for finding in report.errors} == {"GC201"}, str(report)
    assert "the vjp at dy = 1 is not what linearity gives" in " ".join(str(report).split())


@pytest.mark.parametrize("make", [square, cost])
@pytest.mark.parametrize("kind", NOT_LINEAR)
def test_all_sizes_are_met_over_a_case(make, kind):
    signature = "(n)->(n)" if make is square else "(n)->()"
    assert report_case(Case(make(NOT_LINEAR[kind]), signature)).verdict == "wrong"


@pytest.mark.parametrize("kind", ["clipped at 1", "tiny ones dropped", "absolute", "squared", "normalised"])
@pytest.mark.parametrize("seed", range(6))
def test_at_one_point_of_several_entries_large_and_tiny_are_asked_at_once(kind, seed):
    assert report_vjp(square(NOT_LINEAR[kind]), X, seed=seed).verdict == "wrong"


@pytest.mark.parametrize("seed", range(30))
def test_what_is_right_satisfies_the_equation_at_every_seed(seed):
    """Rows of sizes far apart, outputs of their own sizes, one entry, none; in few digits too."""
    scales = 10.0 ** np.array([[-6.0], [6.0]])

    def several(x, w):
        def several_vjp(dy):
            da, db, dc = dy
            return 2 * x * da * scales + db * np.ones_like(x), w * dc

        return (x * x * scales, x.sum(), w * w / 2), several_vjp

    for dtype in (np.float64, np.float32):
        op = several if dtype is np.float64 else square(lambda x, dy: x.dtype.type(2) * x * dy)
        inputs = (X, X[0]) if dtype is np.float64 else (X.astype(dtype),)
        report = report_vjp(op, *inputs, seed=seed)
        assert report.verdict == "correct", str(report)
        assert report.backwards == (3 if dtype is np.float64 else 4)  # in few digits, how far calls are apart
    for x in (X[:1, :1], X[:0]):
        assert report_vjp(square(lambda x, dy: 2 * x * dy), x, seed=seed).verdict != "wrong"


def test_without_the_cotangents_of_training_a_fast_path_is_missed(monkeypatch):
    def chain(trial, **_):
        drawn = tuple(spread(w) for w in trial.draw_cotangents())
        return Asked(drawn, -(2.0**10), 1.0, 2.0**-40, False)

    op = Case(square(short_cut(SPECIAL["one"])), "(n,d)->(n,d)")
    monkeypatch.setattr(joint_equation, "asked", chain)
    assert report_case(op).verdict == "correct"
    monkeypatch.setattr(joint_equation, "asked", ask)
    assert report_case(op).verdict == "wrong"


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("narrow", [np.float32, np.float16])
def test_a_backward_of_few_digits_has_no_fast_path(narrow, seed):
    """Its gradients at ones cancel to their rounding, which the middles between ordinary cotangents have too."""

    def softmax(x):
        e = np.exp(x.astype(narrow))
        y = e / e.sum(axis=1, keepdims=True)

        def softmax_vjp(dy):
            dy = dy.astype(narrow)
            return ((y * (dy - (dy * y).sum(axis=1, keepdims=True))).astype(x.dtype),)

        return y.astype(x.dtype), softmax_vjp

    def third(x):
        return (x.astype(narrow) / narrow(3)).astype(x.dtype), lambda dy: (
            (dy.astype(narrow) / narrow(3)).astype(x.dtype),
        )

    for op in (softmax, third):
        trial = Trial.start(Case(op, inputs=(X,)), read_inputs(op, (X,)), {}, seed)
        assert not list(fast_path(trial))
