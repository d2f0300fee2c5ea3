"""Stochastic gradient descent: plain, with momentum, and Nesterov's."""

from dataclasses import dataclass

from .._typing import FloatArray
from .downhill import downhill, tree_downhill
from .optimizer import (
    LearningRate,
    OptimizerState,
    check_at_least_0,
    check_rate,
    check_share,
    rate_at,
    stepped,
    zeros,
)
from .trees import Tree


@dataclass(frozen=True)
class SGD:
    """Gradient descent on batches, with the names and the arithmetic of `torch.optim.SGD`.

    With g the gradient (plus `weight_decay` times theta, the gradient of weight_decay/2 * sum theta**2) and a velocity
    v that starts at 0, one step is

        v := momentum * v + g,    theta := theta - learning_rate * v

    and with `nesterov`, which looks ahead along the velocity, theta := theta - learning_rate * (g + momentum * v).
    Without momentum this is plain gradient descent.

    Source: Sutskever, Martens, Dahl and Hinton, On the importance of initialization and momentum in deep learning,
    ICML 2013; v here lacks their factor of the learning rate, as in PyTorch.

    Raises TypeError or ValueError when the learning rate is neither a schedule nor a finite number above 0, momentum
    is not at least 0 and below 1, or weight decay is below 0; `nesterov` needs momentum.

    >>> import numpy as np
    >>> optimizer = SGD(learning_rate=0.5, momentum=0.5)
    >>> theta = {"w": np.array([1.0, 2.0])}
    >>> state = optimizer.start(theta)
    >>> theta, state = optimizer.step(theta, {"w": np.array([1.0, 0.0])}, state)
    >>> theta, state = optimizer.step(theta, {"w": np.array([0.0, 2.0])}, state)
    >>> theta
    {'w': array([0.25, 1.  ])}
    """

    learning_rate: LearningRate
    momentum: float = 0.0
    nesterov: bool = False
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        check_rate(SGD, self.learning_rate)
        check_share(SGD, "momentum", self.momentum)
        check_at_least_0(SGD, "weight_decay", self.weight_decay)
        if self.nesterov and self.momentum == 0:
            raise ValueError("SGD: nesterov looks ahead along the velocity, so momentum must be above 0, but it is 0")

    def start(self, parameters: Tree) -> OptimizerState:
        """No step made; with momentum, velocities of zero."""
        return zeros(SGD, parameters, ("velocity",) if self.momentum else ())

    def step(self, parameters: Tree, gradients: Tree, state: OptimizerState) -> tuple[Tree, OptimizerState]:
        """The parameters after one step, and the state for the next."""
        alpha = rate_at(SGD, self.learning_rate, state.step)
        momentum, nesterov, decay = self.momentum, self.nesterov, self.weight_decay
        if not state.moments and not decay:
            lower = tree_downhill(parameters, gradients, alpha)
            if lower is not None:
                return lower, OptimizerState(state.step + 1, state.moments)

        def update(theta: FloatArray, g: FloatArray) -> tuple[FloatArray, ...]:
            return (downhill(theta, g + decay * theta if decay else g, alpha),)

        def update_with_velocity(theta: FloatArray, g: FloatArray, velocity: FloatArray) -> tuple[FloatArray, ...]:
            if decay:
                g = g + decay * theta
            v = momentum * velocity + g
            return theta - alpha * (g + momentum * v if nesterov else v), v

        return stepped(SGD, parameters, gradients, state, update_with_velocity if state.moments else update)
