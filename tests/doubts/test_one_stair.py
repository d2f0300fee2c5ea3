"""Steps that stay on one stair of lost digits see the slope of all else, and agree with who forgot a term."""

import sys

import numpy as np
import pytest

from gradcheck import Case, report_case, report_vjp
from gradcheck.generation import search
from gradcheck.laws.gc301_derivative import check
from gradcheck.numerics.doubts import finer_structure

pytestmark = pytest.mark.usefixtures("unexplained")

AT = np.array([0.7, 1.5, 1.2])


def offset(far, share=1.0):
    """Beside a large constant that is taken out again; of its slope, ``share`` is claimed."""

    def offset(x):
        return 5 * np.log(x) + ((far + x) - far), lambda dy: (dy * (5 / x + share),)

    return offset


def float32_term(share=1.0):
    def float32_term(x):
        a = (np.sin(x).astype(np.float32) * np.float32(0.3)).astype(np.float64)
        return np.exp(x) + a, lambda dy: (dy * (np.exp(x) + share * 0.3 * np.cos(x)),)

    return float32_term


def remainder(share=1.0):
    """What jumps and keeps its digits: between two jumps it has a slope of its own."""

    def remainder(x):
        return np.mod(x, 7) - 2 * x, lambda dy: (dy * (share - 2),)

    return remainder


OPS = [
    *[pytest.param(lambda share, far=far: offset(far, share), id=f"beside {far:g}") for far in (1e7, 1e9, 1e11)],
    pytest.param(float32_term, id="term in float32"),
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("make", OPS)
def test_a_forgotten_term_is_not_missed(make, seed):
    assert report_vjp(make(0.0), AT, seed=seed).verdict != "correct"


@pytest.mark.parametrize("make", OPS)
def test_a_case_that_forgets_it_is_wrong(make):
    """At most seeds: beside 1e11 so few digits are left that some draws decide nothing."""
    verdicts = [str(search(Case(make(0.0), "(n)->(n)"), 100, seed, verdict_only=True).verdict) for seed in range(4)]
    assert "correct" not in verdicts
    assert "wrong" in verdicts


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("make", OPS)
def test_with_it_nothing_is_said(make, seed):
    assert report_vjp(make(1.0), AT, seed=seed).verdict != "wrong"


def test_beside_an_exponential_too():
    def exponential(x):
        return 5 * np.exp(x) + ((1e9 + x) - 1e9), lambda dy: (dy * 5 * np.exp(x),)

    assert report_case(Case(exponential, "(n)->(n)")).verdict == "wrong"


@pytest.mark.parametrize("seed", range(3))
def test_what_jumps_and_keeps_its_digits_is_judged_between_two_jumps(seed):
    far = np.array([-5.8e8, 9.9e8])
    assert report_vjp(remainder(), far, seed=seed).verdict == "correct"
    assert report_vjp(remainder(-1.0), far, seed=seed).verdict != "correct"


def test_without_it_the_forgotten_term_is_not_missed(monkeypatch):
    monkeypatch.setattr(check, "agrees_on_one_stair", lambda *_: False)
    monkeypatch.setattr(sys.modules["gradcheck.numerics.contest"], "agrees_on_one_stair", lambda *_: False)
    monkeypatch.setattr(finer_structure, "is_on_one_stair", lambda *_: False)
    verdicts = [report_vjp(op, AT).verdict for op in (offset(1e9, 0.0), float32_term(0.0))]
    assert verdicts == ["correct", "correct"]
