"""GC205: returned gradients share no memory with anything else."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Look for overlap between the raw gradients and cotangent, inputs, outputs and one another."""
    for argument, owner in trial.shared:
        yield Finding(
            "GC205",
            Severity.HAZARD,
            f"the gradient of `{argument}` shares memory with {owner}: adding to one in place changes the other",
            argument=argument,
        )
