"""The diabetes set of scikit-learn: how a disease goes on, from ten measurements of 442 patients."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from .._typing import FloatArray
from ..losses.mse_loss import mse_loss
from ..networks.mlp import mlp, mlp_parameters
from ..networks.with_cost import with_cost
from ..training.adam import AdamW
from ..training.batches import MiniBatches
from ..training.fit import fit
from ..training.schedules import CosineDecay
from .result import AbsentError, Result

FOLDS = 10
NETWORKS = 5
"""Whose mean is the prediction: by itself, one of them errs by its start more than by its data."""
STEPS = 200
HIDDEN, ACTIVATION = 64, "softplus"


def run(folder: Path, steps: int | None, progress: Callable[[int, float], None]) -> Result:
    """Every patient is held out once: ten folds, the mean of five networks each, beside linear regression."""
    x, y = _loaded()
    steps = STEPS if steps is None else steps
    optimizer = AdamW(CosineDecay(2e-3, max(1, steps)), weight_decay=0.3)
    cost = with_cost(mlp, mse_loss, activation=ACTIVATION, data_gradients=False)
    squared = {"linear": 0.0, "mlp": 0.0}
    costs: list[list[float]] = []
    order = np.random.default_rng(0).permutation(len(y))
    for held_out in np.array_split(order, FOLDS):
        rows = np.setdiff1d(order, held_out)
        centre, spread = x[rows].mean(axis=0), x[rows].std(axis=0)
        known, asked = (x[rows] - centre) / spread, (x[held_out] - centre) / spread
        target = ((y[rows] - y[rows].mean()) / y[rows].std())[:, None]

        slopes = np.linalg.lstsq(_with_one(known), target, rcond=None)[0]
        answers = {"linear": _with_one(asked) @ slopes, "mlp": np.zeros((len(held_out), 1))}
        for seed in range(NETWORKS):
            start = mlp_parameters((x.shape[1], HIDDEN, 1), seed=seed)
            batches = MiniBatches((known, target), 32, seed=seed)
            training = fit(cost, start, batches, optimizer, steps=steps, on_step=progress)
            costs.append(list(training.costs))
            answers["mlp"] += mlp(training.parameters, asked, activation=ACTIVATION)[0] / NETWORKS
        for name, answer in answers.items():
            predicted = answer[:, 0] * y[rows].std() + y[rows].mean()
            squared[name] += float(((predicted - y[held_out]) ** 2).sum())

    figures = {f"mse of {name}": total / len(y) for name, total in squared.items()}
    return Result(
        f"diabetes: mean squared error over all {len(y)} patients, each held out once: "
        f"{figures['mse of mlp']:.0f} by the mean of {NETWORKS} networks, "
        f"{figures['mse of linear']:.0f} by linear regression",
        figures,
        np.mean(costs, axis=0).tolist(),
    )


def _loaded() -> tuple[FloatArray, FloatArray]:
    try:
        from sklearn.datasets import load_diabetes
    except ImportError:
        raise AbsentError("diabetes is bundled with scikit-learn: pip install scikit-learn") from None
    data = load_diabetes(scaled=False)
    return data.data, data.target


def _with_one(x: FloatArray) -> FloatArray:
    return np.concatenate([x, np.ones((len(x), 1))], axis=1)
