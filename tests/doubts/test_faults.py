"""Right backwards over forwards that have lost digits or are narrow inside: what once was called wrong at some seed."""

import numpy as np
import pytest
import torch

from gradcheck import Case, report_case, report_vjp
from gradcheck.adapters import from_torch, from_value_and_grad
from gradcheck.laws.gc301_derivative import findings

pytestmark = pytest.mark.usefixtures("unexplained")


FEW = 40  # examples, of which each asks torch some hundred times: every kind of size and value is among them


def seeds_called_wrong(report, seeds):
    return [seed for seed in range(seeds) if report(seed).verdict == "wrong"]


X, Y = np.array([0.91, -1.54]), np.array([2.0, 2.0])
AT = np.array([20.0])  # where p is next to 1: log(1 - p) is a staircase


def log_likelihood(beta):
    p = 1 / (1 + np.exp(X * beta[0]))
    return float(np.sum(np.log(p) + Y * np.log(1 - p)))


def score(beta):
    mean = np.exp(X * beta[0])
    return np.array([X @ ((Y - mean) / (1 + mean))])


def test_a_likelihood_that_rounds_one_minus_p():
    op = from_value_and_grad(log_likelihood, score)
    assert not seeds_called_wrong(lambda seed: report_vjp(op, AT, seed=seed), 8)


def test_a_wrong_score_is_measured_to_the_digits_that_are_left():
    op = from_value_and_grad(log_likelihood, lambda beta: 2 * score(beta))
    for seed in range(8):
        report = report_vjp(op, AT, seed=seed)
        finding = report.errors[0]
        assert abs(finding.claimed / finding.expected - 2) < 0.1, "small steps see a slope that is stable and false"
        assert finding.error > 1e-4 * abs(finding.expected)
        assert report.floor["beta"] > 1e-3


def test_a_square_that_is_absorbed_by_one():
    def log_of_one_and_squares(a):
        total = 1 + np.sum(a**2)
        return np.log(total), lambda dy: (dy * 2 * a / total,)

    def report(seed):
        return report_vjp(log_of_one_and_squares, np.random.default_rng(seed).normal(size=3) * 1e-6, seed=seed)

    assert not seeds_called_wrong(report, 20)


def test_a_third_in_float32():
    def third(x):
        return (x.astype(np.float32) / np.float32(3)).astype(x.dtype), lambda dy: (dy / 3,)

    assert not seeds_called_wrong(lambda seed: report_case(Case(third, "(n)->(n)"), seed=seed), 4)


class Triple(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return (3 * x).to(torch.bfloat16).to(x.dtype)

    @staticmethod
    def backward(ctx, dy):
        return 3 * dy


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_product_rounded_to_bfloat16(dtype):
    case = Case(from_torch(Triple), "(n)->(n)", dtype=dtype)
    assert not seeds_called_wrong(lambda seed: report_case(case, FEW, seed), 3)


def test_why_nothing_settles_is_looked_for_once_a_case(monkeypatch):
    """It takes some hundred forwards, and of what the examples say of an argument the first is reported."""
    asked = []
    looked = findings.is_staircase
    monkeypatch.setattr(findings, "is_staircase", lambda *point: asked.append(1) or looked(*point))

    def rounded(x):
        return np.round(x), lambda dy: (1.0 * dy,)

    report = report_case(Case(rounded, "(n)->(n)"), 10)
    assert report.verdict == "inconclusive"
    assert [finding.message for finding in report.findings] == [f"`x`: {findings.STAIRCASE}"]
    assert len(asked) == 1


class Norm(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        rstd = torch.rsqrt(x.pow(2).mean(dim=-1, keepdim=True) + 1e-6)
        ctx.save_for_backward(x, rstd)
        return (x * rstd).to(torch.bfloat16).to(x.dtype)

    @staticmethod
    def backward(ctx, dy):
        x, rstd = ctx.saved_tensors
        unit = x * rstd
        return rstd * (dy - unit * (dy * unit).mean(dim=-1, keepdim=True))


@pytest.mark.parametrize("seed", range(3))
def test_a_norm_rounded_to_bfloat16(seed):
    report = report_case(Case(from_torch(Norm), "(n,d)->(n,d)", dtype="float32"), FEW, seed)
    assert report.verdict != "wrong", str(report)
