"""What every optimiser is: a frozen value with two functions, and the state that goes from step to step."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any, Protocol, TypeAlias

import numpy as np

from .._typing import FloatArray
from .._validation import positive_number
from .trees import Tree, arrays_in, leaves_like, rebuilt

LearningRate: TypeAlias = float | Callable[[int], float]
"""A number, or a schedule: the rate of the step with this number, of which the first is 0."""

Moments: TypeAlias = Mapping[str, Sequence[FloatArray]]


@dataclass(frozen=True, eq=False)  # holds arrays, whose comparison is not one truth value
class OptimizerState:
    """How many steps were made, and the moments that an optimiser keeps: by name, an array for each parameter."""

    step: int
    moments: Moments


class Optimizer(Protocol):
    """What `fit` needs of an optimiser; `SGD`, `RMSprop`, `Adam` and `AdamW` are such."""

    def start(self, parameters: Tree) -> OptimizerState:
        """The state before the first step."""

    def step(self, parameters: Tree, gradients: Tree, state: OptimizerState) -> tuple[Tree, OptimizerState]:
        """The parameters after one step, and the state for the next; nothing given is changed."""


def zeros(op: Callable[..., object], parameters: Tree, names: Sequence[str]) -> OptimizerState:
    """No step made, and all moments of these names zero."""
    arrays = arrays_in(op, "parameters", parameters)
    return OptimizerState(0, {name: tuple(np.zeros_like(array) for array in arrays) for name in names})


def stepped(
    op: Callable[..., object],
    parameters: Tree,
    gradients: Tree,
    state: OptimizerState,
    update: Callable[..., tuple[FloatArray, ...]],
) -> tuple[Tree, OptimizerState]:
    """`update(theta, dtheta, *moments) -> (theta, *moments)` of every parameter, in a tree and a state."""
    thetas = arrays_in(op, "parameters", parameters)
    dthetas = leaves_like(op, "gradients", gradients, "parameters", parameters)
    moments = state.moments
    if not moments:
        new = [np.asarray(update(theta, dtheta)[0]) for theta, dtheta in zip(thetas, dthetas, strict=True)]
        return rebuilt(parameters, iter(new)), OptimizerState(state.step + 1, moments)
    for name, arrays in moments.items():
        if [array.shape for array in arrays] != [theta.shape for theta in thetas]:
            raise ValueError(
                f"{op.__name__}: state holds {name} for parameters of other shapes; begin with start(parameters)"
            )
    # NumPy turns a result of shape () into a scalar; asarray keeps it an array.
    rows = [map(np.asarray, row) for row in map(update, thetas, dthetas, *moments.values())]
    new_thetas, *new_moments = map(tuple, zip(*rows, strict=True))
    after = OptimizerState(state.step + 1, dict(zip(moments, new_moments, strict=True)))
    return rebuilt(parameters, iter(new_thetas)), after


def rate_at(op: Callable[..., object], learning_rate: LearningRate, step: int) -> float:
    """The learning rate of a step; an error where a schedule gives none that is finite and at least 0."""
    if not callable(learning_rate):
        return learning_rate  # which was checked when the optimiser was made
    rate: Any = learning_rate(step)
    if rate == 0:  # the end of a schedule, at which nothing moves
        return 0.0
    return positive_number(op, f"learning_rate({step})", rate)


def check_rate(op: Callable[..., object], learning_rate: LearningRate) -> None:
    """An error unless it is a schedule, or a finite number above 0."""
    if not callable(learning_rate):
        positive_number(op, "learning_rate", learning_rate)


def check_share(op: Callable[..., object], name: str, value: float) -> None:
    """An error unless `value` is at least 0 and below 1."""
    check_at_least_0(op, name, value)
    if not value < 1:
        raise ValueError(f"{op.__name__}: {name} must be below 1, but it is {value!r}")


def check_at_least_0(op: Callable[..., object], name: str, value: float) -> None:
    """An error unless `value` is a finite number of at least 0."""
    if not isinstance(value, Real) or isinstance(value, bool):
        raise TypeError(f"{op.__name__}: {name} must be a number, but it is {value!r}")
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{op.__name__}: {name} must be finite and at least 0, but it is {value!r}")
