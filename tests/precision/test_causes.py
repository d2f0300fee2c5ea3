"""Why a gradient is wrong that exists in few digits only: the same causes, beside the twin's float64."""

import pytest

torch = pytest.importorskip("torch")
ml_dtypes = pytest.importorskip("ml_dtypes")
import numpy as np  # noqa: E402

import gradcheck.diagnosis.evidence  # noqa: E402
import gradcheck.diagnosis.looking  # noqa: E402
from gradcheck import Case, report_case, report_vjp  # noqa: E402
from gradcheck.adapters import from_torch  # noqa: E402
from gradcheck.diagnosis import diagnose  # noqa: E402
from gradcheck.generation.search import find  # noqa: E402

from .kernels import Softmax, only_low, with_gradient  # noqa: E402


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch):
    monkeypatch.setattr(gradcheck.diagnosis.evidence, "SECONDS", 60.0)


def judged(change, dtype="bfloat16"):
    case = Case(
        from_torch(only_low(with_gradient(Softmax, change))), reference=lambda x: torch.softmax(x, -1), dtype=dtype
    )
    return report_case(case, examples=3).errors[0]


@pytest.mark.parametrize(
    ("change", "cause"),
    [(lambda g: 2 * g, "factor"), (lambda g: -g, "sign"), (torch.zeros_like, "missing")],
    ids=["factor", "sign", "missing"],
)
def test_the_cause_is_said_where_the_op_refuses_float64(change, cause, monkeypatch):
    finding = judged(change)
    assert finding.code == "GC601"
    assert finding.cause == cause
    assert finding.certain is False
    assert f"`{finding.argument}`" in finding.likely_cause
    if cause == "factor":
        monkeypatch.setattr(gradcheck.diagnosis.looking, "beside_twin", lambda *_: None)
        assert judged(change).cause is None


class SquaredRelu(torch.autograd.Function):
    """Computes in the dtype that it is given, float64 too."""

    signature = "(m,n)->(m,n)"

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return torch.relu(x) ** 2

    @staticmethod
    def backward(ctx, dy):
        (x,) = ctx.saved_tensors
        return 2 * dy * torch.relu(x)


def in_both(function, dtype):
    """The case, and where it fails."""
    case = Case(from_torch(function), reference=lambda x: torch.relu(x) ** 2, dtype=dtype)
    found = find(case, 20, 0)
    return case, found.report, found.example


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
@pytest.mark.parametrize(
    ("change", "cause"), [(lambda g: g / 2, "factor"), (lambda g: -g, "sign")], ids=["factor", "sign"]
)
def test_the_cause_is_looked_for_in_float64_where_the_op_computes_in_it(change, cause, dtype, monkeypatch):
    failure = in_both(with_gradient(SquaredRelu, change), dtype)
    finding = diagnose(*failure).errors[0]
    assert (finding.code, finding.cause) == ("GC301", cause)
    monkeypatch.setattr(gradcheck.diagnosis.looking, "in_float64", lambda *_: None)
    assert diagnose(*failure).errors[0].cause is None


def test_that_large_terms_cancel_is_not_all_that_an_exact_zero_may_mean():
    class Masked(SquaredRelu):
        @staticmethod
        def backward(ctx, dy):
            (x,) = ctx.saved_tensors
            return torch.where(x > 0.1, 2 * dy * x, 0)

    x = np.array([[1.5, 2.5, 0.05, -1.0], [0.7, 3.0, 0.04, 2.0]]).astype(ml_dtypes.bfloat16)

    def twin(x):
        return torch.relu(x) ** 2

    (finding,) = report_vjp(from_torch(Masked), x, reference=twin).errors
    assert (finding.code, finding.claimed) == ("GC601", 0)
    assert finding.likely_cause.startswith("a mask covers it")
    assert report_vjp(from_torch(SquaredRelu), x, reference=twin).verdict == "correct"


def test_of_what_has_no_pattern_nothing_is_said():
    def scattered(g):
        return (g.float() * (1 + 0.3 * torch.sin(1e4 * g.float()))).to(g.dtype)

    assert judged(scattered).cause is None
