"""GC107 says "smooth there" only where the forward is: a straight line through a point shows no derivative."""

import numpy as np
import pytest

from gradcheck import report_vjp
from gradcheck.laws import slopes

pytestmark = pytest.mark.usefixtures("unexplained")


def without_gradient(forward):
    def op(x):
        return forward(x), lambda dy: (np.full(x.shape, np.nan),)

    return op


def qr(x):
    return np.linalg.qr(x)[1]


SINGULAR = [  # along the first entry all of them are straight lines
    (qr, [[1.0, 0.0, -1.0], [0.0, 0.0, 0.0], [2.0, -1.0, -2.0]]),
    (qr, np.zeros((3, 3))),
    (qr, np.ones((3, 3))),
    (qr, np.zeros((4, 3))),
    (lambda x: x[0] * np.sign(x[1]), [2.0, 0.0]),
    (lambda x: np.cbrt(x[0] ** 3 + x[1] ** 3), [0.0, 0.0]),
]
SMOOTH = [
    (np.sin, [0.3, -1.2]),
    (lambda x: x[0] * np.abs(x[1]), [2.0, 0.0]),
    (lambda x: np.where(x > 0, np.sqrt(np.abs(x)), 0.0), [-1.0, 0.0, 2.0]),  # another entry is singular, by itself
    (lambda x: np.abs(x) ** 1.5, [0.0, 1.0]),
    (lambda x: np.maximum(x[0], x[1]), [1.0, 1.0]),
    (lambda x: np.outer(x, x), [0.0, 3.0, 1e8]),
    (lambda x: x[0] + (x[1] > 0), [2.0, 0.0]),  # another entry jumps, whatever this one is
    (qr, [[1.0, 1.0], [2.0, 2.0]]),  # the last column of a square matrix has no length to take a root of
]


@pytest.mark.parametrize(("forward", "at"), SINGULAR)
@pytest.mark.parametrize("seed", range(3))
def test_a_slope_along_one_line_is_not_smoothness(forward, at, seed):
    report = report_vjp(without_gradient(forward), np.array(at), seed=seed)
    assert report.verdict == "inconclusive", str(report)
    assert "GC905" in {finding.code for finding in report.findings}


@pytest.mark.parametrize(("forward", "at"), SMOOTH)
@pytest.mark.parametrize("seed", range(3))
def test_what_is_smooth_or_bent_has_a_gradient(forward, at, seed):
    report = report_vjp(without_gradient(forward), np.array(at), seed=seed)
    assert {finding.code for finding in report.errors} == {"GC107"}


@pytest.mark.parametrize(("forward", "at"), SINGULAR)
def test_without_other_lines_one_is_taken_for_the_whole(forward, at, monkeypatch):
    monkeypatch.setattr(slopes, "_is_torn", lambda *_: False)
    assert report_vjp(without_gradient(forward), np.array(at)).errors[0].code == "GC107"
