"""Contour lines of the mean squared error of a line, and descents that walk across them at three learning rates."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

import manual_bp

from .style import BLUE, GREEN, GREY, VERMILION

START = np.array([-1.5, 1.6])
STEPS = 30
FRAME = (-2.2, 3.2), (-1.3, 2.7)  # of w, of b


def points() -> tuple[np.ndarray, np.ndarray]:
    """Twelve made-up points near the line 0.8 x + 0.6, each a column: x (1, 12), y (1, 12)."""
    rng = np.random.default_rng(3)
    x = rng.uniform(-0.6, 1.6, size=(1, 12))
    return x, 0.8 * x + 0.6 + 0.25 * rng.normal(size=x.shape)


def line_cost(W, B, X, Y):
    """Mean squared error of the line W X + B: two ops of the library, and their vjps in reverse order."""
    A, affine_vjp = manual_bp.affine(W, X, B)
    J, mse_vjp = manual_bp.mse(A, Y)

    def line_cost_vjp(dJ):
        dA, dY = mse_vjp(dJ)
        dW, dX, dB = affine_vjp(dA)
        return dW, dB, dX, dY

    return J, line_cost_vjp


def curvature() -> float:
    """The largest eigenvalue of the Hessian of the cost: 2/M times that of the products of (x, 1) with itself."""
    x, _ = points()
    features = np.vstack([x, np.ones_like(x)])
    return float(np.linalg.eigvalsh(2 / x.shape[1] * features @ features.T)[-1])


def walk(learning_rate: float, steps: int = STEPS) -> np.ndarray:
    """(w, b) before the first step and after each: (steps + 1, 2)."""
    x, y = points()
    W, B = START[:1].reshape(1, 1), START[1:].reshape(1, 1)
    path = [START]
    for _ in range(steps):
        _, vjp = line_cost(W, B, x, y)
        W, B = manual_bp.gradient_step((W, B), vjp(1.0)[:2], learning_rate)
        path.append(np.array([W[0, 0], B[0, 0]]))
    return np.array(path)


def draw() -> Figure:
    """One picture with three walks, each ended where it leaves the picture."""
    x, y = points()
    w, b = np.meshgrid(np.linspace(*FRAME[0], 121), np.linspace(*FRAME[1], 121))
    cost = np.mean((w[..., np.newaxis] * x[0] + b[..., np.newaxis] - y[0]) ** 2, axis=-1)
    figure = Figure(figsize=(7, 5.2))
    axes = figure.add_subplot()
    levels = cost.min() + np.array([0.02, 0.1, 0.3, 0.7, 1.3, 2.1, 3.2, 4.6, 6.3])
    lines = axes.contour(w, b, cost, levels=levels, colors=GREY, linewidths=0.7)
    axes.clabel(lines, levels[2::2], fmt="%.1f", fontsize=8)

    steepest = curvature()
    walks = ((0.15, BLUE, "o", "creeps"), (1.8, GREEN, "s", "zigzags"), (2.15, VERMILION, "^", "leaves"))
    for share, colour, marker, word in walks:
        path = _until_it_leaves(walk(share / steepest))
        label = f"α = {share / steepest:.2f} = {share:g} / λ {word}"
        axes.plot(*path.T, color=colour, marker=marker, markersize=4, linewidth=1.2, label=label)
    axes.plot(*START, marker="o", markersize=10, markerfacecolor="none", markeredgecolor="black")
    axes.annotate("start", START, textcoords="offset points", xytext=(-14, 10))
    lowest = np.unravel_index(cost.argmin(), cost.shape)
    axes.plot(w[lowest], b[lowest], marker="*", markersize=11, color="black")
    axes.set(xlim=FRAME[0], ylim=FRAME[1], xlabel="w", ylabel="b", title="J(w, b), and three walks downhill")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, columnspacing=1.2)  # no walk runs under it
    return figure


def _until_it_leaves(path: np.ndarray) -> np.ndarray:
    """The walk as far as the first place outside the picture."""
    (left, right), (low, high) = FRAME
    outside = (path[:, 0] < left) | (path[:, 0] > right) | (path[:, 1] < low) | (path[:, 1] > high)
    return path[: outside.argmax() + 1] if outside.any() else path
