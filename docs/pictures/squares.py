"""Mean squared error as squares between points and a line, before and after gradient descent."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from .contours import curvature, points, walk
from .style import BLUE, GREY, VERMILION

FRAME = (-1.4, 2.1), (-0.3, 2.2)  # of x, of y: every square is whole


def draw() -> Figure:
    """Two pictures on equal scales, so that a square looks like one."""
    path = walk(1.0 / curvature(), steps=200)
    figure = Figure(figsize=(9, 3.7))
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    _squares(left, path[3], "after 3 steps")
    _squares(right, path[-1], f"after {len(path) - 1} steps")
    left.set_ylabel("y")
    figure.tight_layout()
    return figure


def _squares(axes: Axes, line: np.ndarray, title: str) -> None:
    x, y = (array[0] for array in points())
    w, b = line
    distances = y - (w * x + b)
    for at, value, distance in zip(x, y, distances, strict=True):
        # From the point towards the line, and to the side on which the line is not crossed.
        side = -distance if w > 0 else distance
        square = Rectangle((at, value), side, -distance, facecolor=BLUE, alpha=0.18, edgecolor=BLUE, linewidth=0.8)
        axes.add_patch(square)
        axes.plot([at, at], [value, value - distance], color=GREY, linewidth=0.8)
    ends = np.array(FRAME[0])
    axes.plot(ends, w * ends + b, color=VERMILION, linewidth=1.6)
    axes.plot(x, y, "o", color="black", markersize=4)
    axes.set(xlim=FRAME[0], ylim=FRAME[1], aspect="equal", xlabel="x")
    axes.set_title(f"{title}: mean area {np.mean(distances**2):.3f}")
