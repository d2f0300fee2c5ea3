"""GC204: neither the op nor its vjp modifies what it was given."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.numerics.blocks import same
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .law import Law


def check(trial: Trial) -> Iterator[Finding]:
    """Compare inputs, cotangent and outputs with what they were before the calls."""
    by_forward = _modified_by_forward(trial) if trial.modified else ()
    for name in trial.modified:
        culprit = "the forward modifies its" if name in by_forward else "the vjp modifies the"
        yield _finding(f"{culprit} input `{name}`", name)
    pairs = zip(trial.cotangents, trial.handed_cotangents, strict=True)
    if not all(same(given, handed) for given, handed in pairs):
        yield _finding("the vjp modifies the cotangent that it was given", None)
    if trial.first is not None and trial.modified_outputs:
        yield _finding("the vjp modifies the output y of the forward", None)


def _modified_by_forward(trial: Trial) -> tuple[str, ...]:
    """Names of the inputs that one more forward modifies."""
    copies = [np.array(x) for x in trial.inputs]
    trial.call_on(copies)
    pairs = zip(trial.arguments, copies, strict=True)
    return tuple(argument.name for argument, copy in pairs if not np.array_equal(argument.array, copy))


def _finding(message: str, argument: str | None) -> Finding:
    return Finding(
        "GC204",
        Severity.ERROR,
        message,
        argument=argument,
        likely_cause="an in-place operation (+=, *=, out=, a write into a view)",
    )


LAW = Law("GC204", "Inputs, cotangent and outputs are not modified, by the op or by its vjp.", check)
