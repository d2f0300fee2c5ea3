"""Gradient descent: one step, and the loop that fits parameters, both through torch.optim.SGD."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


class NonFiniteCostError(ArithmeticError):
    """The cost or one of its gradients became nan or infinite during gradient descent."""


@dataclass(frozen=True, eq=False)  # two descents hold tensors, whose comparison is not one truth value
class Descent:
    """The fitted `parameters`, and the `costs` before the first step and after each step."""

    parameters: tuple[Tensor, ...]
    costs: tuple[float, ...]


def gradient_step(
    parameters: Sequence[Tensor], gradients: Sequence[Tensor | None], learning_rate: float = 1.0
) -> tuple[Tensor, ...]:
    """One step of plain SGD; the parameters given stay as they are, and new ones are returned.

    Raises ValueError when the counts differ or the learning rate is not finite and above 0, and TypeError
    when a gradient is None, which SGD would pass over in silence.

    >>> import torch
    >>> gradient_step((torch.tensor([1.0, 2.0]),), (torch.tensor([4.0, -8.0]),), learning_rate=0.25)
    (tensor([0., 4.]),)
    """
    _check_learning_rate(learning_rate)
    leaves = _leaves(parameters)
    for place, (leaf, gradient) in enumerate(zip(leaves, gradients, strict=True)):
        if gradient is None:
            raise TypeError(f"gradient_step: gradients[{place}] is None; every parameter needs one")
        leaf.grad = gradient.detach().clone()
    torch.optim.SGD(leaves, lr=learning_rate).step()
    return tuple(leaf.detach() for leaf in leaves)


def gradient_descent(
    cost: Callable[..., Tensor],
    parameters: Sequence[Tensor],
    data: Sequence[Tensor] = (),
    *,
    learning_rate: float = 1.0,
    steps: int = 100,
    on_step: Callable[[int, float], None] | None = None,
) -> Descent:
    """Fit `parameters` by `steps` steps of plain SGD on `cost(*parameters, *data)`, a tensor of shape ().

    `on_step(step, J)` is called with every finite cost, step 0 included.

    Raises NonFiniteCostError as soon as the cost or a gradient is nan or infinite, and ValueError when
    `steps` is below 0 or the learning rate is not finite and above 0.

    >>> import torch
    >>> theta = torch.tensor([3.0], dtype=torch.float64)
    >>> gradient_descent(lambda theta: (theta**2).sum(), (theta,), learning_rate=0.5, steps=1).costs
    (9.0, 0.0)
    """
    _check_learning_rate(learning_rate)
    if steps < 0:
        raise ValueError(f"gradient_descent: steps must be at least 0, but it is {steps}")

    leaves = _leaves(parameters)
    optimizer = torch.optim.SGD(leaves, lr=learning_rate)
    costs: list[float] = []
    for step in range(steps + 1):
        J = cost(*leaves, *data)
        _check_finite("the cost", J, step, learning_rate, costs)
        costs.append(J.item())
        if on_step is not None:
            on_step(step, costs[-1])
        if step < steps:
            gradients = torch.autograd.grad(J, leaves, materialize_grads=True)
            for place, (leaf, gradient) in enumerate(zip(leaves, gradients, strict=True)):
                _check_finite(f"the gradient of parameters[{place}]", gradient, step, learning_rate, costs)
                leaf.grad = gradient
            optimizer.step()
    return Descent(parameters=tuple(leaf.detach() for leaf in leaves), costs=tuple(costs))


def _leaves(parameters: Sequence[Tensor]) -> list[Tensor]:
    return [parameter.detach().clone().requires_grad_() for parameter in parameters]


def _check_learning_rate(learning_rate: float) -> None:
    if not (math.isfinite(learning_rate) and learning_rate > 0):
        raise ValueError(f"learning_rate must be finite and above 0, but it is {learning_rate}")


def _check_finite(what: str, values: Tensor, step: int, learning_rate: float, costs: list[float]) -> None:
    bad = values[~values.isfinite()]
    if bad.numel():
        last = f"the last finite cost is {costs[-1]}" if costs else "there is no finite cost before it"
        advice = "try a smaller learning_rate" if step > 0 else "look for nan or inf in the inputs"
        raise NonFiniteCostError(
            f"gradient_descent: {what} is {bad[0].item()} at step {step} with learning_rate={learning_rate}; "
            f"{last}, so {advice}"
        )
