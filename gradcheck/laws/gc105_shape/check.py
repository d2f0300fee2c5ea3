"""GC105: each raw gradient has the shape of its input."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Compare shapes before anything broadcasts or sums."""
    for argument, gradient in zip(trial.arguments, trial.raw_leaves, strict=True):
        if gradient is None:
            continue
        if not isinstance(gradient, np.ndarray | np.generic | float | int | complex):
            yield Finding(
                "GC105",
                Severity.ERROR,
                f"the gradient of `{argument.name}` is a {type(gradient).__name__}, not an array",
                argument=argument.name,
            )
        elif np.shape(gradient) != argument.array.shape:
            yield Finding(
                "GC105",
                Severity.ERROR,
                f"the gradient of `{argument.name}` has shape {np.shape(gradient)}, "
                f"but `{argument.name}` has shape {argument.array.shape}",
                argument=argument.name,
                likely_cause=_cause(np.shape(gradient), argument.array.shape),
            )


def _cause(shape: tuple[int, ...], wanted: tuple[int, ...]) -> str | None:
    """A cause that the two shapes leave no doubt about."""
    if len(shape) > 1 and shape == wanted[::-1]:
        return "it is transposed"
    padded = (1,) * (len(shape) - len(wanted)) + wanted
    if len(padded) == len(shape):
        grown = [axis for axis, (a, b) in enumerate(zip(shape, padded, strict=True)) if a != b]
        if grown and all(padded[axis] == 1 for axis in grown):
            axes = " and ".join(map(str, grown))
            return f"the input is broadcast in the forward, and axis {axes} of its gradient is not summed"
    if len(shape) < len(wanted) and [size for size in wanted if size != 1] == [size for size in shape if size != 1]:
        return "a reduction dropped an axis of size 1 (keepdims)"
    return None
