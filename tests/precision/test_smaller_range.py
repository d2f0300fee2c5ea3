"""A float32 op is not held against what only the float64 of its twin can tell apart, where another entry overflows."""

import numpy as np
import pytest

from gradcheck import report_vjp
from gradcheck.laws import comparing, forwards, holding
from gradcheck.laws.gc201_linear import check
from gradcheck.laws.learned import Learned

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


def products(x, *, power=1):
    """The product of each row, whose vjp goes by way of the cotangent times the product; linear if the power is 1."""
    with np.errstate(all="ignore"):
        y = np.prod(x, axis=-1)

    def vjp(dy):
        with np.errstate(all="ignore"):
            return (((np.sign(dy) * np.abs(dy) ** power * y)[..., None] / x).astype(x.dtype),)

    return y, vjp


LARGEST = {"float32": 3e36, "float64": 1e306}


@pytest.mark.parametrize("dtype", LARGEST)
@pytest.mark.parametrize("others", [(3e3, 1e2), (2e4, 5.0), (7.0, 11.0)])
def test_a_product_that_leaves_the_range_on_the_way_is_no_other_function(dtype, others):
    x = np.array([[LARGEST[dtype] / np.prod(others), *others], [1.5, 0.5, 2.0]], dtype)
    for seed in range(4):
        assert "GC201" not in {f.code for f in report_vjp(products, x, seed=seed).errors}
        assert "GC201" in {f.code for f in report_vjp(products, x, options={"power": 1.1}, seed=seed).errors}


def test_that_a_smaller_multiple_shows_it(monkeypatch):
    monkeypatch.setattr(holding, "asked_jointly", lambda *_: Learned(behaves=False))
    x = np.array([[3e37 / 3e5, 3e3, 1e2], [1.5, 0.5, 2.0]], np.float32)
    assert not [seed for seed in range(4) if report_vjp(products, x, seed=seed).errors]
    monkeypatch.setattr(check, "_holds_without_overflow", lambda *_: False)
    assert "GC201" in {f.code for seed in range(4) for f in report_vjp(products, x, seed=seed).errors}
