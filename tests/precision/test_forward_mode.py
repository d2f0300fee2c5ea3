"""A jvp in few digits is held to the rounding that the op shows (GC402), in its own dtype."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.autograd import Function

from gradcheck import report_vjp
from gradcheck.adapters import from_torch
from gradcheck.laws.gc402_adjoint import check
from gradcheck.protocol.dtypes import as_dtype


def softmax(x):
    return torch.softmax(x, -1)


def kernel(by=1.0, row=1.0, *, low_only=False):
    """Softmax, whose forward mode is multiplied by a factor, or in its first row."""

    class Kernel(Function):
        @staticmethod
        def forward(x):
            if low_only and x.dtype == torch.float64:
                raise TypeError("not in float64")
            return softmax(x.float() if x.dtype != torch.float64 else x).to(x.dtype)

        @staticmethod
        def setup_context(ctx, inputs, output):
            ctx.save_for_backward(output)
            ctx.save_for_forward(output)

        @staticmethod
        def backward(ctx, dy):
            (y,) = ctx.saved_tensors
            wide, g = (t.to(torch.promote_types(t.dtype, torch.float32)) for t in (y, dy))
            return (wide * (g - (wide * g).sum(-1, keepdim=True))).to(dy.dtype)

        @staticmethod
        def jvp(ctx, v):
            (y,) = ctx.saved_tensors
            wide, t = (one.to(torch.promote_types(one.dtype, torch.float32)) for one in (y, v))
            moved = by * wide * (t - (wide * t).sum(-1, keepdim=True))
            moved[0] *= row
            return moved.to(v.dtype)

    return Kernel


def judged(function, dtype, seed=0):
    x = np.random.default_rng(5).normal(size=(3, 6)).astype(as_dtype(dtype))
    return report_vjp(from_torch(function), x, reference=softmax, seed=seed)


@pytest.mark.parametrize("low_only", [False, True])
@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_a_right_one_is_not_accused(dtype, low_only):
    for seed in range(4):
        report = judged(kernel(low_only=low_only), dtype, seed)
        assert report.verdict == "correct", str(report)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
@pytest.mark.parametrize("wrong", [{"by": 1.15}, {"row": -1.0}, {"by": -1.0}])
def test_a_wrong_one_is_found_in_few_digits(dtype, wrong):
    report = judged(kernel(low_only=True, **wrong), dtype)
    assert {finding.code for finding in report.errors} == {"GC402"}, str(report)


def test_that_is_what_finds_it(monkeypatch):
    monkeypatch.setattr(check, "entry_off", lambda *_: None)
    assert judged(kernel(low_only=True, by=1.15), "bfloat16").verdict == "correct"
