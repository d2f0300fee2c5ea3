"""Where a forward has lost its digits another memory layout gives another value, and that is no mistake of strides."""

import numpy as np
import pytest
import torch
from torch.autograd import Function

from gradcheck import Case, report_case, report_vjp
from gradcheck.adapters import from_torch
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


class Cost(Function):
    """A cost in bfloat16 that reads its memory in the order in which it lies."""

    @staticmethod
    def forward(ctx, x):
        weight = torch.arange(1, x.numel() + 1).to(x.dtype) / 4
        ctx.save_for_backward(weight.reshape(x.shape))
        return (torch.as_strided(x, (x.numel(),), (1,), x.storage_offset()) * weight).sum()

    @staticmethod
    def backward(ctx, dy):
        return dy * ctx.saved_tensors[0]


def weighted_sum(x):
    return (x.reshape(-1) * torch.arange(1, x.numel() + 1).to(x.dtype) / 4).sum()


def test_a_cost_of_few_digits_that_reads_without_regard_to_strides_is_found_by_the_law_of_layouts():
    case = Case(from_torch(Cost), "(m,n)->()", reference=weighted_sum, dtype="bfloat16", borders={})
    assert [finding.code for finding in report_case(case, 20).errors] == ["GC207"]
