"""GC106: each raw gradient has the dtype of its input."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .law import Law


def check(trial: Trial) -> Iterator[Finding]:
    """Compare dtypes before anything casts."""
    for argument, gradient in zip(trial.arguments, trial.raw, strict=True):
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
                likely_cause="a float64 constant or array inside the backward promotes it"
                if dtype.itemsize > argument.array.dtype.itemsize
                else None,
            )


LAW = Law("GC106", "The raw gradient of each input has the dtype of that input.", check, blocks=True)
