"""GC107 says "smooth there" only where the forward is: not along one line alone, and not beside "does not settle"."""

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
    (qr, [[1.0, 0.0, -1.0], [0.0, 0.0, 0.0], [2.0, -1.0, -2.0]]),  # R of a matrix of rank 2
    (lambda x: x[0] * np.sign(x[1]), [2.0, 0.0]),
    (lambda x: np.hypot(x[1], x[2]) + x[0] * x[1] / np.hypot(x[1], x[2] + 1e-300), [2.0, 0.0, 0.0]),
    (lambda x: x[0] + (x[1] > 0), [2.0, 0.0]),
]
SMOOTH = [
    (np.sin, [0.3, -1.2]),
    (lambda x: x[0] * np.abs(x[1]), [2.0, 0.0]),
    (lambda x: np.where(x > 0, np.sqrt(np.abs(x)), 0.0), [-1.0, 0.0, 2.0]),  # another entry is singular, by itself
    (lambda x: np.abs(x) ** 1.5, [0.0, 1.0]),
    (lambda x: np.maximum(x[0], x[1]), [1.0, 1.0]),
    (lambda x: np.outer(x, x), [0.0, 3.0, 1e8]),
    (qr, [[1.0, 1.0], [2.0, 2.0]]),  # the last column of a square matrix: a reflection is smooth there
]


@pytest.mark.parametrize(("forward", "at"), SINGULAR)
@pytest.mark.parametrize("seed", range(3))
def test_a_slope_along_one_line_is_not_smoothness(forward, at, seed):
    report = report_vjp(without_gradient(forward), np.array(at), seed=seed)
    assert report.verdict == "inconclusive", str(report)
    assert [finding.code for finding in report.findings] == ["GC905"]


@pytest.mark.parametrize(("forward", "at"), SMOOTH)
@pytest.mark.parametrize("seed", range(3))
def test_what_is_smooth_or_bent_has_a_gradient(forward, at, seed):
    report = report_vjp(without_gradient(forward), np.array(at), seed=seed)
    assert {finding.code for finding in report.findings} == {"GC107"}, "and nothing that does not settle"


def test_without_looking_around_a_line_is_taken_for_the_whole(monkeypatch):
    monkeypatch.setattr(slopes, "_nears", lambda *_: True)
    forward, at = SINGULAR[1]
    assert report_vjp(without_gradient(forward), np.array(at)).errors[0].code == "GC107"
