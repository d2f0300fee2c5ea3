"""A backward that loses other digits at another cotangent is linear all the same, to those that it keeps."""

import numpy as np
import pytest

from gradcheck import Case, report_case
from gradcheck.laws import comparing

pytestmark = pytest.mark.usefixtures("unexplained")


def exponential(A):
    """Of a matrix, by scaling and squaring: the digits that 1 absorbs of what was scaled are lost."""
    size = np.abs(A).sum(axis=0).max(initial=0.0)
    halvings = max(0, int(np.ceil(np.log2(size))) + 4) if size else 0
    term = total = np.eye(len(A))
    for k in range(1, 14):
        term = term @ A / 2**halvings / k
        total = total + term
    for _ in range(halvings):
        total = total @ total
    return total


def beside(A, dY):
    """A and, in the corner, the cotangent: the exponential then holds its pullback there."""
    return np.block([[A, dY], [np.zeros_like(A), A]])


def op(change=lambda dY: dY):
    def expm(A):
        n = len(A)
        return exponential(A), lambda dY: (exponential(beside(A.T, change(dY)))[:n, n:],)

    return Case(expm, "(n,n)->(n,n)", sizes={"n": (1, 4)})


def test_the_exponential_of_a_matrix_is_not_accused():
    assert report_case(op(), 40).verdict == "correct"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("bent", [np.tanh, np.abs, lambda dY: np.clip(dY, -1, 1), lambda dY: dY + 1e-6 * dY**2])
def test_what_is_not_linear_is(bent, seed):
    report = report_case(op(bent), 40, seed)
    assert "GC201" in {finding.code for finding in report.errors}, str(report)


def test_that_is_what_excuses_it(monkeypatch):
    monkeypatch.setattr(comparing, "_lost", lambda *_: 0.0)
    report = report_case(op(), 40)
    assert [finding.code for finding in report.errors] == ["GC201"]
