"""GC501: a small enough step against the gradient lowers the cost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..descending import climbs, is_cost, unit_gradients
from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Move every input that has a gradient against it; a gradient that is the derivative descends without a trial."""
    # at a kink not every subgradient descends
    gradients = unit_gradients(trial) if is_cost(trial, learned) and not (learned.proved or learned.rough) else None
    if gradients is None:
        return
    found = climbs(
        trial,
        trial.inputs,
        gradients,
        lambda rate: [
            x if g is None else np.asarray(x - rate * g).astype(x.dtype)
            for x, g in zip(trial.inputs, gradients, strict=True)
        ],
    )
    if found:
        rate, before, after = found
        yield Finding(
            "GC501",
            Severity.ERROR,
            f"no step against the gradient lowers the cost: at learning rate {rate:.2g} it goes from {before:.10g} "
            f"to {after:.10g}",
        )
