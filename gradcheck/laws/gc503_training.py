"""GC503: training at the case's own data and learning rate lowers the cost at every step."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from gradcheck.numerics import spacing
from gradcheck.protocol import Failure, call_vjp
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .descending import is_cost
from .law import Law


def check(trial: Trial) -> Iterator[Finding]:
    """Take the declared number of full steps, and leave a remark that says how far the cost fell."""
    descent = trial.case.descent
    if descent is None or not descent.steps or trial.case.inputs is None or not is_cost(trial):
        return
    moved = [number for number, a in enumerate(trial.arguments) if a.name in descent.parameters]
    inputs = [np.array(x) for x in trial.inputs]
    costs = [float(trial.outputs[0])]
    rate = descent.learning_rate
    for step in range(1, descent.steps + 1):
        answer = trial.call(inputs)
        if isinstance(answer, Failure):
            yield _finding(f"the op raised at step {step} of training: {answer}")
            return
        trial.backwards += 1
        gradients = call_vjp(answer.vjp, np.ones_like(answer.outputs[0]))
        parameters = tuple(inputs[number] for number in moved)
        updated = descent.update(parameters, tuple(gradients[number] for number in moved), rate)
        for number, parameter in zip(moved, updated, strict=True):
            inputs[number] = np.asarray(parameter)
        outputs = trial.forward(inputs)
        costs.append(math.nan if outputs is None else float(outputs[0]))
        slack = 4 * spacing(trial.outputs[0].dtype) * abs(costs[-2])
        if not costs[-1] <= costs[-2] + slack:
            yield _finding(
                f"the cost rose from {costs[-2]:.8g} to {costs[-1]:.8g} at step {step} of training "
                f"at learning rate {rate:g}",
                "the learning rate is too large for these data, where no other law is broken",
            )
            return
    trial.remarks.append(
        f"gradient descent at learning rate {rate:g}: cost {costs[0]:.6g} -> {costs[-1]:.6g} "
        f"in {descent.steps} steps, rising at none"
    )


def _finding(message: str, cause: str | None = None) -> Finding:
    return Finding("GC503", Severity.ERROR, message, likely_cause=cause)


LAW = Law("GC503", "Training at the case's own data and learning rate raises the cost at no step.", check)
