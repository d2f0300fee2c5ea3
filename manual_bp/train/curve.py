"""A learning curve: drawn by matplotlib where that is installed, else as text."""

import statistics
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

WIDTH, HEIGHT = 72, 18
"""Characters and lines of a curve in text."""


def draw(folder: Path, costs: Sequence[float], scores: Sequence[tuple[int, float]], lines: Mapping[str, float]) -> str:
    """Write `curve.png` or `curve.txt`; the text, or where the picture is."""
    if find_spec("matplotlib"):
        _draw_picture(folder / "curve.png", costs, scores, lines)
        return str(folder / "curve.png")
    text = as_text(costs)
    (folder / "curve.txt").write_text(text + "\n", encoding="utf-8")
    return text


def as_text(costs: Sequence[float]) -> str:
    """The costs from left to right, averaged over as many steps as a column stands for.

    >>> rows = as_text([4.0, 2.0, 1.0]).splitlines()
    >>> rows[0].rstrip()
    '         4 |*'
    >>> print(*rows[-3:], sep="\\n")
             1 |  *
               +---
                0 to 3 steps
    """
    columns = min(WIDTH, len(costs))
    edges = [round(column * len(costs) / columns) for column in range(columns + 1)]
    means = [statistics.fmean(costs[low:high]) for low, high in pairwise(edges)]
    least, most = min(means), max(means)
    rows = [[" "] * columns for _ in range(HEIGHT)]
    for column, mean in enumerate(means):
        height = 0 if most == least else (mean - least) / (most - least)
        rows[round((1 - height) * (HEIGHT - 1))][column] = "*"
    labels = {0: f"{most:.4g}", HEIGHT - 1: f"{least:.4g}"}
    text = [f"{labels.get(place, ''):>10} |{''.join(row)}" for place, row in enumerate(rows)]
    return "\n".join([*text, f"{'':>10} +{'-' * columns}", f"{'':>12}0 to {len(costs)} steps"])


def _draw_picture(
    file: Path, costs: Sequence[float], scores: Sequence[tuple[int, float]], lines: Mapping[str, float]
) -> None:
    from matplotlib.figure import Figure  # without pyplot, which would look for a screen

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    axes.plot(costs, color="0.7", linewidth=0.8, label="batch, before its step")
    if scores:
        steps, values = zip(*scores, strict=True)
        axes.plot(steps, values, marker=".", label="held out")
    for place, (name, value) in enumerate(lines.items()):
        axes.axhline(value, linestyle="--", color=f"C{place + 1}", label=name)
    axes.set_xlabel("step")
    axes.set_ylabel("cost")
    axes.legend()
    figure.savefig(file, dpi=120)
