"""GC104: None exactly where no gradient exists."""

from __future__ import annotations

from collections.abc import Iterator

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..data import where_data
from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Compare which inputs are floating with which entries are None; of constants nothing is asked."""
    pairs = zip(trial.arguments, trial.raw_leaves, strict=True)
    missing = [argument.name for argument, gradient in pairs if argument.differentiable and gradient is None]
    for argument, gradient in zip(trial.arguments, trial.raw_leaves, strict=True):
        if argument.differentiable and gradient is None:
            yield Finding(
                "GC104",
                Severity.ERROR,
                f"the gradient of `{argument.name}` is None, but `{argument.name}` is {argument.array.dtype} and "
                f"has a gradient; where that gradient is zero, return zeros{where_data(missing)}",
                argument=argument.name,
            )
        if not (argument.differentiable or argument.constant or gradient is None):
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
