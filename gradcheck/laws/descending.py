"""Whether a cost falls along a path, for every small enough step."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from gradcheck.errors import UsageError
from gradcheck.numerics import SEEN, spacing, within
from gradcheck.numerics.tolerance import Array
from gradcheck.protocol import Descent, Failure, attempt
from gradcheck.trial import Trial

from .comparing import output_noise
from .learned import Learned
from .limits import FALL, FIRST_RATE, RATE_RATIO, RATES, VISIBLE_FALL


def is_cost(trial: Trial, learned: Learned) -> bool:
    """Whether the op has a single finite real scalar output, and a gradient that is more than rounding."""
    unseen = [not within(floor, SEEN) for floor in learned.floor.values()]
    return is_scalar(trial) and trial.finite and (not unseen or not all(unseen))


def is_scalar(trial: Trial) -> bool:
    """Whether the op has a single real scalar output."""
    y = trial.outputs[0]
    return len(trial.outputs) == 1 and y.shape == () and y.dtype.kind == "f"


def check_descent(trial: Trial) -> None:
    """Raise UsageError, in a sentence, where a descent is declared that could not be watched at any inputs."""
    descent = trial.case.descent
    if descent is None:
        return
    why = None
    moved = [argument.name for argument in trial.arguments if argument.differentiable]
    lost = [name for name in descent.parameters if name not in moved]
    held = [argument.name for argument in trial.arguments if argument.constant and argument.name in lost]
    if not is_scalar(trial):
        shapes = ", ".join(f"{y.dtype}{list(y.shape)}" for y in trial.outputs)
        why = f"a cost is one real number, of shape (), and the op returns {shapes}"
    elif not descent.parameters:
        why = "it names no parameters to move"
    elif held:
        why = f"`{held[0]}` is among the constants, of which no gradient is asked"
    elif lost:
        why = f"`{lost[0]}` is no array of floats: what descends is an input that is one array with a gradient"
    elif descent.steps and trial.case.inputs is None:
        why = f"its {descent.steps} steps are taken at the case's own inputs, and there are none: write inputs=(...)"
    if why is not None:
        raise UsageError(f"case `{trial.case}`: the descent cannot be watched: {why}")


def cost(trial: Trial, inputs: Sequence[Array]) -> float:
    """The cost at other inputs; NaN where the op cannot say."""
    outputs = trial.forward(inputs)
    return float("nan") if outputs is None else float(outputs[0])


def unit_gradients(trial: Trial) -> tuple[Array | None, ...] | None:
    """``vjp(1)``: the gradient of the cost itself."""
    found = trial.pull([np.ones_like(y) for y in trial.outputs])
    return None if found is None else trial.along(found)


def updated(
    trial: Trial, descent: Descent, inputs: Sequence[Array], gradients: Sequence[Array | None], rate: float
) -> list[Array] | str:
    """The inputs after one call of the case's update rule; a sentence where the rule fails."""
    moved = [number for number, argument in enumerate(trial.arguments) if argument.name in descent.parameters]
    parameters = tuple(np.array(inputs[number]) for number in moved)
    answer = attempt(descent.update, parameters, tuple(np.array(gradients[number]) for number in moved), rate)
    if isinstance(answer, Failure):
        return f"the update rule raised {answer}"
    if not isinstance(answer, tuple | list) or [np.shape(p) for p in answer] != [p.shape for p in parameters]:
        return "the update rule did not return one array per parameter, of the same shapes"
    after = list(inputs)
    for number, parameter in zip(moved, answer, strict=True):
        after[number] = np.asarray(parameter)
    return after


def climbs(
    trial: Trial,
    moved: Sequence[Array],
    gradients: Sequence[Array | None],
    step_to: Callable[[float], Sequence[Array]],
) -> tuple[float, float, float] | None:
    """Look for a rate below which ``step_to(rate)`` lowers the cost; None where there is one, or none can be seen.

    Rates fall from one that should take off an eighth of the cost, or move the inputs by an eighth of their size,
    to one whose effect drowns in rounding. Two neighbouring rates that lower the cost are enough. Where the two
    smallest visible rates do not, the smaller is returned with the cost before and after.
    """
    start = float(trial.outputs[0])
    squared = sum(float(np.sum(np.abs(g).astype(np.float64) ** 2)) for g in gradients if g is not None)
    noise = spacing(trial.outputs[0].dtype) * abs(start)
    if not 0 < squared < np.inf or start == 0:
        return None
    rate = FIRST_RATE * min(abs(start) / squared, _reach(moved, gradients))
    tried: list[tuple[float, float]] = []
    for _ in range(RATES):
        if within(rate * squared, VISIBLE_FALL * noise):
            break
        tried.append((rate, cost(trial, step_to(rate))))
        if [bool(within(after, start - FALL * noise)) for _, after in tried[-2:]] == [True, True]:
            return None
        rate /= RATE_RATIO
    if not tried or any(after < start for _, after in tried[-2:]):
        return None
    drowns = within(tried[-1][0] * squared, VISIBLE_FALL * float(output_noise(trial)[0]))
    return None if drowns else (tried[-1][0], start, tried[-1][1])


def _reach(moved: Sequence[Array], gradients: Sequence[Array | None]) -> float:
    """The rate at which some input would move by the typical size of its array."""
    reaches = [
        (float(np.median(np.abs(x))) or 1.0) / float(np.abs(g).max())
        for x, g in zip(moved, gradients, strict=True)
        if g is not None and g.any()
    ]
    return min(reaches, default=np.inf)
