"""Why a gradient is wrong that exists in few digits only: the same causes, beside the twin's float64."""

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("ml_dtypes")

import gradcheck.diagnosis.evidence  # noqa: E402
import gradcheck.diagnosis.looking  # noqa: E402
from gradcheck import Case, report_case  # noqa: E402
from gradcheck.adapters import from_torch  # noqa: E402

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


def test_of_what_has_no_pattern_nothing_is_said():
    def scattered(g):
        return (g.float() * (1 + 0.3 * torch.sin(1e4 * g.float()))).to(g.dtype)

    assert judged(scattered).cause is None
