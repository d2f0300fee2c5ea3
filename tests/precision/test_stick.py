"""The measuring stick: what it passes, what it finds, what it leaves undecided, and what it says."""

from dataclasses import replace

import numpy as np
import pytest

torch = pytest.importorskip("torch")
ml_dtypes = pytest.importorskip("ml_dtypes")

from gradcheck import Case, judge_example, report_case, report_vjp  # noqa: E402
from gradcheck.adapters import from_torch  # noqa: E402
from gradcheck.generation.search import find  # noqa: E402
from gradcheck.laws import LAWS  # noqa: E402
from gradcheck.point import judge_point  # noqa: E402

from .kernels import Accumulated, MissingTerm, RmsNorm, Softmax, only_low, rms_norm, with_gradient  # noqa: E402

DTYPES = ("bfloat16", "float16", "float32")
X = np.random.default_rng(0).normal(size=(5, 7))


def softmax(x):
    return torch.softmax(x, -1)


def codes(report):
    return {finding.code for finding in report.errors}


def case_of(function, twin, dtype, **more):
    return Case(from_torch(function), reference=twin, dtype=dtype, **more)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("function", "twin"), [(Softmax, softmax), (RmsNorm, rms_norm)])
def test_a_right_kernel_is_correct_and_its_table_says_how_near_it_came(function, twin, dtype):
    for wrapped in (function, only_low(function)):
        report = report_case(case_of(wrapped, twin, dtype), examples=20)
        assert report.verdict == "correct", str(report)
        assert [row.tensor for row in report.rows] == ["y", *(f"d{name}" for name in report.arguments)]
        assert all(row.verdict == "within" and row.yardstick >= 0 for row in report.rows)
        unit = {"bfloat16": 2**-7, "float16": 2**-10, "float32": 2**-23}[dtype]
        assert report.worst_floor < 4 * unit, str(report)


@pytest.mark.usefixtures("unexplained")
def test_accumulation_in_bfloat16_is_found_and_the_tensor_named():
    report = report_case(case_of(Accumulated, rms_norm, "bfloat16"), examples=60)
    assert codes(report) == {"GC601"}, str(report)
    assert {finding.argument for finding in report.errors} == {"w"}
    text = " ".join(str(report).split())
    assert "the yardstick by" in text
    assert "PyTorch's bfloat16" in text
    assert next(row for row in report.rows if row.tensor == "dx").verdict != "beyond"


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    "change",
    [
        lambda g: g * 1.05,
        lambda g: -g,
        torch.zeros_like,
        lambda g: torch.cat([g[:1], torch.zeros_like(g[1:])]),
        lambda g: torch.where(torch.arange(g.shape[-1]) == 1, g * 1.25, g),
        lambda g: torch.where(torch.arange(g.shape[-1]) == 0, torch.nan, g),
    ],
    ids=["factor", "sign", "zeros", "rows", "column", "nan"],
)
def test_what_is_wrong_is_found_in_every_dtype(change, dtype):
    wrong = only_low(with_gradient(Softmax, change))
    inputs = (X.astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype),)
    case = Case(from_torch(wrong), inputs=inputs, reference=softmax)
    report = judge_point(case, inputs)
    assert "GC601" in codes(report), str(report)
    others = [law for law in LAWS if law.code != "GC601"]
    assert "GC601" not in codes(judge_point(case, inputs, laws=others))


@pytest.mark.usefixtures("unexplained")
def test_a_missing_term_is_found_where_the_op_computes_in_float64_too():
    def wrong(x, w):
        scale = 1 / np.sqrt(np.mean(x**2, -1, keepdims=True) + 1e-6).astype(x.dtype)

        def wrong_vjp(dy):
            return dy * w * scale, (dy * x * scale).sum(0)

        return x * scale * w, wrong_vjp

    case = Case(wrong, "(m,n),(n)->(m,n)", dtype="float32", reference=rms_norm)
    assert "GC301" in codes(report_case(case, examples=20))
    assert "GC601" in codes(report_case(case_of(only_low(MissingTerm), rms_norm, "bfloat16"), examples=20))


def test_k_is_what_the_case_says():
    coarse = only_low(with_gradient(Softmax, lambda g: (g.float() * 1.016).to(g.dtype)))
    x = X.astype(ml_dtypes.bfloat16)
    strict, lax = (Case(from_torch(coarse), inputs=(x,), reference=softmax, k=k) for k in (1, 8))
    assert codes(judge_point(strict, (x,))) == {"GC601"}
    assert not codes(judge_point(lax, (x,)))


def test_the_worst_entry_and_the_mean_square_are_both_needed():
    """One entry in many is lost in the mean; a small factor of all is lost in the worst entry."""
    x = np.random.default_rng(0).normal(size=(64, 64)).astype(ml_dtypes.bfloat16)

    def entry(g):
        g = g.clone()
        g[3, 5] += 0.05 * g.abs().max()
        return g

    for change in (entry, lambda g: (g.float() * 1.015).to(g.dtype)):
        case = Case(from_torch(only_low(with_gradient(Softmax, change))), inputs=(x,), reference=softmax)
        assert codes(judge_point(case, (x,))) == {"GC601"}


def test_cancellation_is_found_named_and_excused_where_pytorch_loses_as_much():
    def losing(x):
        y = np.expm1(x)

        def losing_vjp(dy):
            return (dy * (y + 1),)

        return y, losing_vjp

    x = np.array([-18.0, 0.5, 1.0, -3.0], np.float32)
    report = report_vjp(losing, x, reference=torch.expm1)
    assert report.verdict == "correct", "PyTorch's own backward of expm1 is dy * (y + 1)"
    report = report_vjp(losing, x, reference=lambda x: torch.exp(x) - 1)
    assert codes(report) == {"GC601"}
    finding = report.errors[0]
    assert finding.index == (0,)
    assert finding.expected == pytest.approx(finding.expected)
    assert "cancel" in finding.likely_cause


