"""GC206: the forward is repeatable."""

import numpy as np

from gradcheck import Case

from .explanation import Explanation


def wrong() -> Case:
    rng = np.random.default_rng(0)

    def jitter(x):
        shifted = x + 1e-3 * rng.random()

        def jitter_vjp(dy):
            return (np.cos(shifted) * dy,)

        return np.sin(shifted), jitter_vjp

    return Case(jitter, "(n)->(n)")


def right() -> Case:
    def jitter(x, *, seed=0):
        shifted = x + 1e-3 * np.random.default_rng(seed).random()

        def jitter_vjp(dy):
            return (np.cos(shifted) * dy,)

        return np.sin(shifted), jitter_vjp

    return Case(jitter, "(n)->(n)", options={"seed": [0, 1]})


EXPLANATION = Explanation(
    "GC206",
    "The forward gives the same value twice, to rounding, at the inputs and at others close by where nothing is zero:"
    " a hazard, since differences of a forward that changes by itself show nothing about its gradient. No law that "
    "compares two calls accuses such an op, and the answer is inconclusive.",
    "The gradient belongs to a function that cannot be called again. Nothing can be said about it by differences, "
    "and gradient checkpointing, which calls the forward again, differentiates another function.",
    (
        "a random mask drawn inside, as in dropout",
        "running statistics that the forward updates, as in batch norm",
        "a cache or a counter",
    ),
    "Take the mask, the seed or the statistics as an input or an option. What from_torch makes is held still as it is, "
    "as long as it draws from PyTorch's own generator.",
    wrong,
    right,
)
