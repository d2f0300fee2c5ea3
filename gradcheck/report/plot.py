"""The pictures of a report in a notebook, by matplotlib: the curve, and the gradient as claimed and as measured."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gradcheck.errors import MissingFrameworkError, UsageError

from .evidence import Curve, Heat
from .limits import INCHES

if TYPE_CHECKING:
    from .report import Report


def plot_report(report: Report) -> Any:
    """A figure with a row for each argument that is wrong; UsageError where there is nothing to be drawn."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingFrameworkError(
            'report.plot() needs matplotlib: pip install "gradcheck[plot]", or show report.to_html() instead'
        ) from None
    evidence = report.evidence
    if evidence is None or not (evidence.curves or evidence.maps):
        raise UsageError(f"there is nothing to plot of {report.name}: pictures are made of gradients that are wrong")
    rows = len(evidence.curves) + len(evidence.maps)
    figure = Figure(figsize=(INCHES[0], INCHES[1] * rows), layout="constrained")
    figure.suptitle(f"{report.verdict.value}: {report.name}", parse_math=False)
    grid = figure.add_gridspec(rows, 3)
    with np.errstate(all="ignore"):  # what is not finite is left blank
        for row, curve in enumerate(evidence.curves):
            _curve(figure.add_subplot(grid[row, :]), curve)
        for row, heat in enumerate(evidence.maps, len(evidence.curves)):
            _heat(figure, [figure.add_subplot(grid[row, column]) for column in range(3)], heat)
    vars(figure)["_repr_png_"] = lambda: _png(figure)  # a notebook shows it, whether or not pyplot was imported
    return figure


def _png(figure: Any) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png")
    return file.getvalue()


def _curve(axes: Any, curve: Curve) -> None:
    steps, slopes = np.array(curve.steps), np.array(curve.slopes)
    axes.loglog(steps, np.abs(slopes - curve.claim), "o-", color="tab:red", label="from the claim")
    axes.loglog(steps, np.abs(slopes - curve.measured), ".-", color="tab:blue", label="from where the slopes settle")
    if math.isfinite(curve.tolerance):
        axes.axhline(curve.tolerance, color="tab:green", linestyle="--", label="tolerance")
    index = "" if not curve.index else f"[{', '.join(map(str, curve.index))}]"
    part = f"{curve.part} of " if curve.part else ""
    axes.set_title(f"slope of the forward along {part}{curve.argument}{index}", parse_math=False)
    axes.set_xlabel("step")
    axes.set_ylabel("distance")
    axes.legend()


def _heat(figure: Any, axes: list[Any], heat: Heat) -> None:
    claimed, measured, wrong = np.array(heat.claimed), np.array(heat.measured), np.array(heat.wrong)
    gap = claimed - measured
    scale = _largest(claimed, measured)
    off = _largest(gap) if wrong.any() else scale
    shown = (("claimed", claimed, scale), (heat.witness, measured, scale), (f"claimed − {heat.witness}", gap, off))
    part = f"{heat.part} of " if heat.part else ""
    for one, (title, values, size) in zip(axes, shown, strict=True):
        image = one.imshow(values, cmap="RdBu_r", vmin=-size, vmax=size, aspect="auto", interpolation="nearest")
        one.set_title(f"{title}, {part}{heat.argument}", parse_math=False)
        one.set_xticks([])
        one.set_yticks([])
        figure.colorbar(image, ax=one)
        _frame(one, wrong)


def _frame(axes: Any, wrong: np.ndarray[Any, Any]) -> None:
    """A line around what is wrong, between the cells."""
    padded = np.pad(wrong, 1).astype(int)
    down = np.argwhere(np.diff(padded[1:-1], axis=1))
    across = np.argwhere(np.diff(padded[:, 1:-1], axis=0))
    half = 1 / 2
    axes.vlines(down[:, 1] - half, down[:, 0] - half, down[:, 0] + half, colors="black", linewidths=2)
    axes.hlines(across[:, 0] - half, across[:, 1] - half, across[:, 1] + half, colors="black", linewidths=2)


def _largest(*arrays: np.ndarray[Any, Any]) -> float:
    finite = [array[np.isfinite(array)] for array in arrays]
    return max((float(np.abs(array).max()) for array in finite if array.size), default=0.0) or 1.0
