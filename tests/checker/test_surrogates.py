"""A backward that is not the derivative on purpose is judged by the function whose derivative it is."""

import numpy as np
import pytest

from gradcheck import Case, ConventionError, Integers, UsageError, report_case, report_vjp
from gradcheck.laws import LAWS
from gradcheck.point import judge_point

pytestmark = pytest.mark.usefixtures("unexplained")

X = np.array([[0.7, -1.3, 2.2], [0.1, 0.4, -0.6]])


def estimator(forward, backward=lambda x, dy: dy.copy()):
    """A forward with the backward of something else."""

    def op(x):
        def op_vjp(dy):
            return (backward(x, dy),)

        return forward(x), op_vjp

    return op


def identity(x):
    return x


def lookup(table, rows, *, padding=0, factor=1.0):
    def lookup_vjp(dy):
        gradient = np.zeros_like(table)
        np.add.at(gradient, rows, factor * dy * (rows != padding)[:, None])
        return gradient, None

    return table[rows], lookup_vjp


def padded(table, rows, *, padding=0):
    return table[rows] * (rows != padding)[:, None]


def inside(x, dy):
    return dy * (np.abs(x) < 1)


def clip(x):
    return np.clip(x, -1, 1)


MEANT = [
    ("straight-through", estimator(np.round), identity),
    ("clipped straight-through", estimator(np.sign, inside), clip),
    ("reversal", estimator(np.copy, lambda x, dy: -dy), np.negative),
    ("Hessian of ones", estimator(clip), identity),
]
MISTAKEN = [
    (estimator(np.round, lambda x, dy: 2 * dy), identity, "too large by 2"),
    (estimator(np.sign, lambda x, dy: dy.copy()), clip, "is missing"),
    (estimator(np.copy, lambda x, dy: dy.copy()), np.negative, "sign"),
    (estimator(np.floor, lambda x, dy: dy * x), identity, ""),
]


@pytest.mark.parametrize(("name", "op", "surrogate"), MEANT, ids=[row[0] for row in MEANT])
def test_what_is_meant_is_right_with_its_surrogate_and_not_without(name, op, surrogate):
    assert report_vjp(op, X, surrogate=surrogate).verdict == "correct"
    assert report_case(Case(op, "(n)->(n)", surrogate=surrogate), examples=30).verdict == "correct"
    assert report_case(Case(op, "(n)->(n)"), examples=30).verdict != "correct"


@pytest.mark.explained
@pytest.mark.parametrize(("op", "surrogate", "cause"), MISTAKEN)
def test_a_wrong_backward_under_a_surrogate_is_found_and_its_cause_named(op, surrogate, cause):
    report = report_case(Case(op, "(n)->(n)", surrogate=surrogate), examples=30)
    assert {finding.code for finding in report.errors} == {"GC301"}
    assert "finite differences of the surrogate give" in " ".join(str(report).split())
    assert cause in (report.errors[0].likely_cause or "")


def test_a_padded_row_gets_no_gradient():
    domains = {"rows": Integers(0, "m")}
    case = Case(lookup, "(m,d),(n)->(n,d)", surrogate=padded, domains=domains, options={"padding": [0, 1]})
    assert report_case(case, examples=30).verdict == "correct"
    doubled = Case(lookup, "(m,d),(n)->(n,d)", surrogate=padded, domains=domains, options={"factor": 2.0})
    assert report_case(doubled, examples=30).verdict == "wrong"


def test_the_value_is_judged_against_the_twin_and_the_backward_is_not():
    def rounded(x):
        return np.round(x), lambda dy: (0 * dy,)

    rounded.adapter = "test"
    right = Case(estimator(np.round), "(n)->(n)", surrogate=identity, reference=rounded)
    assert report_case(right, examples=20).verdict == "correct"
    floored = Case(estimator(np.floor), "(n)->(n)", surrogate=identity, reference=rounded)
    report = report_case(floored, examples=20)
    assert {finding.code for finding in report.errors} == {"GC302"}
    others = [law for law in LAWS if law.code != "GC302"]
    assert judge_point(floored, (X[0],), laws=others).verdict == "correct"


def test_other_laws_hold_under_a_surrogate_too():
    stale = {}

    def op(x):
        stale["x"] = x
        return np.round(x), lambda dy: (dy * stale["x"],)

    assert {finding.code for finding in report_vjp(op, X, surrogate=lambda x: x * x / 2).errors} == {"GC203"}
    op = estimator(np.round)
    op.forward = np.floor
    assert {finding.code for finding in report_vjp(op, X, surrogate=identity).errors} == {"GC209"}
    op.forward = np.round
    assert report_vjp(op, X, surrogate=identity).verdict == "correct"


@pytest.mark.explained
@pytest.mark.parametrize("forward", [np.round, np.sign, np.floor, np.trunc, lambda x: np.round(x * 4) / 4])
def test_without_one_a_staircase_says_so_and_names_the_option(forward):
    for report in (
        report_vjp(estimator(forward), X),
        report_case(Case(estimator(forward), "(n)->(n)"), examples=30),
    ):
        assert report.verdict != "correct"
        text = " ".join(str(report).split())
        assert "the forward is a staircase" in text
        assert "surrogate=" in text


@pytest.mark.explained
def test_what_is_no_staircase_is_not_called_one():
    noisy = estimator(lambda x: np.float32(x).astype(float) ** 2, lambda x, dy: 2 * x * dy)
    for op in (noisy, estimator(lambda x: np.round(x) * 0, lambda x, dy: 0 * dy), estimator(np.tanh)):
        assert "staircase" not in str(report_vjp(op, X))


def test_a_surrogate_that_is_a_staircase_says_so():
    report = report_vjp(estimator(np.round), X, surrogate=lambda x: np.floor(x))
    assert report.verdict == "inconclusive"
    assert "the surrogate is a staircase too" in " ".join(str(report).split())


def test_bad_surrogates_are_a_sentence():
    with pytest.raises(ConventionError, match="the surrogate `<lambda>` returned float64"):
        report_vjp(estimator(np.round), X, surrogate=lambda x: x.sum())
    with pytest.raises(UsageError, match="surrogate is 3"):
        Case(estimator(np.round), "(n)->(n)", surrogate=3)


def test_a_copy_of_a_case_stands_in_once():
    from dataclasses import replace

    calls = []

    def counted(x):
        calls.append(1)
        return x

    case = Case(estimator(np.round), "(n)->(n)", surrogate=counted)
    replace(case, name="again").op(X)
    assert len(calls) == 1


def test_the_snippet_names_the_surrogate():
    report = report_vjp(estimator(np.round, lambda x, dy: 2 * dy), X, surrogate=identity)
    assert "surrogate=identity" in report.snippet


def test_a_clip_is_declared_as_one_and_the_finding_says_so():
    def clipped(x):
        return x.copy(), lambda dy: (np.clip(dy, -0.1, 0.1),)

    report = report_case(Case(clipped, inputs=(np.array([0.5, -1.25]),), surrogate=lambda x: x))
    assert report.verdict == "wrong"
    assert "surrogate=Clip(gradient=" in " ".join(str(report).split())
