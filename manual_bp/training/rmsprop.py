"""RMSprop: each parameter's step is measured by the size of its own recent gradients."""

from dataclasses import dataclass

import numpy as np

from .._typing import FloatArray
from .._validation import positive_number
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
class RMSprop:
    """RMSprop, with the names, the defaults and the arithmetic of `torch.optim.RMSprop`.

    With g the gradient (plus `weight_decay` times theta) and averages that start at 0, one step is

        s := alpha * s + (1 - alpha) * g**2,    theta := theta - learning_rate * g / (sqrt(s) + eps)

    `centered` subtracts the square of a running mean of g from s, which leaves the variance; with `momentum` the
    quotients are gathered in a velocity, v := momentum * v + quotient, and theta moves by learning_rate * v.

    Source: Tieleman and Hinton, Lecture 6.5 of Neural networks for machine learning, 2012; centred: Graves, Generating
    sequences with recurrent neural networks, 2013, equations 38 to 45.

    Raises TypeError or ValueError when the learning rate is neither a schedule nor a finite number above 0, `alpha` or
    `momentum` is not at least 0 and below 1, `eps` is not above 0, or weight decay is below 0.

    >>> import numpy as np
    >>> optimizer = RMSprop(learning_rate=0.5, alpha=0.75)
    >>> theta = [np.array([1.0, 1.0])]
    >>> theta, state = optimizer.step(theta, [np.array([100.0, -0.001])], optimizer.start(theta))
    >>> theta[0].round(3)
    array([0., 2.])
    """

    learning_rate: LearningRate = 0.01
    alpha: float = 0.99
    eps: float = 1e-8
    momentum: float = 0.0
    centered: bool = False
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        check_rate(RMSprop, self.learning_rate)
        check_share(RMSprop, "alpha", self.alpha)
        check_share(RMSprop, "momentum", self.momentum)
        positive_number(RMSprop, "eps", self.eps)
        check_at_least_0(RMSprop, "weight_decay", self.weight_decay)

    def start(self, parameters: Tree) -> OptimizerState:
        """No step made, and averages of zero."""
        names = ("square", *(("mean",) if self.centered else ()), *(("velocity",) if self.momentum else ()))
        return zeros(RMSprop, parameters, names)

    def step(self, parameters: Tree, gradients: Tree, state: OptimizerState) -> tuple[Tree, OptimizerState]:
        """The parameters after one step, and the state for the next."""
        rate = rate_at(RMSprop, self.learning_rate, state.step)
        alpha, momentum, centered, decay = self.alpha, self.momentum, self.centered, self.weight_decay

        def update(theta: FloatArray, g: FloatArray, *moments: FloatArray) -> tuple[FloatArray, ...]:
            if decay:
                g = g + decay * theta
            square, *rest = moments
            square = alpha * square + (1 - alpha) * (g * g)
            new = [square]
            spread = square
            if centered:
                mean = rest.pop(0)
                mean = mean + (1 - alpha) * (g - mean)
                spread = square - mean * mean
                new.append(mean)
            move = g / (np.sqrt(spread) + self.eps)
            if momentum:
                move = momentum * rest.pop(0) + move
                new.append(move)
            return theta - rate * move, *new

        return stepped(RMSprop, parameters, gradients, state, update)
