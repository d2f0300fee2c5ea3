"""GC209: the forward inside the op is the forward alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from gradcheck.protocol import Failure, attempt, offered, private_options, read_outputs
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..forwards import other_outputs
from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Call the forward without its backward, where the op offers it, and compare."""
    forward = offered(trial.case.op, "forward")
    if forward is None:
        return
    trial = trial.of_the_value
    trial.forwards += 1
    inputs, options = trial.inputs_read.pack([np.array(x) for x in trial.inputs]), private_options(trial.options)
    y = attempt(forward, *inputs, **options)
    if isinstance(y, Failure):
        # a refusal and no other value: some kernels are there only for those who want gradients
        yield replace(_finding(f"the op answers, and its forward alone raises {y}"), severity=Severity.HAZARD)
        return
    said = other_outputs(trial, read_outputs(forward, y)[0], "the forward alone")
    if said is not None and _repeats(trial):
        yield _finding(f"{said}: they are not the same function")


def _repeats(trial: Trial) -> bool:
    """Whether the op gives the same outputs twice; where it does not, that is another law's business."""
    return not isinstance(trial.again, Failure) and other_outputs(trial, trial.again.outputs, "") is None


def _finding(message: str) -> Finding:
    return Finding("GC209", Severity.ERROR, message)
