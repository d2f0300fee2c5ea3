"""What float64 rounds away where terms cancel, the twin may have lost: an op that has not is not accused of it.

Behind a softmax of which one entry is all, the gradient of that entry is what the others leave: 1e-28 beside 1.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch.autograd import Function

from gradcheck import report_vjp
from gradcheck.trial import golden

pytestmark = pytest.mark.usefixtures("unexplained")


def attend(*, factor=1.0):
    """Attention by given scores; its backward takes off the cotangent of the likeliest first, so that none is lost."""

    def op(scores, value):
        top = scores.argmax(axis=-1, keepdims=True)
        p = np.exp(scores - np.take_along_axis(scores, top, axis=-1))
        p /= p.sum(axis=-1, keepdims=True)

        def vjp(dy):
            dp = dy @ value.T
            dp -= np.take_along_axis(dp, top, axis=-1)
            return factor * p * (dp - (p * dp).sum(axis=-1, keepdims=True)), p.T @ dy

        return p @ value, vjp

    return op


class Losing(Function):
    """The same by the sum of p dp, which is taken for the cotangent of the likeliest where p is 1 there."""

    @staticmethod
    def forward(ctx, scores, value):
        p = torch.softmax(scores, -1)
        ctx.save_for_backward(p, value)
        return p @ value

    @staticmethod
    def backward(ctx, dy):
        p, value = ctx.saved_tensors
        dp = dy @ value.T
        likeliest, top = p.max(-1, keepdim=True)
        total = torch.where(likeliest > 1 - 1e-6, dp.gather(-1, top), (p * dp).sum(-1, keepdim=True))
        return p * (dp - total), p.T @ dy


def verdict(op, gap, seed):
    random = np.random.default_rng(seed)
    scores = np.array([[0.0, gap]]) + random.normal(size=(1, 2)) / 10
    at = scores.astype(np.float32), random.normal(size=(2, 3)).astype(np.float32)
    return str(report_vjp(op, *at, reference=Losing.apply, seed=seed).verdict)


GAPS = [45.0, 64.0, 70.0, 80.0]


@pytest.mark.parametrize("gap", GAPS)
def test_what_the_twin_has_lost_in_float64_is_held_against_nobody(gap):
    assert {verdict(attend(), gap, seed) for seed in range(4)} <= {"correct", "inconclusive"}


@pytest.mark.parametrize("gap", [1.0, 3.0])
def test_what_is_wrong_where_nothing_is_lost_is_found(gap):
    assert {verdict(attend(factor=1.01), gap, seed) for seed in range(4)} == {"wrong"}


def test_that_float64_would_lose_it_too_is_what_tells(monkeypatch):
    monkeypatch.setattr(golden, "COMPUTED", 0.0)
    assert any(verdict(attend(), gap, seed) == "wrong" for gap in GAPS for seed in range(4))
