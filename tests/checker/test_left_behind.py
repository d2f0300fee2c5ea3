"""A forward that answers with what was left in memory is found, and what only draws or counts is not taken for it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.autograd import Function

from gradcheck import Case, report_case, report_vjp
from gradcheck.adapters import from_torch
from gradcheck.laws.gc206_forward_repeatable import check
from gradcheck.laws.gc206_forward_repeatable.alike import apart_at
from gradcheck.laws.linear_combination import adds_up, all_add_up

LAST: list[torch.Tensor] = []


def bell(x):
    return torch.exp(-x.square())


def remembering(x):
    """The twin, which leaves its answer in memory."""
    y = bell(x)
    LAST[:] = [y.detach()]
    return y


def kernel(answer):
    """A Function with a right backward, and ``answer`` as its forward."""

    class Kernel(Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return answer(x)

        @staticmethod
        def backward(ctx, dy):
            (x,) = ctx.saved_tensors
            return -2 * x * bell(x) * dy

    return Kernel


def of_the_twin(x):
    found = LAST[0] if LAST and LAST[0].shape == x.shape else torch.zeros_like(x)
    return found.to(x.dtype).clone()


def of_its_last_call():
    kept: list[torch.Tensor] = []

    def answer(x):
        y = kept[0] if kept and kept[0].shape == x.shape and kept[0].dtype == x.dtype else bell(x)
        kept[:] = [bell(x)]
        return y.clone()

    return answer


def drawn():
    generator = torch.Generator()
    return lambda x: bell(x) * (1 + 0.1 * torch.rand(1, generator=generator).item())


def judged(answer, dtype, twin=remembering):
    return report_case(Case(from_torch(kernel(answer)), "(m,n)->(m,n)", reference=twin, dtype=dtype, borders={}), 6)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_memory_of_the_reference(dtype):
    report = judged(of_the_twin, dtype)
    assert report.verdict == "wrong", str(report)
    assert {finding.code for finding in report.errors} == {"GC206"}
    assert "with what its reference left behind" in report.errors[0].message
    assert judged(bell, dtype).verdict == "correct"


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_answer_of_its_own_last_call(dtype):
    report = judged(of_its_last_call(), dtype, twin=bell)
    assert report.verdict == "wrong", str(report)


def test_that_is_what_finds_them(monkeypatch):
    monkeypatch.setattr(check, "left_behind", lambda trial: None)
    assert judged(of_the_twin, "float32").verdict == "inconclusive"


def test_what_draws_is_not_taken_for_it():
    report = judged(drawn(), "float32", twin=bell)
    assert report.verdict == "inconclusive", str(report)
    assert not report.errors


@pytest.mark.parametrize("size", [715.0, 900.0])
def test_nor_is_what_draws_and_overflows(size):
    generator = np.random.default_rng(0)

    def noisy(x):
        e = generator.normal(size=x.shape) * np.exp(x)
        return x + e, lambda dy: (dy * (1 + e),)

    report = report_vjp(noisy, np.array([size]))
    assert report.verdict == "inconclusive", str(report)


@pytest.mark.parametrize("other", [-np.inf, np.nan, 1.0])
def test_beside_infinity_nothing_else_is_rounding(other):
    infinite, finite = np.array([1.0, np.inf]), np.array([1.0, other])
    assert apart_at(infinite, infinite, 2.0) is None
    assert apart_at(infinite, finite, 2.0) == apart_at(finite, infinite, 2.0) == (1,)
    assert not adds_up(finite, infinite, 1.0)
    assert not all_add_up([(finite, infinite, infinite)] * 2, 1.0, 1.0)
