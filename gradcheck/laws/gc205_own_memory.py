"""GC205: returned gradients share no memory with anything else."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .law import Law


def check(trial: Trial) -> Iterator[Finding]:
    """Look for overlap between the raw gradients and cotangent, inputs, outputs and one another."""
    others = [(f"the input `{a.name}`", x) for a, x in zip(trial.arguments, trial.handed, strict=True)]
    others += [("the cotangent", u) for u in trial.handed_cotangents]
    others += [("the output y", y) for y in trial.answer.outputs]
    for argument, gradient in zip(trial.arguments, trial.raw, strict=True):
        if not isinstance(gradient, np.ndarray):
            continue
        for owner, array in others:
            if np.may_share_memory(gradient, array) and np.shares_memory(gradient, array):
                yield Finding(
                    "GC205",
                    Severity.HAZARD,
                    f"the gradient of `{argument.name}` shares memory with {owner}: "
                    "adding to one in place changes the other",
                    argument=argument.name,
                )
                break
        others.append((f"the gradient of `{argument.name}`", gradient))


LAW = Law(
    "GC205",
    "Returned gradients share no memory with inputs, outputs, the cotangent or one another (a hazard).",
    check,
)
