"""GC502: the case's own update rule lowers the cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradcheck.numerics.tolerance import Array
from gradcheck.report import Finding, Severity
from gradcheck.trial import Trial

from ..descending import climbs, is_cost, unit_gradients, updated
from ..learned import Learned


def check(trial: Trial, learned: Learned) -> Iterator[Finding]:
    """Let the update rule take one step, at ever smaller learning rates."""
    descent = trial.case.descent
    gradients = unit_gradients(trial) if descent and is_cost(trial, learned) and not learned.rough else None
    if descent is None or gradients is None:
        return
    first = updated(trial, descent, trial.inputs, gradients, descent.learning_rate)
    if isinstance(first, str):
        yield Finding("GC502", Severity.ERROR, first)
        return

    def step_to(rate: float) -> Sequence[Array]:
        after = updated(trial, descent, trial.inputs, gradients, rate)
        return trial.inputs if isinstance(after, str) else after

    moved = [number for number, argument in enumerate(trial.arguments) if argument.name in descent.parameters]
    found = climbs(trial, [trial.inputs[n] for n in moved], [gradients[n] for n in moved], step_to)
    if found:
        rate, before, after = found
        yield Finding(
            "GC502",
            Severity.ERROR,
            f"the update rule does not lower the cost at any small learning rate: at {rate:.2g} it goes from "
            f"{before:.10g} to {after:.10g}",
            likely_cause="the update adds the gradient instead of subtracting it" if after > before else None,
        )
