"""Low dtypes together with what a case says of a backward: the dtype of the adapter, a surrogate, one call only."""

from __future__ import annotations

import pytest
import torch
from torch.autograd import Function

from gradcheck import Case, report_case
from gradcheck.adapters import from_torch

pytestmark = pytest.mark.usefixtures("unexplained")

LOW = [torch.bfloat16, torch.float32]


class Rounded(Function):
    """Straight-through."""

    @staticmethod
    def forward(ctx, x):
        return x.round()

    @staticmethod
    def backward(ctx, dy):
        return dy.clone()


class Tenth(Rounded):
    @staticmethod
    def backward(ctx, dy):
        return dy * 1.1


class IntoCotangent(Function):
    """SiLU, whose gradient is written where the cotangent was."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.nn.functional.silu(x)

    @staticmethod
    def backward(ctx, dy):
        x = ctx.saved_tensors[0].double()
        s = torch.sigmoid(x)
        return dy.copy_(dy.double() * s * (1 + x * (1 - s)))


def judged(function, dtype, **said):
    return report_case(Case(from_torch(function, dtype=dtype), "(m,n)->(m,n)", **said), examples=10)


@pytest.mark.parametrize("dtype", LOW)
def test_a_surrogate_is_the_yardstick_of_the_backward_and_the_reference_that_of_the_value(dtype):
    said = {"surrogate": lambda x: x * 1, "reference": torch.round}
    assert judged(Rounded, dtype, **said).verdict == "correct"
    report = judged(Tenth, dtype, **said)
    assert {finding.code for finding in report.errors} == {"GC601"}, str(report)
    floored = judged(type("Floored", (Rounded,), {"forward": staticmethod(lambda ctx, x: x.floor())}), dtype, **said)
    assert floored.verdict == "wrong"


@pytest.mark.parametrize("dtype", LOW)
def test_a_backward_that_may_be_asked_once_is_measured_too(dtype):
    said = {"reference": torch.nn.functional.silu}
    assert judged(IntoCotangent, dtype, once=True, **said).verdict == "correct"
    assert {finding.code for finding in judged(IntoCotangent, dtype, **said).errors} <= {"GC203", "GC204"}
