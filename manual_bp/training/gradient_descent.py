"""Gradient descent: one step, and the loop that fits parameters."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .._typing import Cost, FloatArray, FloatScalar
from .._validation import float_arrays, integer_at_least, positive_number, sequence_of_arrays
from .downhill import downhill, plain_downhill


class NonFiniteCostError(ArithmeticError):
    """The cost or one of its gradients became nan or infinite during gradient descent."""


@dataclass(frozen=True, eq=False)  # two descents hold arrays, whose comparison is not one truth value
class Descent:
    """What gradient descent arrived at, and how.

    `parameters` are the fitted arrays, in the order given. `costs` holds the cost before the first step and
    after each step, so one more number than there were steps.
    """

    parameters: tuple[FloatArray, ...]
    costs: tuple[float, ...]


def gradient_step(
    parameters: Sequence[FloatArray], gradients: Sequence[FloatArray | None], learning_rate: float = 1.0
) -> tuple[FloatArray, ...]:
    """One step of gradient descent, theta := theta - learning_rate * dJ/dtheta, for every parameter theta.

    Returns new arrays of the same shapes and dtypes; nothing is updated in place.

    Raises TypeError when a gradient is None, or is not an array of its parameter's dtype; ValueError when
    the counts or the shapes differ, or the learning rate is not a finite number above 0.

    >>> import numpy as np
    >>> gradient_step((np.array([1.0, 2.0]),), (np.array([4.0, -8.0]),), learning_rate=0.25)
    (array([0., 4.]),)
    """
    alpha = positive_number(gradient_step, "learning_rate", learning_rate)
    sequence_of_arrays(gradient_step, "parameters", parameters)
    sequence_of_arrays(gradient_step, "gradients", gradients)
    if len(parameters) != len(gradients):
        raise ValueError(
            f"gradient_step: needs one gradient per parameter, but there are {len(parameters)} parameters "
            f"and {len(gradients)} gradients"
        )
    stepped: list[FloatArray] = []
    for theta, gradient in zip(parameters, gradients, strict=True):
        lower = plain_downhill(theta, gradient, alpha)
        if lower is None:
            lower = downhill(*_pair(len(stepped), theta, gradient), alpha)
        stepped.append(lower)
    return tuple(stepped)


def _pair(place: int, parameter: FloatArray, gradient: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    names = f"parameters[{place}]", f"gradients[{place}]"
    if gradient is None:
        raise TypeError(f"gradient_step: {names[1]} is None, so {names[0]} cannot be fitted")
    theta, dtheta = float_arrays(gradient_step, **{names[0]: parameter, names[1]: gradient})
    if theta.shape != dtheta.shape:
        raise ValueError(
            f"gradient_step: {names[1]} must have the shape of {names[0]}, {theta.shape}, "
            f"but its shape is {dtheta.shape}"
        )
    return theta, dtheta


def gradient_descent(
    cost: Cost,
    parameters: Sequence[FloatArray],
    data: Sequence[npt.NDArray[Any]] = (),
    *,
    learning_rate: float = 1.0,
    steps: int = 100,
    on_step: Callable[[int, float], None] | None = None,
) -> Descent:
    """Fit `parameters` by `steps` steps of gradient descent on `cost`.

    `cost` is an op of this package's convention: `cost(*parameters, *data)` returns (J, vjp) with J a
    scalar. Only the parameters move. `on_step(step, J)` is called with every finite cost: at step 0 before
    anything has moved, then after each step.

    Raises NonFiniteCostError as soon as the cost or a gradient is nan or infinite, ValueError or TypeError
    when the steps, the learning rate, or what `cost` returns is not as described.

    >>> import numpy as np
    >>> from manual_bp import initial_parameters, perceptron
    >>> X, Y = np.array([[-1.0, 0.5, 2.0]]), np.array([[0.0, 1.0, 1.0]])
    >>> descent = gradient_descent(perceptron, initial_parameters((1, 1), seed=0), (X, Y), steps=50)
    >>> len(descent.costs), descent.costs[-1] < descent.costs[0]
    (51, True)
    >>> [theta.shape for theta in descent.parameters]
    [(1, 1), (1, 1)]
    """
    alpha = positive_number(gradient_descent, "learning_rate", learning_rate)
    steps = integer_at_least(gradient_descent, "steps", steps, 0)
    sequence_of_arrays(gradient_descent, "parameters", parameters)
    sequence_of_arrays(gradient_descent, "data", data)

    thetas = tuple(np.array(theta) for theta in parameters)
    costs: list[float] = []
    for step in range(steps + 1):
        # A descent that diverges overflows first; the error below says so in one sentence.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            J, vjp = _evaluated(cost, thetas, data)
        if not math.isfinite(J):
            raise NonFiniteCostError(_non_finite_sentence("the cost", float(J), step, alpha, costs))
        costs.append(float(J))
        if on_step is not None:
            on_step(step, float(J))
        if step == steps:
            break

        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            gradients = vjp(1.0)[: len(thetas)]
            stepped = gradient_step(thetas, gradients, alpha)
        for place, gradient in enumerate(gradients):
            bad = np.asarray(gradient)[~np.isfinite(np.asarray(gradient))]
            if bad.size:
                what = f"the gradient of parameters[{place}]"
                raise NonFiniteCostError(_non_finite_sentence(what, float(bad[0]), step, alpha, costs))
        thetas = stepped
    return Descent(parameters=thetas, costs=tuple(costs))


def _evaluated(
    cost: Cost, thetas: tuple[FloatArray, ...], data: Sequence[npt.NDArray[Any]]
) -> tuple[FloatScalar, Callable[[float], tuple[FloatArray | None, ...]]]:
    result = cost(*thetas, *data)
    if not (isinstance(result, tuple) and len(result) == 2 and callable(result[1])):
        raise TypeError("gradient_descent: cost must return a pair, its value and its vjp")
    if np.shape(result[0]) != ():
        raise ValueError(f"gradient_descent: cost must return a scalar, but got shape {np.shape(result[0])}")
    return result


def _non_finite_sentence(what: str, value: float, step: int, learning_rate: float, costs: list[float]) -> str:
    found = f"gradient_descent: {what} is {value} at step {step} with learning_rate={learning_rate}"
    if step == 0:
        before = f"the last finite cost is {costs[-1]}" if costs else "there is no finite cost before it"
        return f"{found}; {before} and nothing has moved yet, so look for nan or inf in the inputs"
    before = f"the last finite cost is {costs[-1]} at step {len(costs) - 1}"
    return f"{found}; {before}, so try a smaller learning_rate"
