"""Repeated calls that differ by rounding are a column of the table; further apart than is allowed they are named."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.autograd import Function

from gradcheck import Case, Integers, report_case, report_vjp
from gradcheck.adapters import from_torch
from gradcheck.precision import Error
from gradcheck.protocol.dtypes import as_dtype
from gradcheck.trial import Trial


def gather(*, accumulator=None, lost=0.0):
    """Rows of a table; gradients are added up in another order at each call, in ``accumulator``, and some are lost."""
    order = torch.Generator()

    class Gather(Function):
        @staticmethod
        def forward(ctx, w, tokens):
            ctx.save_for_backward(tokens)
            ctx.shape = w.shape
            return w[tokens]

        @staticmethod
        def backward(ctx, dy):
            (tokens,) = ctx.saved_tensors
            dtype = torch.float64 if dy.dtype == torch.float64 else accumulator or torch.float32
            dw = torch.zeros(ctx.shape, dtype=dtype)
            for one in torch.randperm(len(tokens), generator=order).tolist():
                if torch.rand(1, generator=order).item() >= lost:
                    dw[tokens[one]] += dy[one].to(dtype)
            return dw.to(dy.dtype), None

    return Gather


def product(w, tokens):
    return torch.nn.functional.one_hot(tokens, len(w)).to(w.dtype) @ w


def judged(function, dtype, examples=8):
    domains = {"tokens": Integers(0, "v")}
    sizes = {"v": (1, 4), "d": (1, 8)}
    more = {"domains": domains, "sizes": sizes, "borders": {}}
    return report_case(Case(from_torch(function), "(v,d),(n)->(n,d)", reference=product, dtype=dtype, **more), examples)


def at_a_point(function, dtype):
    w = np.random.default_rng(0).normal(size=(2, 4)).astype(as_dtype(dtype))
    return report_vjp(from_torch(function), w, np.arange(24) % 2, reference=product)


@pytest.mark.parametrize(("dtype", "accumulator"), [("float32", None), ("bfloat16", torch.bfloat16)])
def test_sums_in_no_fixed_order_are_a_column_and_no_finding(dtype, accumulator):
    report = at_a_point(gather(accumulator=accumulator), dtype)
    dw = next(row for row in report.rows if row.tensor == "dw")
    assert 0 < dw.spread < 0.1
    assert "calls apart" in str(report)
    assert "GC203" not in {finding.code for finding in report.findings}
    assert next(row for row in report.to_dict()["rows"] if row["tensor"] == "dw")["spread"] == dw.spread


def test_right_sums_in_no_fixed_order_are_correct():
    report = judged(gather(), "float32")
    assert report.verdict == "correct", str(report)
    assert not report.findings


def test_where_all_calls_agree_there_is_no_column():
    report = judged(lambda w, tokens: w[tokens], "bfloat16")
    assert report.verdict == "correct"
    assert not any(row.spread for row in report.rows)
    assert "calls apart" not in str(report)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_a_race_is_wrong(dtype):
    assert at_a_point(gather(lost=0.05), dtype).verdict == "wrong"


class Unsteady(Function):
    """Twice x, with a gradient that is off by two parts in a hundred at some calls and not at others."""

    luck = torch.Generator()

    @staticmethod
    def forward(ctx, x):
        return 2 * x

    @staticmethod
    def backward(ctx, dy):
        if dy.dtype == torch.float64:
            return 2 * dy
        return 2 * dy * (1.02 if torch.rand(1, generator=Unsteady.luck).item() < 0.3 else 1.0)


def test_calls_further_apart_than_is_allowed_are_named(monkeypatch):
    x = np.linspace(-2, 2, 24).reshape(4, 6).astype(as_dtype("bfloat16"))

    def said(seed):
        Unsteady.luck.manual_seed(seed)
        return report_vjp(from_torch(Unsteady), x, reference=lambda x: 2 * x)

    reports = [said(seed) for seed in range(8)]
    named = [report for report in reports if "another one each time" in str(report)]
    assert named
    assert all(report.verdict == "wrong" for report in named)
    monkeypatch.setattr(Trial, "spreads", property(lambda trial: (Error(0.0, 0.0),) * 2))
    assert not any("another one each time" in str(said(seed)) for seed in range(8))
