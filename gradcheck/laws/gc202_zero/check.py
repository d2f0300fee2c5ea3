"""GC202: a zero cotangent gives zero gradients."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Pull a zero back; entries that are not finite for ``u`` either are another law's business."""
    answer = trial.pull([np.zeros_like(u) for u in trial.cotangents])
    for argument, zero, gradient in zip(trial.arguments, answer or (), trial.gradients, strict=False):
        if zero is None or gradient is None:
            continue
        bad = ~(zero == 0) & np.isfinite(gradient)
        if bad.any():
            index = tuple(int(i) for i in np.argwhere(bad)[0])
            yield Finding(
                "GC202",
                Severity.ERROR,
                f"a zero cotangent gives the gradient {zero[index]:.6g} of `{argument.name}` at {list(index)} "
                "instead of 0",
                argument=argument.name,
                index=index,
                claimed=zero[index].item(),
                expected=0.0,
            )
