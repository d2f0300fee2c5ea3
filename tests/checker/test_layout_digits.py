"""Where a forward has lost its digits another memory layout gives another value, and that is no mistake of strides."""

import numpy as np
import pytest

from gradcheck import report_vjp
from gradcheck.trial import Trial

pytestmark = pytest.mark.usefixtures("unexplained")

SEEDS = range(4)
TINY = np.array([3e-9, -2e-9])


def exponential_remainder(x):
    e = np.exp(x)
    return e - 1 - x, lambda dy: (dy * e - dy,)


def logarithm_remainder(x):
    return np.log(1 + x) - x, lambda dy: (dy / (1 + x) - dy,)


def blind_to_strides(x):
    e = np.exp(x if x.flags.c_contiguous else np.ascontiguousarray(x)[::-1])
    return e - 1 - x, lambda dy: (dy * np.exp(x) - dy,)


def codes(op, x, seed):
    return {finding.code for finding in report_vjp(op, x, seed=seed).errors}


@pytest.mark.parametrize("op", [exponential_remainder, logarithm_remainder])
@pytest.mark.parametrize("scale", [1.0, 1e3, 1e6])
def test_what_is_right_is_not_accused(op, scale):
    assert not any(codes(op, scale * TINY, seed) for seed in SEEDS)


@pytest.mark.parametrize("x", [TINY, np.array([0.3, -0.2])], ids=["tiny", "ordinary"])
def test_what_reads_without_regard_to_strides_is(x):
    assert all("GC207" in codes(blind_to_strides, x, seed) for seed in SEEDS)


def test_without_it_the_right_one_is(monkeypatch):
    monkeypatch.setattr(Trial, "lost_here", [0.0])
    assert any("GC207" in codes(exponential_remainder, TINY, seed) for seed in SEEDS)
