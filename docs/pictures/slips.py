"""The cost falls with wrong gradients too: the right backward beside the slips of the listing, on the diabetes set."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

import manual_bp

from .diabetes import Split, diabetes
from .style import BLUE, GREEN, PURPLE, VERMILION

STEPS = 200
# W1.T @ dA2 runs where both layers have as many numbers as the output: one hidden unit, one input.
COLOURS = {None: BLUE, "slope": GREEN, "1/M": VERMILION, "W1.T": PURPLE}
LABELS = {None: "right", "slope": "slope of A2 for that of Z2", "1/M": "without 1/M", "W1.T": "W1.T before the sigmoid"}


def draw() -> Figure:
    """A picture of four descents from one start, on one measurement so that `W1.T` fits."""
    data = diabetes()
    figure = Figure(figsize=(7, 4))
    axes = figure.add_subplot()
    for slip, colour in COLOURS.items():
        dashes = "--" if slip == "slope" else "-"
        axes.plot(train(data, slip), dashes, color=colour, linewidth=1.5, label=LABELS[slip])
    axes.set(xlabel="step", ylabel="mean squared error", xlim=(0, STEPS))
    axes.legend(loc="center right")
    return figure


def train(data: Split, slip: str | None, learning_rate: float = 1.0) -> np.ndarray:
    """Costs of a network of one input (body mass index), one hidden unit, one output."""
    X, Y = data.X[2:3], data.Y
    M = X.shape[1]
    W1, B1, W2, B2 = manual_bp.initial_parameters((1, 1, 1), seed=0)
    costs = []
    for _ in range(STEPS + 1):
        J, _ = manual_bp.two_layer(W1, B1, W2, B2, X, Y)
        costs.append(float(J))
        A1, _ = manual_bp.sigmoid(W1 @ X + B1)
        A2, _ = manual_bp.sigmoid(W2 @ A1 + B2)
        dA2 = 2 * (A2 - Y) / (1 if slip == "1/M" else M)
        of_A2 = manual_bp.sigmoid(A2)[0]
        slope = of_A2 * (1 - of_A2) if slip == "slope" else A2 * (1 - A2)
        dZ2 = W1.T @ dA2 * slope if slip == "W1.T" else dA2 * slope
        dZ1 = W2.T @ dZ2 * A1 * (1 - A1)
        gradients = (dZ1 @ X.T, dZ1.sum(axis=1, keepdims=True), dZ2 @ A1.T, dZ2.sum(axis=1, keepdims=True))
        W1, B1, W2, B2 = manual_bp.gradient_step((W1, B1, W2, B2), gradients, learning_rate)
    return np.array(costs)
