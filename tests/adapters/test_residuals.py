"""scipy.optimize.least_squares: residuals of one vector, and their Jacobian in three forms."""

import numpy as np
import pytest
from scipy.sparse import csc_array, csr_matrix
from scipy.sparse.linalg import LinearOperator, aslinearoperator

from gradcheck import Case, UsageError, report_case, report_vjp
from gradcheck.adapters import from_residuals

T = np.arange(4.0)
X = np.array([1.5, -0.5])


def decay(x):
    return x[0] * np.exp(x[1] * T) - 1


def jacobian(x):
    return np.stack([np.exp(x[1] * T), x[0] * T * np.exp(x[1] * T)], axis=1)


def operator(x, right=1.0, left=1.0):
    J = jacobian(x)
    return LinearOperator(J.shape, matvec=lambda v: right * J @ v, rmatvec=lambda u: left * J.T @ u)


FORMS = {
    "dense": jacobian,
    "lists": lambda x: jacobian(x).tolist(),
    "sparse matrix": lambda x: csr_matrix(jacobian(x)),
    "sparse array": lambda x: csc_array(jacobian(x)),
    "operator": operator,
    "operator of a matrix": lambda x: aslinearoperator(jacobian(x)),
}


@pytest.mark.parametrize("jac", FORMS.values(), ids=FORMS)
def test_every_form(jac):
    assert report_vjp(from_residuals(decay, jac), X).verdict == "correct"


@pytest.mark.parametrize(
    ("jac", "codes", "words"),
    [
        (lambda x: jacobian(x) * [1, 1.001], ["GC301"], "x[1]"),
        (lambda x: csr_matrix(-jacobian(x)), ["GC301"], "ratio -1"),
        (
            lambda x: jacobian(x).T,
            ["GC101"],
            "that of 4 residuals by 2 entries of x has shape (4, 2): it is transposed",
        ),
        (lambda x: operator(x, right=2.0), ["GC402"], "side with the vjp"),
        (lambda x: operator(x, left=2.0), ["GC301", "GC402"], "side with the jvp"),
        (lambda x: jacobian(x)[:3], ["GC101"], "the Jacobian has shape (3, 2)"),
    ],
)
def test_planted_mistakes(jac, codes, words):
    report = report_vjp(from_residuals(decay, jac), X)
    assert [finding.code for finding in report.errors] == codes
    assert words in " ".join(str(report).split())
    assert "gradcheck/adapters" not in str(report)


def test_args_options_starting_points_and_single_residuals():
    op = from_residuals(lambda x, a, b=0.0: a * x**2 + b, lambda x, a, b=0.0: np.diag(2 * a * x), args=(3.0,))
    assert report_vjp(op, [1, 2], options={"b": 2.0}).verdict == "correct"
    assert report_case(Case(op, "(n)->(n)", sizes={"n": (1, None)}), examples=10).verdict == "correct"
    single = from_residuals(lambda x: x @ x, lambda x: 2 * x)
    assert report_vjp(single, np.array([0.5, 2.0])).verdict == "correct"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: from_residuals("decay", jacobian), "residuals is 'decay'; pass a function"),
        (lambda: from_residuals(decay, "2-point"), "jac is '2-point'; pass the function"),
        (lambda: from_residuals(decay, jacobian, args=2.0), "args is a float; write a tuple"),
        (lambda: from_residuals(decay, jacobian, args=(2.0,)), "calls `decay` with 2 arguments, but it takes `x`"),
        (lambda: from_residuals(decay, lambda: 1), "with 1 argument, but it takes none"),
        (lambda: report_vjp(from_residuals(decay, jacobian), np.ones((2, 2))), "one vector, of shape (n,)"),
        (lambda: report_vjp(from_residuals(jacobian, jacobian), X), "residuals are one vector"),
    ],
)
def test_each_way_of_calling_it_wrong_has_a_sentence(make, words):
    with pytest.raises(UsageError) as caught:
        make()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
