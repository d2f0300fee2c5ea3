"""GC502: the case's own update rule lowers the cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from gradcheck.numerics.tolerance import Array
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from .descending import climbs, is_cost, unit_gradients
from .law import Law


def check(trial: Trial) -> Iterator[Finding]:
    """Let the update rule take one step, at ever smaller learning rates."""
    descent = trial.case.descent
    gradients = unit_gradients(trial) if descent and is_cost(trial) else None
    if descent is None or gradients is None:
        return
    moved = [number for number, a in enumerate(trial.arguments) if a.name in descent.parameters]

    def step_to(rate: float) -> Sequence[Array]:
        parameters = tuple(np.array(trial.inputs[number]) for number in moved)
        answer = descent.update(parameters, tuple(np.array(gradients[number]) for number in moved), rate)
        inputs = list(trial.inputs)
        for number, parameter in zip(moved, answer, strict=True):
            inputs[number] = np.asarray(parameter)
        return inputs

    try:
        found = climbs(trial, [trial.inputs[n] for n in moved], [gradients[n] for n in moved], step_to)
    except Exception as error:  # noqa: BLE001 - the update is the user's code
        yield Finding("GC502", Severity.ERROR, f"the update rule raised {type(error).__name__}: {error}")
        return
    if found:
        rate, before, after = found
        yield Finding(
            "GC502",
            Severity.ERROR,
            f"the update rule does not lower the cost at any small learning rate: at {rate:.2g} it goes from "
            f"{before:.10g} to {after:.10g}",
            likely_cause="the update adds the gradient instead of subtracting it" if after > before else None,
        )


LAW = Law("GC502", "The update rule of the case lowers the cost for every small enough learning rate.", check)
