"""Learning rates that change from step to step: values that are called with the number of a step, from 0."""

import math
from dataclasses import dataclass

from .._validation import integer_at_least, positive_number
from .optimizer import LearningRate, check_at_least_0, check_rate


@dataclass(frozen=True)
class StepDecay:
    """`start`, times `factor` after each `every` steps: start * factor**(step // every), torch's `StepLR`.

    Raises TypeError or ValueError when `start` or `factor` is not a finite number above 0, or `every` is below 1.

    >>> rate = StepDecay(start=1.0, every=10, factor=0.5)
    >>> rate(0), rate(9), rate(10), rate(25)
    (1.0, 1.0, 0.5, 0.25)
    """

    start: float
    every: int
    factor: float = 0.1

    def __post_init__(self) -> None:
        positive_number(StepDecay, "start", self.start)
        integer_at_least(StepDecay, "every", self.every, 1)
        positive_number(StepDecay, "factor", self.factor)

    def __call__(self, step: int) -> float:
        """The rate of the step with this number, from 0."""
        return self.start * self.factor ** (step // self.every)


@dataclass(frozen=True)
class ExponentialDecay:
    """`start`, times `factor` after each step: start * factor**step, torch's `ExponentialLR`.

    Raises TypeError or ValueError when `start` or `factor` is not a finite number above 0.

    >>> rate = ExponentialDecay(start=1.0, factor=0.5)
    >>> rate(0), rate(2)
    (1.0, 0.25)
    """

    start: float
    factor: float

    def __post_init__(self) -> None:
        positive_number(ExponentialDecay, "start", self.start)
        positive_number(ExponentialDecay, "factor", self.factor)

    def __call__(self, step: int) -> float:
        """The rate of the step with this number, from 0."""
        return self.start * self.factor**step


@dataclass(frozen=True)
class CosineDecay:
    """From `start` to `end` over `steps` steps along half a cosine, then `end`.

    end + (start - end) * (1 + cos(pi * step / steps)) / 2 is torch's `CosineAnnealingLR` up to `steps`; that one rises
    again behind, this one stays.

    Source: Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts, ICLR 2017, equation 5.

    Raises TypeError or ValueError when `start` is not a finite number above 0, `end` not one of at least 0, or `steps`
    is below 1.

    >>> rate = CosineDecay(start=1.0, steps=10)
    >>> rate(0), round(rate(5), 3), rate(10), rate(11)
    (1.0, 0.5, 0.0, 0.0)
    """

    start: float
    steps: int
    end: float = 0.0

    def __post_init__(self) -> None:
        positive_number(CosineDecay, "start", self.start)
        integer_at_least(CosineDecay, "steps", self.steps, 1)
        check_at_least_0(CosineDecay, "end", self.end)

    def __call__(self, step: int) -> float:
        """The rate of the step with this number, from 0."""
        if step >= self.steps:
            return self.end
        return self.end + (self.start - self.end) * (1 + math.cos(math.pi * step / self.steps)) / 2


@dataclass(frozen=True)
class WarmUp:
    """Up to `rate` over the first `steps` steps in equal parts, then `rate` itself, begun at its own step 0.

    Step k of the first is (k + 1) / (steps + 1) times the rate at 0: the first step already moves, and the rate is
    reached at the step after the last. `rate` is a number or another schedule. torch: `LinearLR` and then the other,
    joined by `SequentialLR`.

    Raises TypeError or ValueError when `steps` is below 1, or `rate` is neither a schedule nor a finite number above 0.

    >>> rate = WarmUp(CosineDecay(start=1.0, steps=10), steps=3)
    >>> rate(0), rate(1), rate(2), rate(3), round(rate(8), 3)
    (0.25, 0.5, 0.75, 1.0, 0.5)
    """

    rate: LearningRate
    steps: int

    def __post_init__(self) -> None:
        check_rate(WarmUp, self.rate)
        integer_at_least(WarmUp, "steps", self.steps, 1)

    def __call__(self, step: int) -> float:
        """The rate of the step with this number, from 0."""
        if step < self.steps:
            return self._after(0) * (step + 1) / (self.steps + 1)
        return self._after(step - self.steps)

    def _after(self, step: int) -> float:
        return self.rate(step) if callable(self.rate) else self.rate
