"""Every autograd.Function of the package entmax: sparse alternatives to softmax, and their losses."""

from __future__ import annotations

import entmax
import numpy as np

from gradcheck import Integers, Reals

from .rows import by_name, torch_row

MATRIX, SCORES = "(m,n)->(m,n)", "(n,c),(n)->(n)"
LABELS = {"target": Integers(0, "c")}
EACH_AXIS = {"dim": [-1, 0]}
FULL = np.array([[1.5, 1.5, -0.5, -0.5]])


def entmax_bisect(X, alpha, *, dim):
    return entmax.entmax_bisect(X, alpha, dim=dim)


def normmax_bisect(X, *, alpha, dim):
    return entmax.normmax_bisect(X, alpha, dim)


def budget_bisect(X, *, budget):
    return entmax.budget_bisect(X, budget)


def entmax_bisect_loss(X, target, *, alpha):
    return entmax.entmax_bisect_loss(X, target, alpha)


def normmax_bisect_loss(X, target, *, alpha):
    return entmax.normmax_bisect_loss(X, target, alpha)


def mean_sparsemax_loss(X, target):
    return entmax.SparsemaxLoss(reduction="elementwise_mean")(X, target)


FUNCTIONS = [
    torch_row(entmax.sparsemax, MATRIX, options={**EACH_AXIS, "k": [None, 2]}),
    torch_row(entmax.entmax15, MATRIX, options={**EACH_AXIS, "k": [None, 2]}),
    torch_row(entmax.sparsemax_bisect, MATRIX, options=EACH_AXIS),
    torch_row(entmax_bisect, "(m,n),()->(m,n)", options=EACH_AXIS, alpha=Reals(1.1, 3)),
    torch_row(entmax_bisect, "(m,n),(m,1)->(m,n)", "entmax_bisect by rows", options={"dim": -1}, alpha=Reals(1.1, 3)),
    torch_row(normmax_bisect, MATRIX, options={"alpha": [2.0, 1.5, 3.0], **EACH_AXIS}),
    torch_row(budget_bisect, "(m,4)->(m,4)", options={"budget": [2.0, 1.0, 2.5]}),
    torch_row(entmax.sparsemax_loss, SCORES, **LABELS),
    torch_row(entmax.sparsemax_bisect_loss, SCORES, **LABELS),
    torch_row(entmax.entmax15_loss, SCORES, **LABELS),
    torch_row(entmax_bisect_loss, SCORES, options={"alpha": [1.5, 2.0, 1.2]}, **LABELS),
    torch_row(normmax_bisect_loss, SCORES, options={"alpha": [2.0, 1.5]}, **LABELS),
    torch_row(mean_sparsemax_loss, "(n,c),(n)->()", **LABELS),
]

KNOWN_WRONG = by_name(
    (
        torch_row(budget_bisect, None, "budget_bisect of a full budget", options={"budget": 2.0}, inputs=(FULL,)),
        "The budget of 2 is spent on the two larger scores, by 1 each, and no small change of X changes that: the "
        "derivative is 0. The bisection ends 2e-15 below 1, which the backward takes for scores that still move.",
    ),
)
