"""GC206: the forward gives the same output at the same inputs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.numerics import differs_at
from gradcheck.protocol import Failure
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .law import Law
from .together import together


def check(trial: Trial) -> Iterator[Finding]:
    """Call the op once more at the same inputs."""
    if together(trial):
        return
    again = trial.again
    if isinstance(again, Failure):
        yield _hazard(f"the op answered the first call and failed at the second, at the same inputs: {again}")
        return
    for before, after in zip(trial.outputs, again.outputs, strict=False):
        if before.shape != after.shape:
            yield _hazard(f"the output has shape {before.shape} at the first call and {after.shape} at the second")
        elif not np.array_equal(before, after, equal_nan=True):
            index = differs_at(after, before, 0.0)
            assert index is not None
            yield _hazard(
                f"two calls at the same inputs give {before[index]:.6g} and {after[index]:.6g} "
                f"at output index {list(index)}"
            )


def _hazard(message: str) -> Finding:
    return Finding(
        "GC206",
        Severity.HAZARD,
        message,
        likely_cause="hidden state or a hidden random number; pass the seed or the mask as an option or an input",
    )


LAW = Law("GC206", "The forward gives the same output at the same inputs (a hazard).", check)
