"""GC503: training at the case's own data and learning rate lowers the cost at every step."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from gradcheck.numerics import spacing, within
from gradcheck.numerics.tolerance import Array
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..descending import is_cost, updated
from ..learned import Found, Learned
from ..limits import FALL


def check(trial: Trial, learned: Learned) -> Iterator[Found]:
    """Take the declared number of full steps, and leave a remark that says how far the cost fell."""
    descent = trial.case.descent
    if descent is None or not descent.steps or trial.case.inputs is None or not is_cost(trial, learned):
        return
    inputs: Sequence[Array] = trial.inputs
    costs = [float(trial.outputs[0])]
    rate = descent.learning_rate
    for step in range(1, descent.steps + 1):
        gradients = trial.pull([np.ones_like(trial.outputs[0])], inputs)
        if gradients is None:
            yield _finding(f"the op or its vjp fails at step {step} of training")
            return
        after = updated(trial, descent, inputs, gradients, rate)
        if isinstance(after, str):
            yield _finding(f"at step {step} of training {after}")
            return
        inputs = after
        outputs = trial.forward(inputs)
        costs.append(math.nan if outputs is None else float(outputs[0]))
        slack = FALL * spacing(trial.outputs[0].dtype) * abs(costs[-2])
        if not within(costs[-1] - costs[-2], slack):
            yield _finding(
                f"the cost rose from {costs[-2]:.8g} to {costs[-1]:.8g} at step {step} of training "
                f"at learning rate {rate:g}",
                "the learning rate is too large for these data, where no other law is broken",
            )
            return
    fell = f"cost {costs[0]:.6g} -> {costs[-1]:.6g} in {descent.steps} steps, rising at none"
    yield Learned(remarks=(f"gradient descent at learning rate {rate:g}: {fell}",))


def _finding(message: str, cause: str | None = None) -> Finding:
    return Finding("GC503", Severity.ERROR, message, likely_cause=cause)
