"""GC102: the vjp returns a tuple."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Look at the type of the raw answer."""
    if isinstance(trial.raw, tuple):
        return
    names = trial.inputs_read.names
    wanted = "(" + ", ".join(f"d{name}" for name in names) + ("," if len(names) == 1 else "") + ")"
    kind = "None" if trial.raw is None else f"a {type(trial.raw).__name__}"
    yield Finding(
        "GC102",
        Severity.ERROR,
        f"the vjp returned {kind}; it returns a tuple with one entry per input, here {wanted}",
        likely_cause="the return statement is missing" if trial.raw is None else None,
    )
