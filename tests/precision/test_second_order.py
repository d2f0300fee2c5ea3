"""Second derivatives that exist in few digits only are held against PyTorch's autograd, asked twice (GC401)."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")

from torch.autograd import Function  # noqa: E402

from gradcheck import Case, report_case  # noqa: E402
from gradcheck.adapters import from_torch  # noqa: E402
from gradcheck.laws.gc401_second import check  # noqa: E402

pytestmark = pytest.mark.usefixtures("unexplained")

DTYPES = ("float32", "bfloat16", "float16")


def silu(x):
    return x * torch.sigmoid(x)


def slopes(x):
    """The first and the second derivative, in float32."""
    wide = x.float()
    s = torch.sigmoid(wide)
    return s * (1 + wide * (1 - s)), s * (1 - s) * (2 + wide * (1 - 2 * s))


class Gradient(Function):
    """Of SiLU, as a function of ``x`` and ``dy``; subclasses get its derivative wrong."""

    @staticmethod
    def forward(ctx, x, dy):
        ctx.save_for_backward(x, dy)
        return (slopes(x)[0] * dy.float()).to(x.dtype)

    @classmethod
    def of_x(cls, second, dy, du):
        return second * dy * du

    @classmethod
    def of_dy(cls, first, du):
        return first * du


class Half(Gradient):
    @classmethod
    def of_x(cls, second, dy, du):
        return second * dy * du / 2


class Sign(Gradient):
    @classmethod
    def of_x(cls, second, dy, du):
        return -second * dy * du


class LastRow(Gradient):
    @classmethod
    def of_x(cls, second, dy, du):
        found = second * dy * du
        found[-1:] = 0
        return found


class Constant(Gradient):
    """As if the gradient did not depend on the cotangent."""

    @classmethod
    def of_dy(cls, first, du):
        return torch.zeros_like(first)


def kernel(gradient):
    class Whole(gradient):
        @staticmethod
        def backward(ctx, du):
            x, dy = ctx.saved_tensors
            first, second = slopes(x)
            wide = du.float()
            return gradient.of_x(second, dy.float(), wide).to(x.dtype), gradient.of_dy(first, wide).to(x.dtype)

    class Kernel(Function):
        @staticmethod
        def forward(ctx, x):
            if x.dtype == torch.float64:
                raise TypeError("a kernel of few digits")
            ctx.save_for_backward(x)
            return silu(x.float()).to(x.dtype)

        @staticmethod
        def backward(ctx, dy):
            (x,) = ctx.saved_tensors
            return Whole.apply(x, dy)

    return from_torch(Kernel)


def judged(gradient, dtype, seed=0):
    case = Case(kernel(gradient), "(m,n)->(m,n)", dtype=dtype, reference=silu, order=2, borders={})
    return report_case(case, examples=8, seed=seed)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("seed", range(3))
def test_right_ones_are_right(dtype, seed):
    report = judged(Gradient, dtype, seed)
    assert report.verdict == "correct", str(report)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("gradient", [Half, Sign, LastRow, Constant])
def test_a_wrong_second_derivative_of_a_right_gradient_is_found(gradient, dtype):
    assert {finding.code for finding in judged(gradient, dtype).errors} == {"GC401"}


@pytest.mark.parametrize("dtype", DTYPES)
def test_that_is_what_finds_it(dtype, monkeypatch):
    monkeypatch.setattr(check, "_beyond_the_stick", lambda *_: [])
    assert judged(Half, dtype).verdict != "wrong"
