"""Adam and AdamW: the mean of recent gradients over the root of their mean square."""

import math
from dataclasses import dataclass
from typing import Any

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
class Adam:
    """Adam, with the names, the defaults and the arithmetic of `torch.optim.Adam`.

    With g the gradient (plus `weight_decay` times theta), averages m and s that start at 0, and t the number of the
    step from 1, one step is

        m := b1 * m + (1 - b1) * g,    s := b2 * s + (1 - b2) * g**2,    (b1, b2) = betas
        theta := theta - learning_rate * m' / (sqrt(s') + eps),    m' = m / (1 - b1**t),  s' = s / (1 - b2**t)

    The quotients by 1 - b**t undo that the averages start at 0 and not at g. `amsgrad` divides by the root of the
    largest s so far.

    Source: Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015, algorithm 1; amsgrad: Reddi, Kale and
    Kumar, On the convergence of Adam and beyond, ICLR 2018, as PyTorch reads it.

    Raises TypeError or ValueError when the learning rate is neither a schedule nor a finite number above 0, `betas`
    are not two numbers at least 0 and below 1, `eps` is not above 0, or weight decay is below 0.

    >>> import numpy as np
    >>> optimizer = Adam(learning_rate=0.5)
    >>> theta = np.array([1.0, 1.0])
    >>> theta, state = optimizer.step(theta, np.array([100.0, -0.001]), optimizer.start(theta))
    >>> theta.round(3)
    array([0.5, 1.5])
    """

    learning_rate: LearningRate = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0
    amsgrad: bool = False

    def __post_init__(self) -> None:
        _check(Adam, self)

    def start(self, parameters: Tree) -> OptimizerState:
        """No step made, and averages of zero."""
        return zeros(Adam, parameters, _names(self.amsgrad))

    def step(self, parameters: Tree, gradients: Tree, state: OptimizerState) -> tuple[Tree, OptimizerState]:
        """The parameters after one step, and the state for the next."""
        rate, decay = rate_at(Adam, self.learning_rate, state.step), self.weight_decay

        def update(theta: FloatArray, g: FloatArray, *moments: FloatArray) -> tuple[FloatArray, ...]:
            if decay:
                g = g + decay * theta
            move, *new = _moved(g, moments, state.step + 1, rate, self.betas, self.eps)
            return theta - move, *new

        return stepped(Adam, parameters, gradients, state, update)


@dataclass(frozen=True)
class AdamW:
    """Adam with decoupled weight decay, with the names, the defaults and the arithmetic of `torch.optim.AdamW`.

    A step of `Adam` without weight decay, from parameters that have first been shrunk,
    theta := theta - learning_rate * weight_decay * theta: the decay is not divided by the size of the gradients.

    Source: Loshchilov and Hutter, Decoupled weight decay regularization, ICLR 2019, algorithm 2.

    Raises what `Adam` raises.

    >>> import numpy as np
    >>> optimizer = AdamW(learning_rate=0.5, weight_decay=0.5)
    >>> theta = np.array([4.0])
    >>> theta, state = optimizer.step(theta, np.array([100.0]), optimizer.start(theta))
    >>> theta.round(3)
    array([2.5])
    """

    learning_rate: LearningRate = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 1e-2
    amsgrad: bool = False

    def __post_init__(self) -> None:
        _check(AdamW, self)

    def start(self, parameters: Tree) -> OptimizerState:
        """No step made, and averages of zero."""
        return zeros(AdamW, parameters, _names(self.amsgrad))

    def step(self, parameters: Tree, gradients: Tree, state: OptimizerState) -> tuple[Tree, OptimizerState]:
        """The parameters after one step, and the state for the next."""
        rate, decay = rate_at(AdamW, self.learning_rate, state.step), self.weight_decay

        def update(theta: FloatArray, g: FloatArray, *moments: FloatArray) -> tuple[FloatArray, ...]:
            move, *new = _moved(g, moments, state.step + 1, rate, self.betas, self.eps)
            return (1 - rate * decay) * theta - move, *new

        return stepped(AdamW, parameters, gradients, state, update)


def _moved(
    g: FloatArray,
    moments: tuple[FloatArray, ...],
    t: int,
    rate: float,
    betas: tuple[float, float],
    eps: float,
) -> tuple[FloatArray, ...]:
    """By how much theta falls in step t, and the new moments; in place on what was made here."""
    b1, b2 = betas
    mean, square, *largest = moments
    mean = b1 * mean
    mean += (1 - b1) * g
    g_squared = g * g
    g_squared *= 1 - b2
    square = b2 * square
    square += g_squared
    new = [mean, square]
    if largest:
        new.append(np.maximum(largest[0], square))

    root = np.sqrt(new[-1])
    root /= math.sqrt(1 - b2**t)
    root += eps
    move: FloatArray = mean / root
    move *= rate / (1 - b1**t)
    return move, *new


def _names(amsgrad: bool) -> tuple[str, ...]:
    return ("mean", "square", "largest") if amsgrad else ("mean", "square")


def _check(kind: Any, optimizer: Any) -> None:
    check_rate(kind, optimizer.learning_rate)
    betas = optimizer.betas
    if not (isinstance(betas, tuple | list) and len(betas) == 2):
        raise TypeError(f"{kind.__name__}: betas must be two numbers, but it is {betas!r}")
    for place, beta in enumerate(betas):
        check_share(kind, f"betas[{place}]", beta)
    positive_number(kind, "eps", optimizer.eps)
    check_at_least_0(kind, "weight_decay", optimizer.weight_decay)
