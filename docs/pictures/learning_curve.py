"""Mean squared error by step on the diabetes set: what it learns from, and what was held out."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

import manual_bp

from .diabetes import HIDDEN, Split, diabetes
from .style import BLUE, GREEN, GREY, PURPLE

STEPS = 2000


def draw() -> Figure:
    """One panel for each half of the data, three learning rates, and least squares as the line to beat."""
    data = diabetes()
    figure = Figure(figsize=(9, 4))
    left, right = figure.subplots(1, 2, sharey=True)
    for rate, colour in ((0.1, PURPLE), (1.0, BLUE), (3.0, GREEN)):
        learned, held_out = train(data, rate)
        left.plot(learned, color=colour, linewidth=1.4, label=f"α = {rate:g}")
        right.plot(held_out, color=colour, linewidth=1.4, label=f"α = {rate:g}")
    for axes, error, title in zip(
        (left, right), least_squares(data), ("295 patients it learns from", "147 patients held out"), strict=True
    ):
        axes.axhline(error, color=GREY, linestyle="--", linewidth=1, label=f"linear regression, {error:.4f}")
        axes.set(xscale="symlog", xlim=(0, STEPS), ylim=(0.02, 0.08), xlabel="step", title=title)
        axes.legend(loc="upper right")
    left.set_ylabel("mean squared error")
    figure.tight_layout()
    return figure


def train(data: Split, learning_rate: float, steps: int = STEPS) -> tuple[np.ndarray, np.ndarray]:
    """The cost on both halves before the first step and after each."""
    parameters = manual_bp.initial_parameters((len(data.X), HIDDEN, 1), seed=0)
    learned, held_out = [], []
    for _ in range(steps + 1):
        J, vjp = manual_bp.two_layer(*parameters, data.X, data.Y)
        learned.append(float(J))
        held_out.append(float(manual_bp.two_layer(*parameters, data.X_held_out, data.Y_held_out)[0]))
        parameters = manual_bp.gradient_step(parameters, vjp(1.0)[: len(parameters)], learning_rate)
    return np.array(learned), np.array(held_out)


def least_squares(data: Split) -> tuple[float, float]:
    """Mean squared error of linear regression on both halves."""
    features = np.vstack([data.X, np.ones(data.X.shape[1])])
    weight, *_ = np.linalg.lstsq(features.T, data.Y[0], rcond=None)
    held_out = np.vstack([data.X_held_out, np.ones(data.X_held_out.shape[1])])
    return (
        float(np.mean((weight @ features - data.Y[0]) ** 2)),
        float(np.mean((weight @ held_out - data.Y_held_out[0]) ** 2)),
    )
