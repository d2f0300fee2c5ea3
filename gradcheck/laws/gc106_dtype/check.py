"""GC106: each raw gradient has the dtype of its input."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Compare dtypes before anything casts."""
    for argument, gradient in zip(trial.arguments, trial.raw_leaves, strict=True):
        if gradient is None:
            continue
        dtype = np.asarray(gradient).dtype
        if dtype != argument.array.dtype:
            yield Finding(
                "GC106",
                Severity.ERROR,
                f"the gradient of `{argument.name}` has dtype {dtype}, "
                f"but `{argument.name}` has dtype {argument.array.dtype}",
                argument=argument.name,
                likely_cause=_cause(dtype, argument.array.dtype),
            )


def _cause(dtype: np.dtype[Any], wanted: np.dtype[Any]) -> str | None:
    """A cause that the two dtypes leave no doubt about."""
    if dtype.kind == "c" and wanted.kind == "f":
        return "the input is real: the imaginary part of its gradient is to be dropped"
    if dtype.kind == "f" and wanted.kind == "c":
        return "the input is complex: the imaginary part of its gradient is lost"
    if dtype.itemsize > wanted.itemsize:
        return "a float64 constant or array inside the backward promotes it"
    return None
