"""GC104: None exactly where no gradient exists."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Compare which inputs are floating with which entries are None."""
    for argument, gradient in zip(trial.arguments, trial.raw_leaves, strict=True):
        if argument.differentiable and gradient is None:
            yield Finding(
                "GC104",
                Severity.ERROR,
                f"the gradient of `{argument.name}` is None, but `{argument.name}` is {argument.array.dtype} and "
                "has a gradient; where that gradient is zero, return zeros",
                argument=argument.name,
            )
        if not argument.differentiable and gradient is not None:
            yield Finding(
                "GC104",
                Severity.ERROR,
                f"the gradient of `{argument.name}` is not None, but `{argument.name}` is {argument.array.dtype} "
                "and has no gradient; zeros would say that the gradient exists and is zero",
                argument=argument.name,
                likely_cause=f"`{argument.name}` was passed as integers where floats were meant"
                if argument.array.dtype.kind in "iu"
                else None,
            )
