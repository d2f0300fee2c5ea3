"""A float32 op is not held against what only the float64 of its twin can tell apart, where another entry overflows."""

import numpy as np
import pytest

from gradcheck import report_vjp
from gradcheck.laws import comparing, forwards

torch = pytest.importorskip("torch")
BEYOND = 800.0
"""Where exp overflows in float64 too, so that there is no golden and the forward is compared with the twin's."""


def exponential(x, *, wrong=1.0):
    with np.errstate(all="ignore"):
        y = np.exp(x)
    y[1] *= y.dtype.type(wrong)
    return y, lambda dy: (dy * y,)


def at(*others):
    return np.array([BEYOND, *others], np.float32)


def codes(x, **options):
    report = report_vjp(exponential, x, options=options, reference=lambda x, wrong=1.0: torch.exp(x))
    return {finding.code for finding in report.errors}


@pytest.mark.parametrize("others", [(-200.0,), (-90.0,), (-103.5,), (300.0,), (-200.0, 300.0), (-200.0, -300.0)])
@pytest.mark.parametrize("sign", [1, -1])
def test_underflow_and_overflow_of_the_dtype_are_not_another_function(others, sign):
    assert codes(sign * at(*others)) <= (set() if sign > 0 else {"GC301"})
    assert "GC302" not in codes(sign * at(*others))


@pytest.mark.parametrize("others", [(1.0,), (1.0, -200.0), (1.0, 300.0)])
def test_what_the_dtype_can_hold_is_compared_all_the_same(others):
    assert codes(at(*others)) == set()
    assert codes(at(*others), wrong=1.001) == {"GC302"}


def test_without_the_range_of_the_dtype_it_is_accused_or_missed(monkeypatch):
    with monkeypatch.context() as without:
        without.setattr(forwards, "tiniest", lambda dtype: 0.0)
        assert codes(at(-200.0)) == {"GC302"}
    with monkeypatch.context() as without:
        without.setattr(forwards, "is_held", lambda expected, dtype: np.isfinite(expected))
        assert codes(at(1.0, 300.0), wrong=1.001) == set(), "1e130 is the scale that all is compared in"


def test_gradients_are_compared_in_the_range_of_the_input():
    held = comparing.is_held(np.array([1.0, 1e39, -1e39, np.inf, np.nan]), np.dtype(np.float32))
    assert held.tolist() == [True, False, False, False, False]
    assert comparing.is_held(np.array([1e39, 1e39j * np.inf]), np.dtype(np.complex128)).tolist() == [True, False]
    assert comparing.is_held(np.array([1 + 1j, 1e39j, 1e39]), np.dtype(np.complex64)).tolist() == [True, False, False]
