"""A backward that loses other digits at another cotangent is linear all the same, to those that it keeps."""

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.laws import comparing
from gradcheck.laws.gc201_linear import check

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
    monkeypatch.setattr(check, "adds_up_in_extended", lambda *_: False)
    report = report_case(op(), 40)
    assert [finding.code for finding in report.errors] == ["GC201"]


def pull(bent=lambda da: da, self_pull=1.0):
    """Of bodies on one another, softened: that of each on itself is huge in the backward, and cancels."""

    def pull(pos, mass):
        d = pos[None] - pos[:, None]
        r2 = (d * d).sum(-1) + 0.0025
        w = r2**-1.5 * (1 - (1 - self_pull) * np.eye(len(pos)))

        def pull_vjp(da):
            da = bent(da)
            along = (da[:, None] * d).sum(-1)
            dd = mass[None, :, None] * w[..., None] * da[:, None]
            dd = dd - 3 * (mass[None] * along * r2**-2.5)[..., None] * d
            return dd.sum(0) - dd.sum(1), (w * along).sum(0)

        return (mass[None, :, None] * w[..., None] * d).sum(1), pull_vjp

    return pull


FAR = (np.array([[-800.0, -0.52, -0.41], [40.0, 1.8, 1.14]]), np.array([-0.33, 20.0]))


def accused(op):
    return [seed for seed in range(6) if "GC201" in {f.code for f in report_vjp(op, *FAR, seed=seed).errors}]


def test_terms_that_cancel_are_not_called_bent():
    assert not accused(pull())
    assert not accused(pull(self_pull=0.0))


@pytest.mark.parametrize("bent", [np.tanh, np.abs, lambda da: da + 1e-6 * da**2])
def test_what_is_bent_beside_them_is(bent):
    assert accused(pull(bent, self_pull=0.0)) == list(range(6))
    assert accused(pull(bent)) == list(range(6))


def test_extended_precision_is_what_tells_them_apart(monkeypatch):
    monkeypatch.setattr(check, "adds_up_in_extended", lambda *_: False)
    assert accused(pull())