def test_a_point_at_which_the_yardstick_is_off_by_more_than_a_tenth_decides_nothing():
    def cancels(x):
        return (x + 1000) - 1000

    class Same(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return ((x.float() + 1000) - 1000).to(x.dtype)

        @staticmethod
        def backward(ctx, dy):
            return dy

    x = (0.1 * X).astype(ml_dtypes.bfloat16)
    report = report_vjp(from_torch(only_low_plain(Same)), x, reference=cancels)
    row = report.rows[0]
    assert row.verdict == "undecided"
    assert "a tenth" in row.undecided
    assert not codes(report)


def only_low_plain(function):
    function.signature = None
    return only_low(function)


def test_a_twin_with_a_wrong_gradient_is_named_and_the_kernel_is_not():
    class Wrong(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return torch.softmax(x, -1)

        @staticmethod
        def backward(ctx, dy):
            return 2 * dy

    x = X.astype(ml_dtypes.bfloat16)
    report = report_vjp(from_torch(only_low(Softmax)), x, reference=Wrong.apply)
    assert report.verdict == "inconclusive", str(report)
    assert not report.errors
    assert "of the twin" in report.findings[0].message


def test_a_twin_that_does_not_run_in_the_dtype_is_a_sentence():
    def twin(x):
        if x.dtype == torch.float16:
            raise RuntimeError("not implemented for 'Half'")
        return torch.softmax(x, -1)

    report = report_vjp(from_torch(only_low(Softmax)), X.astype(np.float16), reference=twin)
    assert any("the twin does not run in float16" in remark for remark in report.remarks)
    assert report.verdict == "correct"


def test_bfloat16_without_a_twin_asks_for_one():
    report = report_vjp(from_torch(only_low(Softmax)), X.astype(ml_dtypes.bfloat16))
    assert report.verdict == "inconclusive"
    assert "name its twin" in str(report)


def test_exact_zeros_and_what_leaks_into_them():
    """Beside a mask the gradient is exactly zero, in PyTorch and in truth."""
    mask = torch.tensor([1, 1, 0, 1, 0, 1, 1], dtype=torch.bool)

    class Masked(torch.autograd.Function):
        leak = 0.0

        @staticmethod
        def forward(ctx, x):
            return torch.where(mask, x, 0)

        @staticmethod
        def backward(ctx, dy):
            return torch.where(mask, dy, dy * Masked.leak)

    def twin(x):
        return torch.where(mask, x, 0)

    x = X.astype(ml_dtypes.bfloat16)
    assert report_vjp(from_torch(only_low_plain(Masked)), x, reference=twin).verdict == "correct"
    Masked.leak = 1e-4
    report = report_vjp(from_torch(only_low_plain(Masked)), x, reference=twin)
    assert codes(report) == {"GC601"}
    assert "exactly 0" in str(report)


def test_laws_of_behaviour_are_sharp_in_bfloat16():
    x = X.astype(ml_dtypes.bfloat16)
    clipped = only_low(with_gradient(Softmax, lambda g: g.clamp(-1, 1)))
    report = judge_point(Case(from_torch(clipped), inputs=(x,), reference=softmax), (x,))
    assert codes(report) & {"GC201", "GC601"}

    kept = []

    def stale(g):
        kept.append(g)
        return kept[0]

    report = judge_point(
        Case(from_torch(only_low(with_gradient(Softmax, stale))), inputs=(x,), reference=softmax), (x,)
    )
    assert codes(report) & {"GC201", "GC203"}, str(report)


def test_float64_is_judged_as_ever():
    x = X
    plain = report_vjp(from_torch(torch.nn.functional.silu), x, reference=torch.nn.functional.silu)
    assert plain.verdict == "correct"
    assert plain.rows == ()
    assert plain.worst_floor < 1e-9


def test_the_table_is_in_the_text_and_in_the_dictionary():
    case = case_of(RmsNorm, rms_norm, "bfloat16")
    report = report_case(replace(case, name="rms"), examples=6)
    lines = str(report).splitlines()
    head = next(line for line in lines if line.split()[:3] == ["tensor", "error", "yardstick"])
    assert "missed below" in head
    assert [row["tensor"] for row in report.to_dict()["rows"]] == ["y", "dx", "dw"]
    assert all(row["verdict"] == "within" for row in report.to_dict()["rows"])


def test_a_twin_that_computes_in_float32_inside_is_said_to_demand_as_much():
    def plain(x, w):
        return rms_norm(x, w)

    def wide(x, w):
        return rms_norm(x.float(), w.float()).to(x.dtype)

    for twin, says in ((wide, True), (plain, False)):
        case = case_of(Accumulated, twin, "bfloat16")
        report = judge_example(case, find(case, 60, 0, verdict_only=True).example)
        assert report.verdict == "wrong"
        assert any("the twin computes in float32 inside" in remark for remark in report.remarks) == says


def test_a_result_that_is_cut_off_shows_over_the_examples_only():
    class CutOff(torch.autograd.Function):
        signature = "(m,n),(m,n)->(m,n)"

        @staticmethod
        def forward(ctx, x, w):
            ctx.save_for_backward(x, w)
            return x * w

        @staticmethod
        def backward(ctx, dy):
            x, w = ctx.saved_tensors
            dx = dy.float() * w.float()
            return (dx.contiguous().view(torch.int32) >> 16 << 16).view(torch.float32).to(x.dtype), dy * x

    report = report_case(case_of(CutOff, torch.mul, "bfloat16"), examples=60)
    assert codes(report) == {"GC602"}, str(report)
    assert {finding.argument for finding in report.errors} == {"x"}
