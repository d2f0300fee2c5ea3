"""GC204: neither the op nor its vjp modifies what it was given."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .law import Law


def check(trial: Trial) -> Iterator[Finding]:
    """Compare inputs, cotangent and outputs with what they were before the calls."""
    for name in trial.changed_by_forward:
        yield _finding(f"the forward modifies its input `{name}`", name)
    for name in trial.changed_inputs():
        if name not in trial.changed_by_forward:
            yield _finding(f"the vjp modifies the input `{name}`", name)
    pairs = zip(trial.cotangents, trial.handed_cotangents, strict=True)
    if not all(np.array_equal(given, handed) for given, handed in pairs):
        yield _finding("the vjp modifies the cotangent that it was given", None)
    outputs = zip(trial.outputs, trial.answer.outputs, strict=True)
    if not all(np.array_equal(before, after, equal_nan=True) for before, after in outputs):
        yield _finding("the vjp modifies the output y of the forward", None)


def _finding(message: str, argument: str | None) -> Finding:
    return Finding(
        "GC204",
        Severity.ERROR,
        message,
        argument=argument,
        likely_cause="an in-place operation (+=, *=, out=, a write into a view)",
    )


LAW = Law("GC204", "Inputs, cotangent and outputs are not modified, by the op or by its vjp.", check)
